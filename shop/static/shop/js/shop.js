// What every page does with scripts: theme switch, hearts, bag, suggestions, dialogs, toasts, the way a card grows.
// Each part is an enhancement of something that works without it.

// What is said in toasts, in the page's language.
const SAYS = document.querySelector("[data-toasts]").dataset;
const JSON_HEADERS = { Accept: "application/json" };

// --- Toasts: say what happened, with an undo that stays for eight seconds and waits while it is looked at ----------
const TOAST_MS = 8000;

function toast(text, { label, action } = {}) {
  const stack = document.querySelector("[data-toasts]");
  const item = document.createElement("div");
  item.className = "toast";
  item.append(text);
  if (label) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = label;
    button.addEventListener("click", () => {
      item.remove();
      action();
    });
    item.append(button);
  }
  let timer = 0;
  const start = () => (timer = setTimeout(() => item.remove(), TOAST_MS));
  const stop = () => clearTimeout(timer);
  for (const [event, handler] of [["pointerenter", stop], ["pointerleave", start], ["focusin", stop], ["focusout", start]]) {
    item.addEventListener(event, handler);
  }
  stack.replaceChildren(item);
  start();
}
document.addEventListener("shop:toast", (event) => toast(event.detail.text, event.detail));

function setCount(kind, count) {
  for (const badge of document.querySelectorAll(`[data-${kind}-count]`)) {
    badge.textContent = count;
    badge.hidden = !count;
  }
}

// --- Light and dark ----------------------------------------------------------------------------------------------------
document.querySelector("[data-theme-switch]")?.addEventListener("click", () => {
  const root = document.documentElement;
  const isDark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  try {
    localStorage.setItem("theme", root.dataset.theme);
  } catch {
    // Storage is blocked: the choice lasts for this page.
  }
});

// --- Forms that answer in place: hearts and the bag ----------------------------------------------------------------------
// Without scripts both are plain forms. When the answer is not what we expect, the form is sent the plain way.
async function send(form, url, more = {}) {
  const body = new FormData(form);
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  const response = await fetch(url, { method: "POST", body, headers: JSON_HEADERS });
  const isJson = response.headers.get("Content-Type")?.includes("application/json");
  return { status: response.status, ...(isJson ? await response.json() : { unexpected: true }) };
}

async function toggleWish(button) {
  const answer = await send(button.form, button.formAction);
  if (answer.unexpected) throw new Error("unexpected answer");
  if (answer.message) return toast(answer.message);
  for (const twin of document.querySelectorAll(`[data-wish="${button.dataset.wish}"]`)) {
    twin.setAttribute("aria-pressed", answer.saved);
  }
  setCount("wish", answer.count);
  toast(answer.saved ? SAYS.saved : SAYS.unsaved, {
    label: SAYS.undo,
    action: () => toggleWish(button).then(() => button.focus()),
  });
}

async function dismiss(button) {
  const { form, formAction } = button;
  const answer = await send(form, formAction);
  if (answer.unexpected) throw new Error("unexpected answer");
  if (!answer.dismissed) return toast(answer.message);
  const card = button.closest(".card");
  const place = document.createComment("");
  (card.nextElementSibling ?? card.previousElementSibling)?.querySelector("a")?.focus({ preventScroll: true });
  card.replaceWith(place);
  toast(answer.message, {
    label: SAYS.undo,
    action: () =>
      send(form, formAction, { undo: 1 }).then(() => {
        place.replaceWith(card);
        button.focus();
      }),
  });
}

async function addToBag(form) {
  const answer = await send(form, form.action);
  if (answer.unexpected) throw new Error("unexpected answer");
  setCount("cart", answer.count);
  toast(answer.message, answer.added && { label: SAYS.seeBag, action: () => location.assign(SAYS.bag) });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  const isWish = button?.matches("[data-wish]");
  const isDismissal = button?.matches(".dismiss");
  if (!isWish && !isDismissal && !form.matches("[data-add-to-cart]")) return;
  event.preventDefault();
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  (isWish ? toggleWish(button) : isDismissal ? dismiss(button) : addToBag(form))
    .catch(() => {
      if (isWish || isDismissal) form.action = button.formAction;
      form.submit();
    })
    .finally(() => (button.ariaBusy = null));
});

// --- Suggestions under the search field ------------------------------------------------------------------------------------
const searchForm = document.querySelector("[data-suggest]");
if (searchForm) {
  const field = searchForm.elements.q;
  const list = document.createElement("div");
  list.className = "suggestions";
  list.id = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", searchForm.dataset.suggestions);
  list.hidden = true;
  searchForm.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-controls": "suggestions", "aria-expanded": "false",
  })) field.setAttribute(name, value);

  let timer = 0;
  let asked = new AbortController();

  const close = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const options = () => [...list.querySelectorAll("[role=option]")];
  const select = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", other === option);
    if (option) {
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  };
  const suggest = async () => {
    asked.abort();
    asked = new AbortController();
    const words = field.value.trim();
    if (words.length < 2) return close();
    const response = await fetch(`${searchForm.dataset.suggest}?q=${encodeURIComponent(words)}`, { signal: asked.signal });
    if (!response.ok) return close();
    const { results } = await response.json();
    list.replaceChildren(
      ...results.map(({ kind, text, url }, number) => {
        const option = document.createElement("div");
        option.id = `suggestion-${number}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.url = url;
        const label = document.createElement("span");
        label.className = "soft small";
        label.textContent = kind;
        option.append(text, label);
        return option;
      }),
    );
    list.hidden = !results.length || document.activeElement !== field;
    field.setAttribute("aria-expanded", String(!list.hidden));
    select(null);
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => suggest().catch(close), 120);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return close();
    if (list.hidden || !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
    const all = options();
    const now = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "Enter") {
      if (now < 0) return;
      event.preventDefault();
      location.assign(all[now].dataset.url);
      return;
    }
    event.preventDefault();
    select(all[(now + (event.key === "ArrowDown" ? 1 : all.length - (now < 0 ? 0 : 1))) % all.length]);
  });
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    location.assign(option.dataset.url);
  });
  field.addEventListener("blur", close);
}

// --- Dialogs: links that open one, buttons that close it, a click beside it ---------------------------------------------------
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.dialog).showModal();
  } else if (event.target.closest("[data-close]") || event.target.matches("dialog")) {
    event.target.closest("dialog").close();
  }
});

// --- The picture of the card that was clicked grows into the gallery -----------------------------------------------------------
const PICTURES = "[data-picture], [data-gallery-track] .picture";
document.addEventListener("click", (event) => {
  const picture = event.target.closest("a")?.querySelector("[data-picture]");
  if (!picture || event.metaKey || event.ctrlKey) return;
  // A name may be given once in a page: the gallery of the page that is left gives it up.
  for (const other of document.querySelectorAll(PICTURES)) other.style.viewTransitionName = "none";
  picture.style.viewTransitionName = "product-picture";
});
addEventListener("pageshow", () => {
  for (const picture of document.querySelectorAll(PICTURES)) picture.style.viewTransitionName = "";
});
