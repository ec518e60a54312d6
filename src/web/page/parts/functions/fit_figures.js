// SPDX-License-Identifier: MIT
// The pictures of a fit: the data with the curve, and the loss over two parameters with the paths of the methods.
import { drawCurve, drawPoints } from "../../draw/graph.js";
import { drawAreas, drawLevels } from "../../draw/levels.js";
import { makePlane } from "../../draw/plane.js";
import { drawTrail } from "../../draw/trail.js";
import { methodOf } from "./descent_methods.js";
import { makeFigure } from "./figure.js";

const height = (width) => Math.min(width * 0.85, 420);

// Returns the range of values with a margin, a part of its size.
function widened(values, margin) {
  const low = Math.min(...values), high = Math.max(...values), size = high - low || 1;
  return [low - size * margin, high + size * margin];
}

// Creates the figure of data and curve. now: {table, runs, loss}, what is shown.
export function makeFitGraph(app, now) {
  function draw(width, height) {
    const { table, runs } = now;
    if (!runs.length) return [];
    const name = runs[0].column ?? table.names[0], x = table.columns[table.names.indexOf(name)], y = table.columns.at(-1);
    const plane = makePlane({ x: widened(x, 0.06), y: widened(y, 0.15), width, height, point: app.point,
      labels: [name, table.names.at(-1)], equal: false });
    const curve = runs[0].curve ? [drawCurve(plane, runs[0].triples)] : [];
    return [plane.clip, plane.axes(), ...curve, drawPoints(plane, x.map((value, index) => [value, y[index]]))];
  }
  return makeFigure({ title: "Data and curve", label: "The data and the fitted curve with its 95 % band", file: "fit.svg",
    height, draw });
}

// Creates the figure of the loss; step() returns the step that is shown.
export function makeFitLoss(app, now, step) {
  function draw(width, height) {
    const { loss, runs } = now;
    if (!loss) return [];
    const labels = runs[0].parameters.slice(0, 2).map((one) => one.name);
    const plane = makePlane({ x: loss.x, y: loss.y, width, height, point: app.point, labels, equal: false });
    const trails = runs.map(({ name, path }) => drawTrail(plane, path.map((point) => [point[0], point[1]]),
      { method: name, shape: methodOf(name).shape, count: step() + 1 }));
    return [plane.clip, drawAreas(plane, loss), plane.axes(), drawLevels(plane, loss), ...trails];
  }
  return makeFigure({ title: "Loss over two parameters", file: "loss.svg", height, draw,
    label: "Level curves of the mean squared error, with the paths of the methods" });
}
