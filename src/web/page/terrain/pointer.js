// SPDX-License-Identifier: MIT
// Pointers and keys on the map: drag and pinch move and zoom it, a click or Enter chooses a place.

const CLICK = 5; // pixels that a click may move
const ZOOM = 1.35; // of a key or button
const CURSOR = 1 / 40; // of the width of the map, that an arrow key moves the cursor

// Returns the place of an event on a canvas, in its pixels.
function placeOf(canvas, event) {
  const box = canvas.getBoundingClientRect(), unit = canvas.width / box.width;
  return { x: (event.clientX - box.left) * unit, y: (event.clientY - box.top) * unit };
}

// Connects a canvas with a view: { moved() after a change of it, choose(place), hover(place or null) }; places are those of
// the canvas.
export function followPointers(canvas, view, { moved, choose, hover }) {
  const down = new Map(); // places of the pointers that are down
  let start = null;

  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, placeOf(canvas, event));
    start = down.size === 1 ? placeOf(canvas, event) : null;
  };
  canvas.onpointermove = (event) => {
    const place = placeOf(canvas, event), before = down.get(event.pointerId);
    if (!before) return hover(place);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    down.set(event.pointerId, place);
    if (start && Math.hypot(place.x - start.x, place.y - start.y) <= CLICK * canvas.width / canvas.clientWidth) return;
    start = null;
    if (other) pinch(view, other, before, place);
    else view.move(place.x - before.x, place.y - before.y);
    moved();
  };
  canvas.onpointerup = (event) => {
    const place = down.get(event.pointerId);
    down.delete(event.pointerId);
    if (start && place) choose(place);
    start = null;
  };
  canvas.onpointercancel = (event) => {
    down.delete(event.pointerId);
    start = null;
  };
  canvas.onpointerleave = () => down.size || hover(null);
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey && !view.zoomed) return; // the page scrolls
    event.preventDefault();
    view.zoom(Math.exp(-event.deltaY / 400), placeOf(canvas, event));
    moved();
  }, { passive: false });
}

// Moves and zooms a view so that the fixed point stays and the other one follows its finger.
function pinch(view, fixed, before, after) {
  const distance = (place) => Math.hypot(place.x - fixed.x, place.y - fixed.y);
  view.zoom(distance(after) / Math.max(1, distance(before)), fixed);
}

// Connects keys: arrows move a cursor, from { cursor() }, to move(cell); + - 0 zoom; Enter chooses.
export function followKeys(element, view, { cursor, move, choose, moved }) {
  element.addEventListener("keydown", (event) => {
    const far = event.shiftKey ? 1 : Math.max(1, Math.round(view.width / view.cell.x * CURSOR));
    const [dx, dy] = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, -far], ArrowDown: [0, far] }[event.key] ?? [0, 0];
    const factor = { "+": ZOOM, "=": ZOOM, "-": 1 / ZOOM }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (dx || dy) move({ x: cursor().x + dx, y: cursor().y + dy });
    else if (factor) {
      view.zoom(factor, view.toCanvas(cursor()));
      moved();
    } else if (event.key === "0") {
      view.fit();
      moved();
    } else if (event.key === "Enter" || event.key === " ") choose(cursor());
    else return;
    event.preventDefault();
  });
}

export const zoomBy = ZOOM;
