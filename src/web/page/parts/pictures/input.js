// SPDX-License-Identifier: MIT
// Where pictures come from: a file that is chosen, dropped or pasted, or the camera.
import { make } from "../../dom.js";
import { acceptDrops, createFileList } from "../../given_files.js";

// Creates the buttons. `open(file, name)` is called with a picture, `fail(text)` with what went wrong, `frame(pixels)`
// with each frame of the camera, an ImageData of at most `framePixels()`; it returns a promise, and the next frame waits
// for it. Files are dropped on `root`, where `place` is marked. Returns { element, stop() }.
export function createInput({ root, place, open, sample, frame, framePixels, fail }) {
  const file = make("input", { type: "file", accept: "image/*", multiple: true, class: "unseen", tabIndex: -1, "aria-hidden": "true" });
  const choose = make("button", { type: "button", class: "main", onclick: () => file.click() }, "Open picture …");
  const list = createFileList({ label: "Picture shown, of those that were given", open: (one) => {
    camera.stop();
    open(one, one.name || "picture.png");
  } });
  const leave = () => { list.clear(); camera.stop(); };
  const example = make("button", { type: "button", onclick: () => { leave(); sample(); } }, "Sample");
  const film = make("button", { type: "button", onclick: () => { list.clear(); camera.toggle(); }, "aria-pressed": "false" }, "Camera");
  const keep = make("button", { type: "button", hidden: true, onclick: () => camera.keep() }, "Keep this picture");
  const camera = createCamera({ film, keep, open, frame, framePixels, fail });

  const take = (chosen) => {
    const pictures = [...chosen].filter((one) => one.type.startsWith("image/"));
    if (chosen.length) list.take(pictures.length ? pictures : [chosen[0]]);
  };
  file.onchange = () => { take(file.files); file.value = ""; };
  acceptDrops(root, place, take);
  document.addEventListener("paste", (event) => {
    if (place.closest("[hidden]") || !event.clipboardData.files.length) return;
    event.preventDefault();
    take(event.clipboardData.files);
  });
  return { element: make("div", { class: "row" }, choose, film, keep, example, list.element, file), stop: () => camera.stop() };
}

const WHY = {
  NotAllowedError: "The camera was refused: allow it for this page in the browser's settings, or open a file.",
  NotFoundError: "There is no camera: open a file instead.",
  NotReadableError: "The camera is in use by another program: close that, or open a file.",
};

// Creates the camera: its frames while it runs, and a picture when one is kept.
function createCamera({ film, keep, open, frame, framePixels, fail }) {
  const video = make("video", { muted: true, playsInline: true });
  let stream = null;

  const surface = (most) => {
    const scale = Math.min(1, Math.sqrt(most / (video.videoWidth * video.videoHeight)));
    const canvas = make("canvas", { width: Math.round(video.videoWidth * scale), height: Math.round(video.videoHeight * scale) });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    return { canvas, context };
  };
  const show = (running) => {
    film.setAttribute("aria-pressed", String(running));
    film.textContent = running ? "Stop the camera" : "Camera";
    keep.hidden = !running;
  };
  const run = async () => {
    while (stream) {
      if (video.videoWidth) {
        const { canvas, context } = surface(framePixels());
        await frame(context.getImageData(0, 0, canvas.width, canvas.height));
      }
      await new Promise((next) => setTimeout(next, 15));
    }
  };
  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.srcObject = null;
    show(false);
  };
  const start = async () => {
    try {
      if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("", "NotFoundError");
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1920 } }, audio: false });
      video.srcObject = stream;
      await video.play();
    } catch (error) {
      stop();
      fail(WHY[error.name] ?? `The camera does not start: ${error.message}`);
      return;
    }
    show(true);
    run();
  };
  return {
    stop,
    toggle: () => stream ? stop() : start(),
    keep() {
      const { canvas } = surface(Infinity);
      stop();
      canvas.toBlob((picture) => open(picture, "camera.png"), "image/png");
    },
  };
}
