// SPDX-License-Identifier: MIT
// The paths of the methods on the level curves of f, with the start to drag, and the values by step.
import { makeHandle, onDrag, placeHandle } from "../../draw/handle.js";
import { drawAreas, drawLevels } from "../../draw/levels.js";
import { makePlane, planeHeight } from "../../draw/plane.js";
import { drawProgress } from "../../draw/progress.js";
import { drawTrail } from "../../draw/trail.js";
import { methodOf } from "./descent_methods.js";
import { makeFigure } from "./figure.js";
import { pointedAt, steppedPoint } from "./view.js";

// Creates the figure of paths. now: {view, runs, start}, what is shown; model: {range}; step() returns the step that is
// shown, begin(x, y) starts elsewhere.
export function makeDescentMap(app, model, now, { step, begin }) {
  let plane = null;
  const handle = makeHandle({ kind: "start", label: "Start", min: -1e9, max: 1e9,
    key: (dx, dy, far) => now.start && begin(...steppedPoint(now.start, dx, dy, far, model.range)) });

  function draw(width, height) {
    if (!now.view) return [];
    const { view, runs, start } = now;
    plane = makePlane({ x: view.x, y: view.y, width, height, point: app.point });
    const [x, y] = start.map((value) => app.show(String(value)));
    placeHandle(handle, plane.px(start[0]), plane.py(start[1]), `x = ${x}, y = ${y}`, start[0]);
    const trails = runs.map(({ name, points }) =>
      drawTrail(plane, points, { method: name, shape: methodOf(name).shape, count: step() + 1 }));
    return [plane.clip, drawAreas(plane, view), plane.axes(), drawLevels(plane, view), ...trails];
  }

  const figure = makeFigure({ title: "Paths", label: "Level curves with the paths of the methods", file: "descent.svg",
    handles: [handle], draw, height: (width) => planeHeight(width, model.range.slice(0, 2), model.range.slice(2)) });
  onDrag(figure.svg, (event) => plane && begin(...pointedAt(plane, figure.svg, event)));
  return figure;
}

// Creates the figure of values by step.
export function makeDescentProgress(app, now, step) {
  function draw(width, height) {
    const runs = now.runs.filter((run) => run.points.length > 0);
    return runs.length ? drawProgress({ width, height, runs, steps: step(), point: app.point }) : [];
  }
  return makeFigure({ title: "Value by step", label: "The value of f at each step of the methods",
    file: "descent-values.svg", height: (width) => Math.min(width * 0.6, 260), draw });
}
