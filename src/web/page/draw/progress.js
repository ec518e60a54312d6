// SPDX-License-Identifier: MIT
// The value of f at each step of several methods. The scale is logarithmic if no value is negative.
import { make, pathOf } from "./svg.js";
import { makePlane } from "./plane.js";

const smallest = 1e-16; // of the largest value, on a logarithmic scale

// Returns the function that scales a value, and its range over the runs.
function scaleOf(runs) {
  const first = Math.max(...runs.map((run) => run.points[0][2]));
  const values = runs
    .flatMap((run) => run.points.map((point) => point[2]))
    .filter((value) => Number.isFinite(value) && value <= 10 * Math.abs(first) + first);
  const low = Math.min(...values),
    high = Math.max(...values);
  if (!(low >= 0 && high > 0))
    return {
      name: "f",
      scale: (value) => value,
      range: high > low ? [low - (high - low) / 20, high + (high - low) / 20] : [low - 1, low + 1],
    };
  const scale = (value) => Math.log10(Math.max(value, high * smallest)),
    range = [scale(low), scale(high)],
    margin = Math.max(0.2, (range[1] - range[0]) / 20);
  return { name: "log\u2081\u2080 f", scale, range: [range[0] - margin, range[1] + margin] };
}

// Draws the values; runs: [{name, points: [[x, y, value], ...]}].
export function drawProgress({ width, height, runs, steps, point }) {
  const longest = Math.max(1, ...runs.map((run) => run.points.length - 1)),
    { name, scale, range } = scaleOf(runs);
  const plane = makePlane({ x: [0, longest], y: range, width, height, point, labels: ["step", name], equal: false });
  const lines = runs.map((run) =>
    make(
      "g",
      { class: `trail ${run.name}` },
      make("path", {
        class: "line",
        d: pathOf(
          run.points.slice(0, steps + 1).map((at, step) => [plane.px(step), Math.max(-1e5, plane.py(scale(at[2])))]),
        ),
      }),
    ),
  );
  return [plane.clip, plane.axes(), make("g", { "clip-path": plane.clipping, "aria-hidden": true }, lines)];
}
