// SPDX-License-Identifier: MIT
// Shows a picture before and after, with a divider between both, and closer up to its pixels, on which arrows show the
// gradient.
import { colour, make } from "../dom.js";
import { View } from "./view.js";
import { followPointers } from "./pointers.js";

export const ARROW_SCALE = 14; // CSS pixels for one of the picture from which arrows are drawn
const STEP = 60; // CSS pixels that an arrow key moves the picture

// Creates a viewer. `moved()` is called when another window of the picture is to be seen, `pointed(pixel)` with the pixel
// under the pointer, or in the middle when keys move the picture; null when the pointer leaves.
// Returns { element, tools, view, show(pictures), setArrows(arrows) }.
export function createViewer({ label, moved, pointed }) {
  const canvas = make("canvas", { tabIndex: 0, role: "img", "aria-label": label });
  const view = new View();
  let pictures = {}, arrows = null, requested = 0;

  const draw = () => {
    requested ||= requestAnimationFrame(() => {
      requested = 0;
      paint(canvas, view, pictures, divider.share, arrows);
    });
  };
  const changed = () => {
    element.classList.toggle("closer", !view.fitted);
    draw();
    moved();
  };
  // Changes the view by keys or buttons, and points to its middle.
  const act = (change) => {
    change(view);
    changed();
    pointed(view.pixelAt(view.frame.width / 2, view.frame.height / 2));
  };
  const zoom = (factor, x, y) => { view.zoom(factor, x, y); changed(); };
  const divider = createDivider(draw);
  const element = make("div", { class: "frame viewer" }, canvas, divider.element);

  canvas.onkeydown = (event) => {
    const change = KEYS[event.key];
    if (!change) return;
    event.preventDefault();
    act(change);
  };
  followPointers(element, {
    drag: (dx, dy, event, target) => {
      if (target === divider.element) divider.moveTo(event.clientX, element);
      else { view.pan(dx, dy); changed(); }
    },
    pinch: zoom,
    twice: (x, y) => zoom(view.scale >= ARROW_SCALE ? 1e-9 : 4, x, y),
    hover: (x, y) => pointed(x === null ? null : view.pixelAt(x, y)),
  });
  new ResizeObserver(() => {
    const width = element.clientWidth, height = element.clientHeight;
    if (!width || !height) return;
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    view.resize({ width, height });
    changed();
  }).observe(element);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);

  return {
    element, view, tools: createTools(act),
    // Shows pictures: { size, before: [bitmaps], after: [bitmaps] }, each list from the coarsest to the finest. Closes
    // bitmaps that were shown and are not any more.
    show(next) {
      const kept = [...next.before, ...next.after];
      for (const bitmap of [...pictures.before ?? [], ...pictures.after ?? []])
        if (!kept.includes(bitmap)) bitmap.close();
      const resized = next.size.width !== view.size.width || next.size.height !== view.size.height;
      pictures = next;
      element.style.aspectRatio = `${next.size.width} / ${next.size.height}`;
      if (resized) {
        view.fitted = true;
        view.resize(view.frame, next.size);
        changed();
      }
      draw();
    },
    // Shows arrows: { left, top, width, height, x, y, largest }, or null for none.
    setArrows(next) {
      arrows = next;
      draw();
    },
  };
}

// What keys do with the view.
const KEYS = {
  ArrowLeft: (view) => view.pan(STEP, 0), ArrowRight: (view) => view.pan(-STEP, 0),
  ArrowUp: (view) => view.pan(0, STEP), ArrowDown: (view) => view.pan(0, -STEP),
  "+": (view) => view.zoom(1.5), "=": (view) => view.zoom(1.5), "-": (view) => view.zoom(1 / 1.5), 0: (view) => view.fit(),
};

// Creates the buttons of a viewer, each with what it does with the view.
function createTools(act) {
  const tool = (text, title, change, icon) => make("button", {
    type: "button", class: icon && "icon", title, "aria-label": icon && title, onclick: () => act(change),
  }, text);
  return make("div", { class: "row" },
    tool("−", "Zoom out", (view) => view.zoom(1 / 2), true),
    tool("+", "Zoom in", (view) => view.zoom(2), true),
    tool("Fit", "Show the whole picture", (view) => view.fit()),
    tool("Pixels", "Zoom to pixels with arrows of the gradient", (view) => view.zoom(2 * ARROW_SCALE / view.scale)));
}

