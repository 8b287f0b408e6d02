// The product page: thumbnails follow the pictures, pictures zoom, the chosen size says how many are left.

const track = document.querySelector("[data-gallery-track]");
const thumbnails = [...document.querySelectorAll("[data-thumbnail]")];
const slides = track ? [...track.children] : [];

function mark(number) {
  thumbnails.forEach((thumbnail, place) => {
    if (place === number) thumbnail.setAttribute("aria-current", "true");
    else thumbnail.removeAttribute("aria-current");
  });
}
thumbnails.forEach((thumbnail, number) =>
  thumbnail.addEventListener("click", (event) => {
    event.preventDefault();
    track.scrollTo({ left: slides[number].offsetLeft - track.offsetLeft });
    mark(number);
  }),
);
if (track && thumbnails.length) {
  const watch = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) if (entry.isIntersecting) mark(slides.indexOf(entry.target));
    },
    { root: track, threshold: 0.6 },
  );
  slides.forEach((slide) => watch.observe(slide));
  track.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || event.target !== track) return;
    event.preventDefault();
    track.scrollBy({ left: step * track.clientWidth });
  });
}

// --- Zoom: the largest picture at twice the size of the window, to be moved about --------------------------------------
const zoom = document.getElementById("zoom");
const stage = zoom?.querySelector("[data-zoom-stage]");
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-zoom]");
  if (!link || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  const box = link.getBoundingClientRect();
  const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  const picture = document.createElement("img");
  picture.src = link.href;
  picture.alt = link.querySelector("img").alt || link.getAttribute("aria-label");
  stage.replaceChildren(picture);
  zoom.showModal();
  const centre = () => {
    // A click from the keyboard has no place: show the middle of the picture.
    const [atX, atY] = event.detail ? [x, y] : [0.5, 0.35];
    stage.scrollTo(atX * stage.scrollWidth - stage.clientWidth / 2, atY * stage.scrollHeight - stage.clientHeight / 2);
  };
  picture.decode().then(centre, centre);
});
stage?.addEventListener("click", () => zoom.close());

// --- Sizes: the picked one says what it costs and how many are left; its address can be kept and passed on ------------------
const words = document.querySelector("p[data-stock-words]");
const prices = document.querySelectorAll("[data-price]");
const buttons = document.querySelectorAll(".buy-button");
const tellMe = document.querySelectorAll("[data-tell-me]");
document.querySelector(".sizes")?.addEventListener("change", ({ target }) => {
  const { stockWords, address } = target.dataset;
  const soldOut = "soldOut" in target.dataset;
  words.textContent = stockWords;
  words.classList.toggle("low", "low" in target.dataset);
  const own = target.parentElement.querySelector("[hidden]");
  if (own) for (const price of prices) price.innerHTML = own.innerHTML;
  for (const button of buttons) {
    button.disabled = soldOut;
    button.textContent = soldOut ? button.dataset.soldOut : button.dataset.add;
  }
  for (const button of tellMe) button.toggleAttribute("data-chosen", button.value === target.value);
  if (address) history.replaceState(history.state, "", address);
});

// --- Sharing: the device's own way, or the link in the clipboard; without either the link is a link -----------------------------
const share = document.querySelector("[data-share]");
share?.addEventListener("click", (event) => {
  if (!navigator.share && !navigator.clipboard) return;
  event.preventDefault();
  const copied = () =>
    navigator.clipboard.writeText(share.href).then(() =>
      document.dispatchEvent(new CustomEvent("shop:toast", { detail: { text: share.dataset.copied } })),
    );
  const ready = navigator.share ? navigator.share({ title: document.title, url: share.href }) : copied();
  ready.catch((error) => {
    if (error.name !== "AbortError") location.assign(share.href); // whoever closes the sheet wants nothing more
  });
});
