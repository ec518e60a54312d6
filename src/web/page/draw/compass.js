// SPDX-License-Identifier: MIT
// The circle of directions: the gradient, a unit vector to turn, and the slope along every direction as a curve of its
// own. The slope is the dot product: the length of the gradient's projection on the direction.
import { arrowPath, make, pathOf } from "./svg.js";

// Returns the curve of |slope| over all directions, in which it has this sign: a circle on the gradient, and its mirror.
function lobe(center, size, angle, sign) {
  const points = [];
  for (let i = 0; i <= 60; i++) {
    const turn = angle - Math.PI / 2 + (i / 60) * Math.PI,
      length = Math.cos(turn - angle) * size * sign;
    points.push([center + length * Math.cos(turn), center - length * Math.sin(turn)]);
  }
  return pathOf(points, true);
}

// Draws the circle of this size. `gradient`: [gx, gy]; `degrees`: the direction. Returns the nodes, and where the handle of
// the direction is.
export function drawCompass({ size, gradient, degrees }) {
  const center = size / 2,
    radius = compassRadius(size),
    reach = radius * 0.84;
  const norm = Math.hypot(...gradient),
    angle = Math.atan2(gradient[1], gradient[0]),
    direction = (degrees * Math.PI) / 180;
  const unit = [Math.cos(direction), Math.sin(direction)],
    along = [Math.cos(angle), Math.sin(angle)];
  const slope = norm > 0 ? (gradient[0] * unit[0] + gradient[1] * unit[1]) / norm : 0;
  const at = (length, [x, y]) => [center + length * x, center - length * y];
  const end = at(radius, unit),
    foot = at(slope * reach, unit),
    tip = at(reach, along);
  const line = (from, to, kind) => make("path", { class: kind, d: pathOf([from, to]) });
  const nodes = [make("circle", { class: "dial", cx: center, cy: center, r: radius })];
  if (norm > 0)
    nodes.push(
      make("path", { class: "lobe rises", d: lobe(center, reach, angle, 1) }),
      make("path", { class: "lobe falls", d: lobe(center, reach, angle, -1) }),
      line(at(radius, [-along[1], along[0]]), at(radius, [along[1], -along[0]]), "tangent"),
      line(tip, foot, "drop"),
    );
  nodes.push(
    line([center, center], end, "direction"),
    line([center, center], foot, `projection ${slope < 0 ? "falls" : "rises"}`),
  );
  if (norm > 0) nodes.push(make("path", { class: "gradient", d: arrowPath(center, center, ...tip, 11) }));
  nodes.push(make("circle", { class: "hub", cx: center, cy: center, r: 3.5 }));
  return { nodes, end };
}

// Returns the radius of the circle in a drawing of this size.
const compassRadius = (size) => size / 2 - 26;
