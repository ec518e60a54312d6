// SPDX-License-Identifier: MIT
// Handles on drawings: points to drag with a pointer, or to move with the arrow keys.
import { make } from "./svg.js";

const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

// Calls move(event) while a pointer that went down on `target` is dragged, and once when it goes down.
export function onDrag(target, move, { start = () => true } = {}) {
  target.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !start(event)) return;
    event.preventDefault();
    target.setPointerCapture(event.pointerId);
    const drag = (next) => next.pointerId === event.pointerId && move(next);
    const end = () => {
      target.removeEventListener("pointermove", drag);
      target.removeEventListener("pointerup", end);
      target.removeEventListener("pointercancel", end);
    };
    target.addEventListener("pointermove", drag);
    target.addEventListener("pointerup", end);
    target.addEventListener("pointercancel", end);
    move(event);
  });
}

// Draws a handle. `label`, `text`: its name and value for screen readers; `now`, `min`, `max`: one number of it; key(dx,
// dy, far) is called for arrow keys, far with Shift or Page keys.
export function makeHandle({ x, y, kind, label, text, now, min, max, key, radius = 7 }) {
  const handle = make("g", { class: `handle ${kind}`, tabindex: 0, role: "slider", "aria-label": label, "aria-valuetext": text,
    "aria-valuenow": now, "aria-valuemin": min, "aria-valuemax": max, transform: `translate(${x} ${y})` },
  make("circle", { class: "reach", r: 22, "data-handle": true }), make("circle", { class: "ring", r: radius + 6, "data-handle": true }),
  make("circle", { class: "knob", r: radius }));
  handle.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    key(...move, event.shiftKey);
  });
  return handle;
}

// Moves a handle and tells its new value.
export function placeHandle(handle, x, y, text, now) {
  handle.setAttribute("transform", `translate(${x} ${y})`);
  handle.setAttribute("aria-valuetext", text);
  handle.setAttribute("aria-valuenow", now);
}
