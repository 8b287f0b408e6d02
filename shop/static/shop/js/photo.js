// Search with a photo: choose, drop, paste or take one and it goes at once; wait for the answer; draw a box on it.

const form = document.querySelector("[data-photo-drop]");
if (form) {
  const file = form.elements.photo;
  const problem = form.querySelector("[data-photo-problem]");
  const progress = form.querySelector("[data-photo-progress]");
  const bar = progress.querySelector("progress");
  const mostBytes = Number(form.dataset.maxBytes);

  const complain = (sentence) => {
    problem.textContent = sentence;
    problem.hidden = false;
    progress.hidden = true;
  };

  // XMLHttpRequest, because fetch cannot tell how much has been sent.
  const send = (photo) => {
    problem.hidden = true;
    if (!photo.size) return complain(problem.dataset.empty);
    if (photo.size > mostBytes) return complain(problem.dataset.tooBig);
    const data = new FormData(form);
    data.set("photo", photo, photo.name || "photo");
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("load", () => {
      const fresh = new DOMParser().parseFromString(request.responseText, "text/html");
      const sentence = fresh.querySelector(".notice.bad")?.textContent;
      if (request.status < 300 && request.responseURL !== location.href) location.assign(request.responseURL);
      else complain(sentence ?? problem.dataset.refused);
    });
    request.addEventListener("error", () => complain(problem.dataset.offline));
    request.open("POST", form.action);
    progress.hidden = false;
    request.send(data);
  };

  const choose = (event) => event.target.files[0] && send(event.target.files[0]);
  file.addEventListener("change", choose);
  const capture = form.querySelector("[data-capture]");
  capture?.addEventListener("change", choose);
  addEventListener("pageshow", () => {
    // Back from the answer: the same photo may be chosen again.
    file.value = "";
    if (capture) capture.value = "";
    progress.hidden = true;
  });

  const pictureOf = (data) => [...(data?.files ?? [])].find((f) => f.type.startsWith("image/") || /\.(heic|heif)$/i.test(f.name));
  for (const kind of ["dragenter", "dragover"]) {
    addEventListener(kind, (event) => {
      if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      event.preventDefault();
      form.classList.add("over");
    });
  }
  addEventListener("dragleave", (event) => event.relatedTarget || form.classList.remove("over"));
  addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    form.classList.remove("over");
    const photo = pictureOf(event.dataTransfer);
    if (photo) send(photo);
    else complain(problem.dataset.noPicture);
  });
  addEventListener("paste", (event) => {
    const photo = pictureOf(event.clipboardData);
    if (!photo) return;
    event.preventDefault();
    send(photo);
  });
}

// --- Waiting ------------------------------------------------------------------------------------------------------------
const waiting = document.querySelector("[data-photo-waiting]");
if (waiting) {
  const bar = waiting.querySelector("progress");
  const words = waiting.querySelector("[data-waiting-words]");
  const steps = [[40, words.dataset.shelves], [0, words.dataset.eyes]];
  const since = performance.now();
  let pause = 120;
  const look = async () => {
    try {
      const response = await fetch(waiting.dataset.photoWaiting, { headers: { Accept: "application/json" } });
      if (!response.ok) return location.reload();
      const { status, progress } = await response.json();
      if (status !== "pending") return location.reload();
      bar.value = progress;
      if (performance.now() - since > 15000) words.textContent = words.dataset.longer;
      else words.textContent = steps.find(([least]) => progress >= least)?.[1] ?? "";
    } catch {
      words.textContent = words.dataset.offline;
    }
    pause = Math.min(pause * 1.3, 2000);
    setTimeout(look, pause);
  };
  setTimeout(look, pause);
}

// --- The answer: another piece, other words, without leaving the page ------------------------------------------------------
// Every link and the form say the whole address, so that it can be shared, Back works, and no script is needed.
const result = document.querySelector("[data-photo-result]");
const said = document.querySelector("[data-photo-status]");
let asked = new AbortController();

