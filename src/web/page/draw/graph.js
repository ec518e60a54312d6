// SPDX-License-Identifier: MIT
// Data points, a curve through them with its confidence band, and values by steps.
import { make, pathOf } from "./svg.js";

// Draws data points [x, y] and the sides of their distances to the curve.
export function drawPoints(plane, points) {
  return make(
    "g",
    { class: "data", "clip-path": plane.clipping, "aria-hidden": true },
    points.map(([x, y]) => make("circle", { cx: plane.px(x), cy: plane.py(y), r: 4 })),
  );
}

// Draws a curve of triples x, value, half width of its band.
export function drawCurve(plane, triples) {
  const upper = [],
    lower = [],
    middle = [];
  for (let i = 0; i + 2 < triples.length; i += 3) {
    const [x, value, half] = triples.subarray(i, i + 3);
    middle.push([plane.px(x), plane.py(value)]);
    if (Number.isFinite(half)) {
      upper.push([plane.px(x), plane.py(value + half)]);
      lower.unshift([plane.px(x), plane.py(value - half)]);
    }
  }
  return make(
    "g",
    { "clip-path": plane.clipping, "aria-hidden": true },
    make("path", { class: "band", d: pathOf([...upper, ...lower], true) }),
    make("path", { class: "curve", d: pathOf(middle) }),
  );
}
