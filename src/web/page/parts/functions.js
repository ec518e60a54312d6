// SPDX-License-Identifier: MIT
// The part about functions: a formula, and four views of it that share it: at a point, the chain rule, descent, and the fit
// of a table.
import { Client } from "../client.js";
import { make } from "../dom.js";
import { decimalSign, showDigits } from "../numbers.js";
import { makeField, makeNumberField } from "./field.js";
import { makePointView } from "./function_point.js";
import { makeChainView } from "./function_chain.js";
import { makeDescentView } from "./descent.js";
import { makeFitView } from "./fit.js";

const examples = [
  { name: "Valley", f: "x^2 + 3*y^2", range: [-3, 3, -3, 3], at: ["1", "1"], start: ["2.5", "2"], rate: 0.1 },
  { name: "Rosenbrock", f: "(1 - x)^2 + 100*(y - x^2)^2", range: [-2, 2, -1, 3], at: ["-0.5", "1"], start: ["-1.2", "1"], rate: 0.001 },
  { name: "Himmelblau", f: "(x^2 + y - 11)^2 + (x + y^2 - 7)^2", range: [-5, 5, -5, 5], at: ["1", "-1"], start: ["0", "0"], rate: 0.01 },
  { name: "Saddle", f: "x^2 - y^2", range: [-2, 2, -2, 2], at: ["0.8", "0.6"], start: ["1.5", "0.1"], rate: 0.1 },
  { name: "Egg box", f: "sin(x)*cos(y)", range: [-4, 4, -4, 4], at: ["0.5", "0.5"], start: ["0.5", "1"], rate: 0.3 },
  { name: "Cone", f: "sqrt(x^2 + y^2)", range: [-2, 2, -2, 2], at: ["0", "0"], start: ["1.5", "1"], rate: 0.1 },
];

const views = [["point", "At a point", makePointView], ["chain", "Chain rule", makeChainView], ["descent", "Descent", makeDescentView], ["fit", "Fit a table", makeFitView]];

// What the views share, from the link or the first example. Coordinates are texts as typed, so that pi/4 stays exact.
function readModel(values) {
  const first = examples[0], range = (values.range || "").split(",").map(Number);
  const isRange = range.length === 4 && range.every(Number.isFinite) && range[0] < range[1] && range[2] < range[3];
  return { f: values.f || first.f, range: isRange ? range : first.range, x: values.x || first.at[0], y: values.y || first.at[1],
    start: [values.sx || first.start[0], values.sy || first.start[1]], rate: values.rate === "auto" ? NaN : Number(values.rate) || first.rate, view: views.some(([name]) => name === values.view) ? values.view : "point" };
}

// What a view needs: call(name, ...values) of the library, the state of the link, and how numbers are written.
function makeApp(client, values, changed) {
  return { point: decimalSign(), show: showDigits, call: (name, ...words) => client.call("functions.call", { name, values: words }),
    state: { values, get: (name) => values[name], set: (more) => {
      Object.assign(values, more);
      changed();
    } } };
}

// Shows the part in `root`.
function mount(root, app) {
  const model = readModel(app.state.values), shown = new Map(), panel = make("div", { class: "panel", id: "function-panel", role: "tabpanel" });

  function change(values) {
    Object.assign(model, values);
    app.state.set({ f: model.f, range: model.range.join(","), x: model.x, y: model.y, sx: model.start[0], sy: model.start[1], rate: Number.isNaN(model.rate) ? "auto" : model.rate, view: model.view });
    shown.get(model.view)?.update(Object.keys(values));
  }

  const formula = makeField({ label: "Function", prefix: "f(x, y) =", value: model.f, wide: true,
    check: async (text) => (await app.call("functions_formula", text)).reply, accept: (text) => change({ f: text }) });

  function useExample(example) {
    formula.set(example.f);
    change({ f: example.f, range: example.range, x: example.at[0], y: example.at[1], start: example.start, rate: example.rate });
    ranges.forEach((field, index) => field.set(String(example.range[index])));
  }

  const ranges = ["x from", "to", "y from", "to"].map((label, index) => makeNumberField(app, { label, value: String(model.range[index]), accept: (_, value) => {
    const range = [...model.range];
    range[index] = value;
    const ascends = range[0] < range[1] && range[2] < range[3];
    ranges[index].fault(ascends ? null : { message: "a range must ascend" });
    if (ascends) change({ range });
  } }));

  const tabs = views.map(([name, title]) => make("button", { type: "button", role: "tab", id: `view-${name}`, "aria-controls": "function-panel", onclick: () => open(name), onkeydown: (event) => moveTab(event, name) }, title));

  function moveTab(event, name) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key], now = views.findIndex((view) => view[0] === name);
    if (!step) return;
    event.preventDefault();
    const next = (now + step + views.length) % views.length;
    open(views[next][0]);
    tabs[next].focus();
  }

  function open(name) {
    const [id, , makeView] = views.find((view) => view[0] === name);
    tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(views[index][0] === id));
      tab.tabIndex = views[index][0] === id ? 0 : -1;
    });
    if (!shown.has(id)) shown.set(id, makeView(app, model, change));
    bar.hidden = id === "fit";
    panel.setAttribute("aria-labelledby", `view-${id}`);
    panel.replaceChildren(shown.get(id).element);
    change({ view: id });
  }

  const chips = make("div", { class: "chips", role: "group", "aria-label": "Examples" },
    examples.map((example) => make("button", { type: "button", class: "chip", onclick: () => useExample(example) }, example.name)));
  const bar = make("div", { class: "card formula" }, formula.element, chips,
    make("details", { class: "ranges" }, make("summary", {}, "Ranges of the picture"), make("div", { class: "row" }, ranges.map((field) => field.element))));
  root.replaceChildren(make("div", { class: "tabs views", role: "tablist", "aria-label": "Views of a function" }, tabs), bar, panel);
  open(model.view);
}

export const functions = {
  id: "functions",
  title: "Functions",
  create(root, { changed }) {
    const client = new Client();
    let app = null;
    return {
      open(values) {
        app = makeApp(client, { ...values }, changed);
        mount(root, app);
      },
      values: () => app?.state.values ?? {},
    };
  },
};
