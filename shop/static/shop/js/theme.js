// Runs before the first paint: no flash of the wrong theme, and the style sheet knows that scripts run.
const root = document.documentElement;
root.dataset.scripts = "";
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's preference decides.
}
