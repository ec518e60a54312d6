// SPDX-License-Identifier: MIT
// Handles on drawings: points to drag with a pointer, or to move with the arrow keys.
import { make } from "./svg.js";

const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

// Calls move(event) while a pointer that went down on `target` is dragged, and once when it goes down. A finger drags only
// from a handle, so that the page can be scrolled; elsewhere it taps.
export function onDrag(target, move) {
  const isTap = (event) => event.pointerType === "touch" && !event.target.closest(".handle");
  target.addEventListener("click", (event) => event.pointerType === "touch" && isTap(event) && move(event));
  target.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || isTap(event)) return;
    event.target.closest(".handle") || event.preventDefault();
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

// Creates a handle. `label`: its name for screen readers; `min`, `max`: of the number that placeHandle() tells;
// key(dx, dy, far) is called for arrow keys, far with Shift.
export function makeHandle({ kind, label, min, max, key, radius = 7 }) {
  const handle = make(
    "g",
    {
      class: `handle ${kind}`,
      tabindex: 0,
      role: "slider",
      "aria-label": label,
      "aria-valuemin": min,
      "aria-valuemax": max,
    },
    make("circle", { class: "reach", r: 22, "data-handle": true }),
    make("circle", { class: "ring", r: radius + 6, "data-handle": true }),
    make("circle", { class: "knob", r: radius }),
  );
  handle.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    key(...move, event.shiftKey);
  });
  return handle;
}

// Moves a handle and tells its new value: as a text, and as a number.
export function placeHandle(handle, x, y, text, now) {
  handle.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)})`);
  handle.setAttribute("aria-valuetext", text);
  handle.setAttribute("aria-valuenow", now);
}
