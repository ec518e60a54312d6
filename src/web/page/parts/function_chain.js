// SPDX-License-Identifier: MIT
// The chain rule of f(x(t), y(t)): the curve on the level curves with its velocity, the tree, and the products as text.
import { make } from "../dom.js";
import { drawAreas, drawLevels } from "../draw/levels.js";
import { makePlane, planeHeight, roundTo } from "../draw/plane.js";
import { arrowPath, make as shape, pathOf } from "../draw/svg.js";
import { drawTree, treeHeight } from "../draw/tree.js";
import { makeCommand } from "./command.js";
import { makeField, makeNumberField, makeSlider } from "./field.js";
import { makeFigure } from "./figure.js";
import { sampleView } from "./function_point.js";
import { latest } from "../timing.js";

const curvePoints = 400;

// Creates the view. model: {f, range}.
export function makeChainView(app, model) {
  const { state } = app;
  const own = { x: state.get("xt") || "2*cos(t)", y: state.get("yt") || "sin(t)", from: "0", to: "2*pi", t: state.get("t") || "0.8" };
  const span = [0, 2 * Math.PI];
  let chain = null, view = null, points = null;

  function change(values) {
    Object.assign(own, values);
    state.set({ xt: own.x, yt: own.y, t: own.t });
    compute();
  }

  const compute = latest(async () => {
    const answer = await app.call("functions_chain", model.f, own.x, own.y, own.t, ...span, curvePoints);
    if (answer.reply.error) return;
    const next = await sampleView(app, model.f, model.range);
    if (next.reply.error) return;
    [chain, points, view] = [answer.reply, answer.numbers, next];
    show();
  });

  const map = makeFigure({ title: "The curve (x(t), y(t))", label: "The curve on the level curves of f", file: "chain-rule-curve.svg", height: (width) => planeHeight(width, model.range.slice(0, 2), model.range.slice(2)),
    draw: (width, height) => {
      if (!view) return [];
      const plane = makePlane({ x: view.x, y: view.y, width, height, point: app.point }), curve = [];
      for (let i = 0; i < curvePoints; i++) curve.push([plane.px(points[2 * i]), plane.py(points[2 * i + 1])]);
      const [first, second] = chain.branches, x = plane.px(first.value.value), y = plane.py(second.value.value);
      const dx = first.inner_value.value * (plane.px(1) - plane.px(0)), dy = second.inner_value.value * (plane.py(1) - plane.py(0)), size = Math.hypot(dx, dy);
      const length = Math.min(90, 0.22 * plane.width, size);
      return [plane.clip, drawAreas(plane, view), plane.axes(), drawLevels(plane, view), shape("g", { "clip-path": plane.clipping, "aria-hidden": true },
        shape("path", { class: "curve", d: pathOf(curve) }), shape("path", { class: "direction", d: size > 0 ? arrowPath(x, y, x + dx / size * length, y + dy / size * length, 11) : "" }),
        shape("circle", { class: "mark", cx: x, cy: y, r: 6 }))];
    } });

  const local = (number) => app.show(number.text);
  const tree = makeFigure({ title: "Tree of the chain rule", label: "Tree: f depends on x and y, each of which depends on t", file: "chain-rule.svg", height: () => treeHeight,
    draw: (width) => chain ? drawTree({ width, branches: chain.branches.map((one) => ({ name: one.name, outer: local(one.outer_value), inner: local(one.inner_value) })) }) : [] });
  const list = make("div", { class: "numbers" });

  // Puts a sum, or a formula with a sign, in parentheses where it is a factor.
  const group = (formula) => /^-| [+-] /.test(formula) ? `(${formula})` : formula;
  const factor = (number) => number.text.startsWith("-") ? `(${local(number)})` : local(number);
  function show() {
    map.render();
    tree.render();
    command.set(`edgegrad surface '${model.f}' --with 'x=${own.x}' --with 'y=${own.y}' --at 't=${own.t}'`);
    const rows = chain.branches.map((one) => make("tr", {}, make("th", { scope: "row" }, `f \u2013 ${one.name} \u2013 t`), make("td", {}, make("code", {}, `${group(one.outer)} \u00b7 ${group(one.inner)}`)),
      make("td", {}, `${factor(one.outer_value)} \u00b7 ${factor(one.inner_value)}`), make("td", { class: "number" }, local(one.product))));
    list.replaceChildren(make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Products along the paths" }, make("table", {}, make("caption", {}, "The product along each path, and their sum"),
      make("thead", {}, make("tr", {}, ["path", "derivatives", `at t = ${app.show(chain.t.text)}`, "product"].map((text) => make("th", { scope: "col" }, text)))),
      make("tbody", {}, rows), make("tfoot", {}, make("tr", {}, make("th", { scope: "row", colspan: 3 }, "df/dt, the sum"), make("td", { class: "number" }, make("b", {}, local(chain.sum))))))));
  }

  const command = makeCommand("The same by the command, with proven digits");
  const check = (text) => app.call("functions_formula_of", "t", text).then((answer) => answer.reply);
  const curveField = (name) => makeField({ label: `${name}(t)`, prefix: `${name} =`, value: own[name], check, accept: (text) => change({ [name]: text }) });
  const time = makeNumberField(app, { label: "t", prefix: "t =", value: own.t, accept: (text, value) => {
    slider.set(value);
    change({ t: text });
  } });
  const slider = makeSlider({ label: "t along the curve", min: span[0], max: roundTo(span[1], span), step: 0.01, value: Number(own.t) || 0, show: (value) => app.show(String(value)), input: (value) => {
    time.set(String(value));
    change({ t: String(value) });
  } });

  const element = make("div", { class: "function-chain" }, make("div", { class: "card" }, map.element,
    make("p", { class: "hint" }, "The curve for t from 0 to 2\u03c0, and its velocity (dx/dt, dy/dt) at t. df/dt is \u2207f \u00b7 velocity: the slope along the curve times the speed.")),
    make("div", { class: "card" }, make("h2", {}, "The path"), make("div", { class: "row pair" }, curveField("x").element, curveField("y").element, time.element), slider.element, tree.element),
    make("div", { class: "card across" }, make("h2", {}, "df/dt"), list), make("div", { class: "card across" }, command.element));
  return { element, update: () => compute() };
}
