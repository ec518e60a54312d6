// SPDX-License-Identifier: MIT
// The part "functions": a formula, and four views that share it: at a point, the chain rule, descent, the fit of a table.
import { Client } from "../client.js";
import { make } from "../dom.js";
import { decimalSign, showDigits } from "../numbers.js";
import { makeDescentView } from "./functions/descent.js";
import { makeField, makeNumberField } from "./functions/field.js";
import { makeFitView } from "./functions/fit.js";
import { makeChainView } from "./functions/chain.js";
import { ascends, exampleModel, functionExamples, readModel, writeModel } from "./functions/model.js";
import { makePointView } from "./functions/point.js";
import { box, makeExamples } from "./functions/layout.js";

const views = [["point", "At a point", makePointView], ["chain", "Chain rule", makeChainView],
  ["descent", "Descent", makeDescentView], ["fit", "Fit a table", makeFitView]];

// What a view needs: call(name, ...values) of the library, the state of the link, and how numbers are written. Failures that
// are of no field stand in `notice`.
function makeApp(client, values, changed) {
  const notice = make("p", { class: "notice", role: "alert", hidden: true });
  async function call(name, ...words) {
    let answer;
    try {
      answer = await client.call("functions.call", { name, values: words });
    } catch (error) {
      answer = { reply: { error: { message: error.message } }, numbers: new Float64Array() };
    }
    const { error } = answer.reply;
    notice.textContent = error && !error.field ? error.message : "";
    notice.hidden = !notice.textContent;
    return answer;
  }
  const state = { values, get: (name) => values[name], set: (more) => {
    Object.assign(values, more);
    changed();
  } };
  return { point: decimalSign(), show: showDigits, call, notice, state };
}

// Creates the tabs of the views. open(name) is called. Returns {element, show(name)}.
function makeTabs(open) {
  const tabs = views.map(([name, title]) => make("button", { type: "button", role: "tab", id: `view-${name}`,
    "aria-controls": "function-panel", onclick: () => open(name) }, title));
  const element = make("div", { class: "tabs views", role: "tablist", "aria-label": "Views of a function",
    onkeydown: (event) => {
      const step = { ArrowRight: 1, ArrowLeft: views.length - 1 }[event.key], now = tabs.indexOf(event.target);
      if (!step || now < 0) return;
      event.preventDefault();
      const next = (now + step) % views.length;
      open(views[next][0]);
      tabs[next].focus();
    } }, tabs);
  const show = (name) => tabs.forEach((tab, index) => {
    const chosen = views[index][0] === name;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
  });
  return { element, show };
}

// Creates the card of the formula, with examples and the ranges of the picture.
function makeFormulaCard(app, model, change) {
  const formula = makeField({ label: "Function", prefix: "f(x, y) =", value: model.f, wide: true,
    check: async (text) => (await app.call("functions_formula", text)).reply, accept: (text) => change({ f: text }) });
  const ranges = ["x from", "to", "y from", "to"].map((label, index) => makeNumberField(app, { label,
    value: String(model.range[index]), accept: (_, value) => {
      const range = model.range.with(index, value);
      ranges[index].fault(ascends(range) ? null : { message: "a range must ascend" });
      if (ascends(range)) change({ range });
    } }));
  const examples = makeExamples(functionExamples, (example) => {
    formula.set(example.f);
    ranges.forEach((field, index) => field.set(String(example.range[index])));
    change(exampleModel(example));
  });
  formula.judge();
  return box("card formula", formula.element, examples, make("details", { class: "ranges" },
    make("summary", {}, "Ranges of the picture"), box("row", ranges.map((field) => field.element))));
}

// Shows the part in `root`.
function mount(root, app) {
  const model = readModel(app.state.values), shown = new Map(), tabs = makeTabs(open);
  const panel = make("div", { class: "panel", id: "function-panel", role: "tabpanel" });
  const card = makeFormulaCard(app, model, change);

  function change(values) {
    Object.assign(model, values);
    app.state.set(writeModel(model));
    shown.get(model.view)?.update(Object.keys(values));
  }

  function open(name) {
    const [id, , makeView] = views.find((view) => view[0] === name) ?? views[0];
    tabs.show(id);
    if (!shown.has(id)) shown.set(id, makeView(app, model, change));
    card.hidden = id === "fit";
    panel.setAttribute("aria-labelledby", `view-${id}`);
    panel.replaceChildren(shown.get(id).element);
    change({ view: id });
  }

  root.replaceChildren(tabs.element, app.notice, card, panel);
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
