// SPDX-License-Identifier: MIT
// Fits of a model to a table, by Levenberg-Marquardt or by descent, and the loss over two of the parameters.
const side = 61, curvePoints = 121, mostSteps = 1000;

// Tables with a model and a start of its parameters.
export const fitExamples = [
  { name: "Line", model: "a*x + b", start: "a=0,b=0",
    table: "x\ty\n0\t1.1\n1\t2.9\n2\t5.2\n3\t6.8\n4\t9.1\n5\t11.2\n6\t12.7" },
  { name: "Cooling", model: "a*exp(b*x)", start: "a=40,b=-0.1",
    table: "x\ty\n0\t61.8\n2\t48.9\n4\t40.3\n6\t31.9\n8\t26.4\n10\t20.7\n12\t17.3\n14\t13.6" },
  { name: "Wave", model: "a*sin(w*x)", start: "a=1,w=1.6",
    table: "x\ty\n0\t0.1\n0.5\t1.4\n1\t2.3\n1.5\t2.7\n2\t2.1\n2.5\t1.2\n3\t-0.2\n3.5\t-1.5\n4\t-2.4\n4.5\t-2.6" },
];

// Returns what the library takes of a table: names, numbers by columns, number of rows.
const inputOf = ({ names, columns, rows }) => [names.join("\n"), Float64Array.from(columns.flat()), rows];

// Fits by a method. Returns its answer with `path`, the parameters of each step, and `triples` of the curve; or {error}.
export async function fit(app, table, { model, start }, method) {
  const { reply, numbers } =
    await app.call("functions_fit", model, ...inputOf(table), start, method, NaN, mostSteps, curvePoints);
  if (reply.error) return { name: method, error: reply.error };
  const width = reply.parameters.length + 1, path = [];
  for (let i = 0; i < reply.recorded; i++) path.push(numbers.subarray(i * width, (i + 1) * width));
  return { ...reply, name: method, path, triples: numbers.subarray(reply.recorded * width) };
}

const extent = (values) => [Math.min(...values), Math.max(...values)];

// Returns the ranges of the first two parameters: all of the first run, and what of the others is not too far from it.
function lossRanges(runs) {
  return [0, 1].map((index) => {
    const at = (run) => run.path.map((point) => point[index]).filter(Number.isFinite), own = extent(at(runs[0]));
    const far = 6 * (own[1] - own[0] || Math.abs(own[0]) || 1);
    const near = (value) => value > own[0] - far && value < own[1] + far, [low, high] = extent(runs.flatMap(at).filter(near));
    const margin = (high - low || Math.abs(high) || 1) / 4;
    return [low - margin, high + margin];
  });
}

// Samples the mean squared error over the first two parameters, as sampleView() does; null if there are no two.
export async function sampleLoss(app, table, model, runs) {
  if (!runs.length || runs[0].parameters.length < 2) return null;
  const [x, y] = lossRanges(runs), end = runs[0].parameters.map((one) => `${one.name}=${one.value}`).join(",");
  const ranges = Float64Array.of(...x, ...y);
  const { reply, numbers } = await app.call("functions_loss", model, ...inputOf(table), end, 0, 1, ranges, side);
  if (reply.error) return null;
  return { reply, values: numbers, points: numbers.subarray(side * side), columns: side, rows: side, x, y };
}
