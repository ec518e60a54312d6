// SPDX-License-Identifier: MIT
// What the views of a function share: the formula, the ranges of the picture, a point, and the start of a descent.

export const functionExamples = [
  { name: "Valley", f: "x^2 + 3*y^2", range: [-3, 3, -3, 3], at: ["1", "1"], start: ["2.5", "2"], rate: 0.1 },
  { name: "Rosenbrock", f: "(1 - x)^2 + 100*(y - x^2)^2", range: [-2, 2, -1, 3], at: ["-0.5", "1"], start: ["-1.2", "1"],
    rate: 0.001 },
  { name: "Himmelblau", f: "(x^2 + y - 11)^2 + (x + y^2 - 7)^2", range: [-5, 5, -5, 5], at: ["1", "-1"], start: ["0", "0"],
    rate: 0.01 },
  { name: "Saddle", f: "x^2 - y^2", range: [-2, 2, -2, 2], at: ["0.8", "0.6"], start: ["1.5", "0.1"], rate: 0.1 },
  { name: "Egg box", f: "sin(x)*cos(y)", range: [-4, 4, -4, 4], at: ["0.5", "0.5"], start: ["0.5", "1"], rate: 0.3 },
  { name: "Cone", f: "sqrt(x^2 + y^2)", range: [-2, 2, -2, 2], at: ["0", "0"], start: ["1.5", "1"], rate: 0.1 },
];

export const ascends = ([x0, x1, y0, y1]) => x0 < x1 && y0 < y1;

// Reads the state of a link; what it lacks is of the first example. Coordinates are texts as typed, so that pi/4 stays
// exact. The rate is NaN if it is to be chosen.
export function readModel(values) {
  const first = functionExamples[0], range = (values.range ?? "").split(",").map(Number);
  const valid = range.length === 4 && range.every(Number.isFinite) && ascends(range), rate = Number(values.rate);
  return { f: values.f || first.f, range: valid ? range : first.range, x: values.x || first.at[0], y: values.y || first.at[1],
    start: [values.sx || first.start[0], values.sy || first.start[1]],
    rate: values.rate === "auto" ? NaN : rate > 0 && Number.isFinite(rate) ? rate : first.rate, view: values.view };
}

// Returns the state for a link.
export function writeModel({ f, range, x, y, start, rate, view }) {
  return { view, f, range: range.join(","), x, y, sx: start[0], sy: start[1], rate: Number.isNaN(rate) ? "auto" : rate };
}

// Returns what an example changes.
export const exampleModel = ({ f, range, at, start, rate }) => ({ f, range, x: at[0], y: at[1], start, rate });