async function show(url, { push = true } = {}) {
  asked.abort();
  asked = new AbortController();
  const answer = document.getElementById("photo-answer");
  answer.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(url, { signal: asked.signal, headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    const focused = document.activeElement;
    const name = focused?.getAttribute("name");
    const words = focused?.textContent;
    for (const part of ["[data-photo-boxes]", "#photo-pieces", "#photo-answer"]) {
      document.querySelector(part).replaceWith(fresh.querySelector(part));
    }
    document.title = fresh.title;
    if (push) history.pushState({}, "", String(url).split("#")[0]);
    if (!result.contains(focused)) {
      // What had the focus is gone: its likeness has it now, or the heading of the answer.
      const likeness = [...result.querySelectorAll("a[data-swap], [name]")].find((e) => (name ? e.name === name : e.textContent === words && e.textContent));
      const heading = result.querySelector("h1");
      heading.tabIndex = -1;
      (likeness ?? heading).focus({ preventScroll: true });
    }
    const found = result.querySelectorAll("#similar .card").length;
    const title = result.querySelector("h1").textContent;
    said.textContent = (found ? said.dataset.some : said.dataset.none).replace("{title}", title).replace("{n}", found);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
  }
}

if (result) {
  result.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-swap]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    show(new URL(link.getAttribute("href"), location));
  });
  const narrow = (words) => {
    const pairs = [...new FormData(words)].filter(([, value]) => value !== "");
    show(new URL(`?${new URLSearchParams(pairs)}`, location));
  };
  result.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-photo-words]")) return;
    event.preventDefault();
    narrow(event.target);
  });
  result.addEventListener("change", (event) => event.target.form?.matches("[data-photo-words]") && narrow(event.target.form));
  addEventListener("popstate", () => show(location.href, { push: false }));
}

// --- A box of one's own ----------------------------------------------------------------------------------------------------
const stand = document.querySelector("[data-photo-stand]");
const boxForm = document.querySelector("[data-box-form]");
if (stand && boxForm) {
  const draw = boxForm.querySelector("[data-draw]");
  const words = boxForm.querySelector("[data-draw-words]");
  const hint = words.textContent;
  let start = null;

  const boxes = () => stand.querySelector("[data-photo-boxes]");
  const place = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(boxes().getScreenCTM().inverse());
    const { width, height } = boxes().viewBox.baseVal;
    return [Math.min(Math.max(point.x, 0), width), Math.min(Math.max(point.y, 0), height)];
  };
  const box = (event) => {
    const [x, y] = place(event);
    return [Math.min(x, start[0]), Math.min(y, start[1]), Math.abs(x - start[0]), Math.abs(y - start[1])].map(Math.round);
  };
  const paint = (numbers) => {
    const drawn = boxes().querySelector("[data-drawn]");
    ["x", "y", "width", "height"].forEach((name, i) => drawn.setAttribute(name, numbers[i]));
  };
  // A finger that moves scrolls the page; while this is on it draws.
  const drawing = (on) => {
    draw.setAttribute("aria-pressed", on);
    stand.classList.toggle("drawing", on);
    words.textContent = on ? words.dataset.drag : hint;
    if (on) stand.scrollIntoView({ block: "nearest" });
  };
  draw.addEventListener("click", () => drawing(draw.getAttribute("aria-pressed") !== "true"));

  stand.addEventListener("dragstart", (event) => event.preventDefault());
  stand.addEventListener("pointerdown", (event) => {
    if (!event.button) start = place(event);
  });
  stand.addEventListener("pointermove", (event) => {
    if (!start) return;
    const numbers = box(event);
    if (Math.max(numbers[2], numbers[3]) > boxes().viewBox.baseVal.width / 50 && !stand.hasPointerCapture(event.pointerId)) {
      stand.setPointerCapture(event.pointerId); // from here on it is a box and no tap: the click goes to nobody
    }
    paint(numbers);
  });
  stand.addEventListener("pointerup", (event) => {
    if (!start) return;
    const [x, y, width, height] = box(event);
    start = null;
    const { width: full } = boxes().viewBox.baseVal;
    if (width < full / 20 || height < full / 20) return paint([0, 0, 0, 0]);
    boxForm.elements.box.value = JSON.stringify([x, y, width, height]);
    boxForm.requestSubmit();
  });
  stand.addEventListener("pointercancel", () => {
    start = null;
    paint([0, 0, 0, 0]);
  });
}
