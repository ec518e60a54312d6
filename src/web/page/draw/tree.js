// SPDX-License-Identifier: MIT
// The tree of the chain rule of f(x(t), y(t)): f above, x and y below it, t at the end of each path.
import { make } from "./svg.js";

function node(x, y, name, kind) {
  return make(
    "g",
    { class: `node ${kind}`, "aria-hidden": true },
    make("circle", { cx: x, cy: y, r: 17 }),
    make("text", { x, y: y + 5, "text-anchor": "middle" }, name),
  );
}

// Draws a branch with its derivative and value beside its middle, on the outer side.
function branch(x0, y0, x1, y1, kind, side, name, value) {
  const length = Math.hypot(x1 - x0, y1 - y0),
    cut = 17 / length,
    at = (part) => [x0 + (x1 - x0) * part, y0 + (y1 - y0) * part];
  const [ax, ay] = at(cut),
    [bx, by] = at(1 - cut),
    [mx, my] = at(0.5),
    anchor = side < 0 ? "end" : "start";
  return make(
    "g",
    { class: `branch ${kind}`, "aria-hidden": true },
    make("line", { x1: ax, y1: ay, x2: bx, y2: by }),
    make("text", { class: "rate", x: mx + 12 * side, y: my - (x0 === x1 ? 3 : 18), "text-anchor": anchor }, name),
    make(
      "text",
      { class: "rate value", x: mx + 12 * side, y: my + (x0 === x1 ? 14 : -1), "text-anchor": anchor },
      value,
    ),
  );
}

// Height of the drawing in pixels.
export const treeHeight = 264;

// Draws the tree and returns its nodes. branches: [{name, outer, inner}] with texts of the two derivatives' values.
export function drawTree({ width, branches }) {
  const nodes = [],
    middle = width / 2,
    spread = Math.min(120, width / 2 - 92);
  branches.forEach(({ name, outer, inner }, index) => {
    const side = index === 0 ? -1 : 1,
      x = middle + side * spread,
      kind = index === 0 ? "first" : "second";
    nodes.push(
      branch(middle, 26, x, 132, kind, side, `\u2202f/\u2202${name}`, outer),
      branch(x, 132, x, 238, kind, side, `d${name}/dt`, inner),
      node(x, 132, name, kind),
      node(x, 238, "t", "leaf"),
    );
  });
  nodes.push(node(middle, 26, "f", "root"));
  return nodes;
}
