// The look on a product's page: a swapped piece changes in place. The link says the whole look, so that it can be shared
// and works without scripts.
let asked = new AbortController();

async function swap(section, link) {
  asked.abort();
  asked = new AbortController();
  const { search } = new URL(link.href);
  const { piece: place } = link.closest("[data-piece]").dataset;
  section.setAttribute("aria-busy", "true");
  const response = await fetch(section.dataset.look + search, { signal: asked.signal, headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const part = document.createElement("template");
  part.innerHTML = await response.text();
  const fresh = part.content.querySelector("[data-look]");
  if (!fresh) throw new Error("the look is gone");
  for (const chosen of section.querySelectorAll("[data-size-of]")) {
    // What was chosen for the pieces that stay is still chosen.
    const twin = fresh.querySelector(`[data-size-of="${chosen.dataset.sizeOf}"]`);
    if (twin) twin.value = chosen.value;
  }
  section.replaceWith(fresh);
  history.replaceState({}, "", search);
  const piece = fresh.querySelector(`[data-piece="${place}"]`);
  (piece?.querySelector("[data-look-swap]") ?? fresh.querySelector("button")).focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-look-swap]");
  const section = link?.closest("[data-look]");
  if (!section || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  swap(section, link).catch((error) => {
    if (error.name !== "AbortError") location.assign(link.href);
  });
});

// The size that is chosen for the product itself is its size in the look too.
document.querySelector(".sizes")?.addEventListener("change", ({ target }) => {
  const option = document.querySelector(`[data-look] option[value="${target.value}"]:not(:disabled)`);
  if (option) option.selected = true;
});
