// The bag: a changed quantity is sent at once; the "Update" buttons are for those without scripts.
const bag = document.querySelector("[data-bag]");
if (bag) {
  bag.setAttribute("data-live", "");
  bag.addEventListener("change", (event) => {
    if (!event.target.matches("[data-quantity]")) return;
    const { form } = event.target;
    form.requestSubmit(form.querySelector("[data-update]"));
    event.target.disabled = true;
  });
}
