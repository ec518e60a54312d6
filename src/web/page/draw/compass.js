// SPDX-License-Identifier: MIT
// The circle of directions: the gradient, a unit vector to turn, and the slope along every direction as a curve of its
// own. The slope is the dot product: the length of the gradient's projection on the direction.
import { arrowPath, make, makeDrawing, pathOf } from "./svg.js";
import { makeHandle, onDrag } from "./handle.js";

// Returns the curve of |slope| over all directions, in which it has this sign: a circle on the gradient, and its mirror.
function lobe(center, size, angle, sign) {
  const points = [];
  for (let i = 0; i <= 60; i++) {
    const turn = angle - Math.PI / 2 + i / 60 * Math.PI, length = Math.cos(turn - angle) * size * sign;
    points.push([center + length * Math.cos(turn), center - length * Math.sin(turn)]);
  }
  return pathOf(points, true);
}

// Draws the circle. `gradient`: [gx, gy]; `degrees`: the direction; `turn(degrees)` is called when it is turned.
export function drawCompass({ size, gradient, degrees, label, directionLabel, text, turn }) {
  const drawing = makeDrawing(size, size, label, true), center = size / 2, radius = size / 2 - 30;
  const norm = Math.hypot(...gradient), angle = Math.atan2(gradient[1], gradient[0]), direction = degrees * Math.PI / 180;
  const unit = [Math.cos(direction), Math.sin(direction)];
  const slope = norm > 0 ? (gradient[0] * unit[0] + gradient[1] * unit[1]) / norm : 0;
  const at = (length, [x, y]) => [center + length * x, center - length * y];
  const along = [Math.cos(angle), Math.sin(angle)], reach = radius * 0.84;
  const [hx, hy] = at(radius, unit), foot = at(slope * reach, unit), tip = at(reach, along);
  drawing.append(make("circle", { class: "dial", cx: center, cy: center, r: radius }));
  if (norm > 0) {
    const level = at(radius, [-along[1], along[0]]), other = at(radius, [along[1], -along[0]]);
    drawing.append(
      make("path", { class: "lobe rises", d: lobe(center, reach, angle, 1) }),
      make("path", { class: "lobe falls", d: lobe(center, reach, angle, -1) }),
      make("path", { class: "tangent", d: `M${level.join(" ")}L${other.join(" ")}` }),
      make("path", { class: "drop", d: `M${tip.join(" ")}L${foot.join(" ")}` }),
      make("path", { class: "gradient", d: arrowPath(center, center, ...tip, 11) }));
  }
  drawing.append(make("path", { class: "direction", d: `M${center} ${center}L${hx} ${hy}` }),
    make("path", { class: `projection ${slope < 0 ? "falls" : "rises"}`, d: `M${center} ${center}L${foot.join(" ")}` }),
    make("circle", { class: "hub", cx: center, cy: center, r: 3.5 }));
  const handle = makeHandle({ x: hx, y: hy, kind: "direction", label: directionLabel, text, now: Math.round(degrees), min: -180, max: 180, radius: 8,
    key: (dx, dy, far) => turn(degrees + (dx > 0 || dy > 0 ? 1 : -1) * (far ? 15 : 1)) });
  drawing.append(handle);
  onDrag(drawing, (event) => {
    const box = drawing.getBoundingClientRect();
    const x = event.clientX - box.left - box.width / 2, y = box.top + box.height / 2 - event.clientY;
    if (Math.hypot(x, y) > 6) turn(Math.round(Math.atan2(y, x) * 180 / Math.PI));
  });
  return { drawing, handle };
}
