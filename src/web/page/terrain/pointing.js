// SPDX-License-Identifier: MIT
// Choosing places on the map: a click or tap, and a cursor that keys move.
import { followPointers } from "../draw/pointers.js";

const CLICK = 5; // CSS pixels that a click may move
const CURSOR = 1 / 40; // of the width of the map, that an arrow key moves the cursor
export const ZOOM = 1.35; // of a key or button

// Connects the pointers with a view: { moved() after a change of it, choose(x, y), hover(x, y) }, points of the frame;
// hover(null, null) when the pointer leaves.
export function followMouse(frame, view, { moved, choose, hover }) {
  let way = 0; // that the pointer has moved since it went down; Infinity: a pinch
  followPointers(frame, {
    drag(dx, dy, event) {
      if (event.type === "pointerdown") way = 0;
      way += Math.hypot(dx, dy);
      if (way <= CLICK) return;
      view.pan(dx, dy);
      moved();
    },
    pinch(factor, x, y) {
      way = Infinity;
      view.zoom(factor, x, y);
      moved();
    },
    twice() {},
    hover,
  });
  frame.addEventListener("pointerup", (event) => {
    const box = frame.getBoundingClientRect();
    if (way <= CLICK && event.button <= 0) choose(event.clientX - box.left, event.clientY - box.top);
    way = Infinity;
  });
}

// Connects keys: arrows move a cursor, from cursor() to move(cell), with Shift by one cell; + - 0 zoom; Enter chooses.
export function followKeys(element, view, { cursor, move, choose, moved }) {
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const far = event.shiftKey ? 1 : Math.max(1, Math.round(view.frame.width / view.scale / view.stretch * CURSOR));
    const [dx, dy] = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, -far], ArrowDown: [0, far] }[event.key] ?? [0, 0];
    const factor = { "+": ZOOM, "=": ZOOM, "-": 1 / ZOOM }[event.key], { x, y } = view.toFrame(cursor());
    if (dx || dy) move({ x: cursor().x + dx, y: cursor().y + dy });
    else if (event.key === "Enter" || event.key === " ") choose(cursor());
    else if (factor) view.zoom(factor, x, y);
    else if (event.key === "0") view.fit();
    else return;
    event.preventDefault();
    moved();
  });
}
