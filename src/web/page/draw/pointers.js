// SPDX-License-Identifier: MIT
// Mouse, pen and fingers on a frame: dragging, pinching, the wheel with Ctrl, double clicks.

// Calls of `does`, with points of the frame: drag(dx, dy, event, target), target where the drag began; pinch(factor, x,
// y); twice(x, y); hover(x, y), null when the pointer leaves.
export function followPointers(frame, does) {
  const points = new Map(); // pointers that are down, by id
  const place = (event) => {
    const box = frame.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  frame.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    frame.setPointerCapture(event.pointerId);
    points.set(event.pointerId, { ...place(event), target: event.target });
    if (points.size === 1) does.drag(0, 0, event, event.target);
  });
  frame.addEventListener("pointermove", (event) => {
    const now = place(event), before = points.get(event.pointerId);
    if (!before) {
      does.hover(now.x, now.y);
      return;
    }
    if (points.size === 1) does.drag(now.x - before.x, now.y - before.y, event, before.target);
    else pinch(before, now, event.pointerId);
    points.set(event.pointerId, { ...now, target: before.target });
  });
  const pinch = (before, now, id) => {
    const other = [...points].find(([key]) => key !== id)[1];
    const distance = (a) => Math.max(1, Math.hypot(a.x - other.x, a.y - other.y));
    does.pinch(distance(now) / distance(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
  };
  const end = (event) => points.delete(event.pointerId);
  frame.addEventListener("pointerup", end);
  frame.addEventListener("pointercancel", end);
  frame.addEventListener("pointerleave", () => points.size || does.hover(null, null));
  frame.addEventListener("dblclick", (event) => {
    const { x, y } = place(event);
    does.twice(x, y);
  });
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return; // without it the page scrolls
    event.preventDefault();
    const { x, y } = place(event);
    does.pinch(Math.exp(-event.deltaY / 180), x, y);
  }, { passive: false });
}
