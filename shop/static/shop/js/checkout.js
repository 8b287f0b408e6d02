// Ordering and paying: one click is enough. The server would take two for one anyway; this shows it.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", ({ submitter }) => {
    const button = submitter ?? form.querySelector('button[type="submit"]:not([name])');
    setTimeout(() => {
      button.disabled = true;
      button.textContent = document.body.dataset.oneMoment;
    });
  });
}
// Back from the next page: the browser may show this one as it was left.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
