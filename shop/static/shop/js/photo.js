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
    if (!photo.size) return complain("That file is empty. Choose another picture.");
    if (photo.size > mostBytes) {
      return complain(`That picture is larger than ${Math.floor(mostBytes / 2 ** 20)} MB. Send a smaller one, or a screenshot of it.`);
    }
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
      else complain(sentence ?? "The photo could not be sent. Try again in a moment.");
    });
    request.addEventListener("error", () => complain("The photo did not get through. Check your connection and try again."));
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
    else complain("That is no picture. Drop a JPEG, PNG, WebP or HEIC.");
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
  const steps = [[70, "Going along the shelves…"], [40, "Finding the pieces…"], [10, "Turning it upright…"]];
  const since = performance.now();
  let pause = 120;
  const look = async () => {
    try {
      const response = await fetch(waiting.dataset.photoWaiting, { headers: { Accept: "application/json" } });
      if (!response.ok) return location.reload();
      const { status, progress } = await response.json();
      if (status !== "pending") return location.reload();
      bar.value = progress;
      if (performance.now() - since > 15000) words.textContent = "It takes longer than usual. You may stay, or come back to this address within the hour.";
      else words.textContent = steps.find(([least]) => progress >= least)?.[1] ?? "";
    } catch {
      words.textContent = "No connection. We keep trying.";
    }
    pause = Math.min(pause * 1.3, 2000);
    setTimeout(look, pause);
  };
  setTimeout(look, pause);
}

// --- A box of one's own ----------------------------------------------------------------------------------------------------
const boxes = document.querySelector("[data-photo-boxes]");
const boxForm = document.querySelector("[data-box-form]");
if (boxes && boxForm) {
  const drawn = boxes.querySelector("[data-drawn]");
  const place = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(boxes.getScreenCTM().inverse());
    const { width, height } = boxes.viewBox.baseVal;
    return [Math.min(Math.max(point.x, 0), width), Math.min(Math.max(point.y, 0), height)];
  };
  let start = null;
  boxes.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    start = place(event);
    boxes.setPointerCapture(event.pointerId);
  });
  const box = (event) => {
    const [x, y] = place(event);
    return [Math.min(x, start[0]), Math.min(y, start[1]), Math.abs(x - start[0]), Math.abs(y - start[1])].map(Math.round);
  };
  boxes.addEventListener("pointermove", (event) => {
    if (!start) return;
    ["x", "y", "width", "height"].forEach((name, number) => drawn.setAttribute(name, box(event)[number]));
  });
  boxes.addEventListener("pointerup", (event) => {
    if (!start) return;
    const [x, y, width, height] = box(event);
    start = null;
    const { width: full } = boxes.viewBox.baseVal;
    if (width < full / 20 || height < full / 20) {
      // A tap, not a box: the piece below it, if there is one.
      ["width", "height"].forEach((name) => drawn.setAttribute(name, 0));
      const link = document.elementsFromPoint(event.clientX, event.clientY).map((e) => e.closest("a")).find((a) => a && boxes.contains(a));
      if (link) location.assign(link.href.baseVal);
      return;
    }
    boxForm.elements.box.value = JSON.stringify([x, y, width, height]);
    boxForm.requestSubmit();
  });
  boxes.addEventListener("pointercancel", () => {
    start = null;
    ["width", "height"].forEach((name) => drawn.setAttribute(name, 0));
  });
}
