// SPDX-License-Identifier: MIT
// Paths of optimisers on a plane: lines with a mark at each step, and each method its own shape of mark.
import { make, pathOf } from "./svg.js";

const nearest = 6; // pixels between marks

// Shapes of marks of size r around x, y, so that methods differ by more than their colour.
const shapes = {
  circle: (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`,
  square: (x, y, r) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}Z`,
  diamond: (x, y, r) => `M${x} ${y - r * 1.4}L${x + r * 1.4} ${y}L${x} ${y + r * 1.4}L${x - r * 1.4} ${y}Z`,
  triangle: (x, y, r) => `M${x} ${y - r * 1.3}L${x + r * 1.2} ${y + r}H${x - r * 1.2}Z`,
  cross: (x, y, r) => `M${x - r} ${y - r}L${x + r} ${y + r}M${x - r} ${y + r}L${x + r} ${y - r}`,
};

// Returns the data of one mark.
function markPath(shape, x, y, r = 3.5) {
  return shapes[shape](Math.round(x * 100) / 100, Math.round(y * 100) / 100, r);
}

// Returns those points that are not too near the one before to be told apart.
function apart(points) {
  const kept = [];
  for (const [x, y] of points)
    if (kept.length === 0 || Math.hypot(x - kept.at(-1)[0], y - kept.at(-1)[1]) >= nearest) kept.push([x, y]);
  return kept;
}

// Draws the first `count` points [x, y] of a path; the last one has a larger mark.
export function drawTrail(plane, points, { method, shape, count = points.length }) {
  const beyond = 1e5,
    keep = (pixel) => Math.max(-beyond, Math.min(beyond, pixel));
  const shown = points
    .slice(0, count)
    .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
    .map(([x, y]) => [keep(plane.px(x)), keep(plane.py(y))]);
  const group = make("g", { class: `trail ${method}`, "clip-path": plane.clipping, "aria-hidden": true });
  if (shown.length === 0) return group;
  const marks = apart(shown.slice(0, -1))
    .map(([x, y]) => markPath(shape, x, y, 2.3))
    .join("");
  group.append(
    make("path", { class: "line", d: pathOf(shown) }),
    make("path", { class: `marks ${shape}`, d: marks }),
    make("path", { class: `end ${shape}`, d: markPath(shape, ...shown.at(-1), 5.5) }),
  );
  return group;
}

// Draws the sample of a method for a legend.
export function drawSample(method, shape) {
  return make(
    "svg",
    { class: "sample", width: 34, height: 14, viewBox: "0 0 34 14", "aria-hidden": true },
    make(
      "g",
      { class: `trail ${method}` },
      make("path", { class: "line", d: "M2 7H32" }),
      make("path", { class: `end ${shape}`, d: markPath(shape, 17, 7, 4.2) }),
    ),
  );
}
