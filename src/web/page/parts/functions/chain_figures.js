// SPDX-License-Identifier: MIT
// The pictures of the chain rule: the curve on the level curves with its velocity, and the tree.
import { drawAreas, drawLevels } from "../../draw/levels.js";
import { makePlane, planeHeight } from "../../draw/plane.js";
import { arrowPath, make, pathOf } from "../../draw/svg.js";
import { drawTree, treeHeight } from "../../draw/tree.js";
import { makeFigure } from "./figure.js";

// Draws the point of the curve and its velocity there, on the screen no longer than `longest`.
function drawVelocity(plane, [first, second], longest) {
  const x = plane.px(first.value.value), y = plane.py(second.value.value);
  const dx = first.inner_value.value * (plane.px(1) - plane.px(0));
  const dy = second.inner_value.value * (plane.py(1) - plane.py(0)), size = Math.hypot(dx, dy);
  const part = size > 0 ? Math.min(longest, size) / size : 0;
  return [make("path", { class: "direction", d: arrowPath(x, y, x + dx * part, y + dy * part, 11) }),
    make("circle", { class: "mark", cx: x.toFixed(2), cy: y.toFixed(2), r: 6 })];
}

// Creates the figure of the curve. now: {chain, view, curve}, what is shown; model: {range}.
export function makeChainMap(app, model, now) {
  function draw(width, height) {
    const { chain, view, curve } = now;
    if (!view) return [];
    const plane = makePlane({ x: view.x, y: view.y, width, height, point: app.point }), points = [];
    for (let i = 0; i + 1 < curve.length; i += 2) points.push([plane.px(curve[i]), plane.py(curve[i + 1])]);
    return [plane.clip, drawAreas(plane, view), plane.axes(), drawLevels(plane, view),
      make("g", { "clip-path": plane.clipping, "aria-hidden": true }, make("path", { class: "curve", d: pathOf(points) }),
        chain.message ? null : drawVelocity(plane, chain.branches, Math.min(90, 0.22 * width)))];
  }
  return makeFigure({ title: "The curve (x(t), y(t))", label: "The curve on the level curves of f", draw,
    file: "chain-rule-curve.svg", height: (width) => planeHeight(width, model.range.slice(0, 2), model.range.slice(2)) });
}

// Creates the figure of the tree.
export function makeChainTree(app, now) {
  const branch = (one) =>
    ({ name: one.name, outer: app.show(one.outer_value.text), inner: app.show(one.inner_value.text) });
  return makeFigure({ title: "Tree of the chain rule", label: "Tree: f depends on x and y, each of which depends on t",
    file: "chain-rule.svg", height: () => treeHeight,
    draw: (width) => now.chain && !now.chain.message ? drawTree({ width, branches: now.chain.branches.map(branch) }) : [] });
}
