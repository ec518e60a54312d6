// SPDX-License-Identifier: MIT
// The chain rule of f(x(t), y(t)): the curve on the level curves with its velocity, the tree, and the products as text.
import { make } from "../../dom.js";
import { roundTo } from "../../draw/plane.js";
import { latest } from "../../latest.js";
import { makeChainMap, makeChainTree } from "./chain_figures.js";
import { makeCommand } from "./command.js";
import { makeField, makeNumberField, makeSlider } from "./field.js";
import { sampleView } from "./view.js";
import { box, hint } from "./layout.js";

const curvePoints = 400, span = [0, 2 * Math.PI]; // of the curve that is drawn

// Puts a sum, or a formula with a sign, in parentheses where it is a factor.
const group = (formula) => /^-| [+-] /.test(formula) ? `(${formula})` : formula;

// Returns the table of the products along the paths, and their sum.
function productTable(app, chain) {
  const local = (number) => app.show(number.text);
  const factor = (number) => number.text.startsWith("-") ? `(${local(number)})` : local(number);
  const head = ["path", "derivatives", `at t = ${local(chain.t)}`, "product"].map((text) => make("th", { scope: "col" }, text));
  const row = (one) => make("tr", {}, make("th", { scope: "row" }, `f \u2013 ${one.name} \u2013 t`),
    make("td", {}, make("code", {}, `${group(one.outer)} \u00b7 ${group(one.inner)}`)),
    make("td", {}, `${factor(one.outer_value)} \u00b7 ${factor(one.inner_value)}`),
    make("td", { class: "number" }, local(one.product)));
  const sum = make("tr", {}, make("th", { scope: "row", colspan: 3 }, "df/dt, the sum"),
    make("td", { class: "number" }, make("b", {}, local(chain.sum))));
  return make("table", {}, make("caption", {}, "The product along each path, and their sum"),
    make("thead", {}, make("tr", {}, head)), make("tbody", {}, chain.branches.map(row)), make("tfoot", {}, sum));
}

// Creates the field of t with the slider. change(text) is called. Returns [field, slider].
function makeTime(app, text, change) {
  const field = makeNumberField(app, { label: "t", prefix: "t =", value: text, accept: (typed, value) => {
    slider.set(value);
    change(typed);
  } });
  const slider = makeSlider({ label: "t along the curve", min: span[0], max: roundTo(span[1], span), step: 0.01,
    value: Number(text) || 0, show: (value) => app.show(String(value)), input: (value) => {
      field.set(String(value));
      change(String(value));
    } });
  return [field, slider];
}

// Creates the view. model: {f, range}.
export function makeChainView(app, model) {
  const { state } = app, now = { chain: null, view: null, curve: null };
  const own = { x: state.get("xt") || "2*cos(t)", y: state.get("yt") || "sin(t)", t: state.get("t") || "0.8" };
  const command = makeCommand("The same by the command, with proven digits");
  const list = make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Products along the paths" });

  function change(values) {
    Object.assign(own, values);
    state.set({ xt: own.x, yt: own.y, t: own.t });
    compute();
  }

  const compute = latest(async () => {
    const { reply, numbers } = await app.call("functions_chain", model.f, own.x, own.y, own.t, ...span, curvePoints);
    for (const [field, name] of [[fields[0], "x(t)"], [fields[1], "y(t)"], [time, "t"]])
      field.fault(reply.error?.field === name ? reply.error : null);
    if (reply.error) return;
    const view = await sampleView(app, model.f, model.range);
    if (view.reply.error) return;
    Object.assign(now, { chain: reply, view, curve: numbers });
    show();
  });

  const map = makeChainMap(app, model, now), tree = makeChainTree(app, now);
  const check = async (text) => (await app.call("functions_formula_of", "t", text)).reply;
  const fields = ["x", "y"].map((name) => makeField({ label: `${name}(t)`, prefix: `${name} =`, value: own[name], check,
    accept: (text) => change({ [name]: text }) }));
  const [time, slider] = makeTime(app, own.t, (t) => change({ t }));

  function show() {
    for (const figure of [map, tree]) figure.render();
    command.set(`edgegrad surface '${model.f}' --with 'x=${own.x}' --with 'y=${own.y}' --at 't=${own.t}'`);
    const { message } = now.chain;
    list.replaceChildren(message ? make("p", { class: "message plain", role: "status" }, message) : productTable(app, now.chain));
  }

  const element = box("function-chain",
    box("card", map.element, hint("The curve for t from 0 to 2\u03c0, and its velocity (dx/dt, dy/dt) at t. df/dt is " +
      "\u2207f \u00b7 velocity: the slope along the curve times the speed.")),
    box("card", make("h2", {}, "The path"), box("row pair", fields.map((field) => field.element), time.element),
      slider.element, tree.element),
    box("card across", make("h2", {}, "df/dt"), box("numbers", list)), box("card across", command.element));
  return { element, update: () => compute() };
}
