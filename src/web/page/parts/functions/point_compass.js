// SPDX-License-Identifier: MIT
// The circle of directions, whose needle is turned by dragging or with the arrow keys.
import { drawCompass } from "../../draw/compass.js";
import { makeHandle, onDrag, placeHandle } from "../../draw/handle.js";
import { make } from "../../draw/svg.js";
import { makeFigure } from "./figure.js";

// Creates the figure. now: {point, degrees}, what is shown; turn(degrees) is called with a new direction.
export function makePointCompass(app, now, turn) {
  const needle = makeHandle({ kind: "direction", label: "Direction in degrees", min: -180, max: 180, radius: 8,
    key: (dx, dy, far) => turn(now.degrees + (dx < 0 || dy > 0 ? 1 : -1) * (far ? 15 : 1)) });

  function draw(width, height) {
    if (!now.point) return [];
    const gradient = now.point.gradient?.vector.map((one) => one.value) ?? [0, 0], shift = (width - height) / 2;
    const { nodes, end } = drawCompass({ size: height, gradient, degrees: now.degrees });
    const slope = now.point.along ? `, slope ${app.show(now.point.along.slope.text)}` : "";
    placeHandle(needle, end[0] + shift, end[1], `${now.degrees} degrees${slope}`, now.degrees);
    return [make("g", { transform: `translate(${shift} 0)` }, nodes)];
  }

  const figure = makeFigure({ title: "Directions", label: "The slope in every direction", file: "directions.svg",
    handles: [needle], height: (width) => Math.min(width, 320), draw });
  onDrag(figure.svg, (event) => {
    const box = figure.svg.getBoundingClientRect();
    const x = event.clientX - box.left - box.width / 2, y = box.top + box.height / 2 - event.clientY;
    if (Math.hypot(x, y) > 6) turn(Math.atan2(y, x) * 180 / Math.PI);
  });
  return figure;
}
