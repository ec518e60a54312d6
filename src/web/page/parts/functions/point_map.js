// SPDX-License-Identifier: MIT
// The level curves of f with a point to drag: its level curve, its gradient, the direction.
import { makeHandle, onDrag, placeHandle } from "../../draw/handle.js";
import { drawAreas, drawArrows, drawLevels, drawOwnLevel } from "../../draw/levels.js";
import { makePlane, planeHeight } from "../../draw/plane.js";
import { arrowPath, make, pathOf } from "../../draw/svg.js";
import { makeFigure } from "./figure.js";
import { pointedAt, steppedPoint } from "./view.js";

// Draws the gradient and the direction at the screen point x, y, in the scales of the plane.
function drawVectors(plane, { gradient, level, along }, x, y) {
  if (!level || !along) return [];
  const longest = Math.min(84, 0.2 * plane.width);
  const end = ([a, b], length) => {
    const dx = a.value * (plane.px(1) - plane.px(0)), dy = b.value * (plane.py(1) - plane.py(0));
    const size = Math.hypot(dx, dy) || 1;
    return [x + dx / size * length, y + dy / size * length];
  };
  const ahead = end(level.direction, 0.85 * longest), back = [2 * x - ahead[0], 2 * y - ahead[1]];
  const arrow = (kind, vector, length, head) =>
    make("path", { class: kind, d: arrowPath(x, y, ...end(vector, length), head) });
  return [make("g", { "clip-path": plane.clipping, "aria-hidden": true },
    make("path", { class: "tangent", d: pathOf([back, ahead]) }),
    arrow("direction", along.direction, 0.8 * longest, 10), arrow("gradient", gradient.vector, longest, 11))];
}

// Creates the figure. now: {point, view}, the answers that are shown; model: {f, range}; move(x, y) moves the point.
export function makePointMap(app, model, now, move) {
  let plane = null, background = [], drawn = "";
  const place = () => now.point.point.map((one) => one.value);
  // Where keys go on from: the point of the model, whose answer may still be to come.
  const wanted = () => place().map((value, i) => model["xy"[i]].trim() && isFinite(model["xy"[i]]) ? Number(model["xy"[i]]) : value);
  const dot = makeHandle({ kind: "point", label: "Point", min: -1e9, max: 1e9,
    key: (dx, dy, far) => {
      const [x, y] = steppedPoint(wanted(), dx, dy, far, model.range);
      move(dx ? String(x) : model.x, dy ? String(y) : model.y);
    } });

  // Makes the plane and what does not depend on the point, unless they are as they were.
  function usePlane(width, height) {
    const { view } = now, key = JSON.stringify([model.f, view.x, view.y, width, height]);
    if (key === drawn) return;
    drawn = key;
    plane = makePlane({ x: view.x, y: view.y, width, height, point: app.point });
    background = [plane.clip, drawAreas(plane, view), plane.axes(), drawLevels(plane, view), drawArrows(plane, view)];
  }

  function draw(width, height) {
    if (!now.view) return [];
    usePlane(width, height);
    const [x, y] = place(), at = [plane.px(x), plane.py(y)], [a, b] = now.point.point.map((one) => app.show(one.text));
    placeHandle(dot, ...at, `x = ${a}, y = ${b}, f = ${app.show(now.point.value.text)}`, x);
    return [...background, drawOwnLevel(plane, now.view), ...drawVectors(plane, now.point, ...at)];
  }

  const figure = makeFigure({ title: "Level curves and gradient", label: "Level curves of f and its gradient",
    file: "level-curves.svg", handles: [dot], draw,
    height: (width) => planeHeight(width, model.range.slice(0, 2), model.range.slice(2)) });
  onDrag(figure.svg, (event) => plane && move(...pointedAt(plane, figure.svg, event).map(String)));
  return figure;
}