// Creates the divider: `share` of the frame is the picture. `moved()` is called when it moves.
function createDivider(moved) {
  const element = make("div", {
    class: "divider", role: "slider", tabIndex: 0, "aria-label": "Divider between the picture, on its left, and its edges",
    "aria-valuemin": 0, "aria-valuemax": 100,
  });
  let share = 0;
  const set = (value) => {
    share = Math.min(1, Math.max(0, value));
    element.style.left = `${share * 100}%`;
    element.setAttribute("aria-valuenow", Math.round(share * 100));
    element.setAttribute("aria-valuetext", `${Math.round(share * 100)} % picture`);
    moved();
  };
  element.onkeydown = (event) => {
    const step = event.shiftKey ? 0.1 : 0.02;
    const next = {
      ArrowLeft: share - step, ArrowDown: share - step, ArrowRight: share + step, ArrowUp: share + step, Home: 0, End: 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    set(next);
  };
  queueMicrotask(() => set(0.5));
  return {
    element,
    get share() { return share; },
    moveTo(x, frame) {
      const box = frame.getBoundingClientRect();
      set((x - box.left) / box.width);
    },
  };
}

// Returns the bitmap for a scale: the coarsest that has a pixel for each of the screen.
function bitmapFor(list, size, scale) {
  return list?.find((bitmap) => bitmap.width >= size.width * scale * 0.75) ?? list?.at(-1);
}

function paint(canvas, view, { size, before, after }, share, arrows) {
  const context = canvas.getContext("2d"), ratio = devicePixelRatio;
  const split = Math.round(canvas.width * share);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const half = (list, from, to) => {
    const bitmap = size && bitmapFor(list, size, view.scale * ratio);
    if (!bitmap || to <= from) return;
    context.save();
    context.beginPath();
    context.rect(from, 0, to - from, canvas.height);
    context.clip();
    context.imageSmoothingEnabled = bitmap.width > size.width * view.scale * ratio;
    context.imageSmoothingQuality = "high";
    const scale = view.scale * ratio;
    context.drawImage(bitmap, view.x * ratio, view.y * ratio, size.width * scale, size.height * scale);
    context.restore();
  };
  half(before, 0, split);
  half(after, split, canvas.width);
  if (arrows && view.scale >= ARROW_SCALE) paintArrows(context, view, ratio, arrows);
}

// Draws an arrow in each pixel of a window: its direction is that of the gradient, to the brighter side, its length
// grows with the magnitude.
function paintArrows(context, view, ratio, { left, top, width, height, x, y, largest }) {
  const path = new Path2D(), reach = 0.42 * view.scale;
  for (let i = 0; i < width * height; i++) {
    const magnitude = Math.hypot(x[i], y[i]);
    if (!(magnitude > largest * 0.02)) continue;
    const length = reach * Math.sqrt(Math.min(1, magnitude / largest)), cos = x[i] / magnitude, sin = y[i] / magnitude;
    const cx = view.x + (left + i % width + 0.5) * view.scale, cy = view.y + (top + Math.floor(i / width) + 0.5) * view.scale;
    const tipX = cx + cos * length, tipY = cy + sin * length, head = Math.min(length, 0.2 * view.scale);
    path.moveTo(cx - cos * length, cy - sin * length);
    path.lineTo(tipX, tipY);
    path.moveTo(tipX + head * (-cos - sin * 0.6), tipY + head * (-sin + cos * 0.6));
    path.lineTo(tipX, tipY);
    path.lineTo(tipX + head * (-cos + sin * 0.6), tipY + head * (-sin - cos * 0.6));
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  Object.assign(context, { lineCap: "round", lineJoin: "round", lineWidth: 4, strokeStyle: colour("arrow-halo") });
  context.stroke(path);
  Object.assign(context, { lineWidth: 1.8, strokeStyle: colour("arrow") });
  context.stroke(path);
}
