// The checkout: another country or way of delivery is reckoned at once. Without scripts a button asks for it.
const form = document.querySelector("form[data-reckon]");
const parts = ["how", "summary"];
let asked = 0;

const dropButton = () => form.querySelector('#how [name="reckon"]')?.remove();

async function reckon() {
  const mine = ++asked;
  const data = new FormData(form);
  data.set("reckon", "1");
  const response = await fetch(form.action, { method: "POST", body: data });
  if (!response.ok || response.redirected || mine !== asked) return; // ordering tells what has changed
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const focused = document.activeElement?.id;
  for (const id of parts) document.getElementById(id).replaceWith(page.getElementById(id));
  form.elements.seen.value = page.querySelector('[name="seen"]').value;
  if (focused) document.getElementById(focused)?.focus();
  dropButton();
}

if (form) {
  dropButton();
  form.addEventListener("change", (event) => {
    if (["country", "address", "method"].includes(event.target.name)) reckon();
  });
}
