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
  picture.alt = link.querySelector("img").alt;
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

// --- Sizes ------------------------------------------------------------------------------------------------------------------
const words = document.querySelector("[data-stock-words]");
const buttons = document.querySelectorAll(".buy-button");
document.querySelector(".sizes")?.addEventListener("change", (event) => {
  const stock = Number(event.target.dataset.stock);
  const size = event.target.nextElementSibling.firstChild.textContent;
  words.classList.toggle("low", stock <= 3);
  if (stock === 0) words.textContent = `${size} is sold out at the moment. Save the piece with the heart, and look in again.`;
  else if (stock <= 3) words.textContent = stock === 1 ? `The last one in ${size}.` : `Only ${stock} left in ${size}.`;
  else words.textContent = `${size} is in stock, sent within one working day.`;
  for (const button of buttons) {
    button.disabled = stock === 0;
    button.textContent = stock === 0 ? "Sold out" : "Add to bag";
  }
});

// --- What can wait until the shopper comes near it ---------------------------------------------------------------------------
const lazy = document.querySelector("[data-lazy]");
if (lazy) {
  const fill = async () => {
    const response = await fetch(lazy.dataset.lazy, { headers: { Accept: "text/html" } });
    if (response.ok) lazy.innerHTML = await response.text();
  };
  new IntersectionObserver((entries, watch) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watch.disconnect();
    fill();
  }, { rootMargin: "600px" }).observe(lazy);
}
