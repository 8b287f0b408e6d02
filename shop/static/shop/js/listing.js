// A listing that answers at once: filters change the results without leaving the page, "Show more" adds to the end.
// The address always says what is shown, so that it can be shared and Back works.

const parser = new DOMParser();
let asked = new AbortController();

async function page(url, signal) {
  const response = await fetch(url, { signal, headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return parser.parseFromString(await response.text(), "text/html");
}

function swap(fresh) {
  for (const id of ["results", "facets"]) {
    const old = document.getElementById(id);
    const next = fresh.getElementById(id);
    if (!old || !next) continue;
    const open = id === "facets" ? old.querySelector("details[open]") : null;
    const scrolled = open?.querySelector(".facet-options")?.scrollTop ?? 0;
    const focused = document.activeElement;
    const focus = old.contains(focused) && focused.name ? [focused.name, focused.value] : null;
    old.replaceWith(next);
    if (open) {
      const again = document.getElementById(open.id);
      again?.setAttribute("open", "");
      if (again?.querySelector(".facet-options")) again.querySelector(".facet-options").scrollTop = scrolled;
    }
    if (focus) {
      const [name, value] = focus;
      [...next.querySelectorAll("input")].find((i) => i.name === name && (i.type !== "checkbox" || i.value === value))?.focus({ preventScroll: true });
    }
  }
  document.title = fresh.title;
}

async function show(url, { push = true } = {}) {
  asked.abort();
  asked = new AbortController();
  const results = document.getElementById("results");
  results.setAttribute("aria-busy", "true");
  try {
    const fresh = await page(url, asked.signal);
    if (push) history.pushState({ listing: true }, "", url);
    swap(fresh);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
  }
}

function address(form) {
  const pairs = [...new FormData(form)].filter(([, value]) => value !== "");
  const query = new URLSearchParams(pairs).toString();
  return form.getAttribute("action") + (query ? `?${query}` : "");
}

const form = document.querySelector("[data-filters]");
form?.addEventListener("change", () => show(address(form)));
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  for (const open of form.querySelectorAll("details[open]")) open.removeAttribute("open");
  show(address(form));
});

document.addEventListener("click", async (event) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  const link = event.target.closest("a[data-swap], a[data-more]");
  if (!link) return;
  event.preventDefault();
  if (link.matches("[data-swap]")) {
    await show(link.href);
    return;
  }
  link.setAttribute("aria-disabled", "true");
  link.textContent = document.body.dataset.oneMoment;
  try {
    const fresh = await page(link.href);
    const grid = document.getElementById("grid");
    const cards = [...fresh.querySelectorAll("#grid > *")];
    grid.append(...cards);
    document.getElementById("paging").replaceWith(fresh.getElementById("paging"));
    cards[0]?.querySelector("a")?.focus({ preventScroll: true });
  } catch {
    location.assign(link.href);
  }
});

// An open facet closes by Escape (and gives the focus back) and by a click elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector(".facet[open]");
  if (!open) return;
  open.removeAttribute("open");
  open.querySelector("summary").focus();
});
document.addEventListener("pointerdown", (event) => {
  for (const open of document.querySelectorAll(".facet[open]")) {
    const onShade = event.target === open.querySelector("summary") && matchMedia("(max-width: 719px)").matches;
    if (!open.contains(event.target) && !onShade) open.removeAttribute("open");
  }
});

addEventListener("popstate", () => show(location.href, { push: false }));
