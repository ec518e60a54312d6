// SPDX-License-Identifier: MIT
// The fit of a model to a table: data and curve, and the loss over two parameters with the paths of the methods.
import { announce, make, newId } from "../../dom.js";
import { acceptDrops } from "../../given_files.js";
import { readTable } from "./table.js";
import { latest } from "../../latest.js";
import { settle } from "../../settle.js";
import { makeCommand } from "./command.js";
import { fitters, makeMethodChoice, methodOf } from "./descent_methods.js";
import { makeField } from "./field.js";
import { fit, fitExamples, sampleLoss } from "./fit_data.js";
import { makeFitGraph, makeFitLoss } from "./fit_figures.js";
import { general } from "./point_numbers.js";
import { box, entry, hint, makeExamples } from "./layout.js";
import { makePlayer } from "./player.js";

const TABLE_MOST = 200e3; // bytes of a file; the address holds the table

// Returns the element of one fit.
function fitCard(app, run) {
  const number = (value) => app.show(general(value));
  const parameter = ({ name, value, standard_error: error }) =>
    entry(name, make("b", {}, number(value)), error === null ? "" : ` \u00b1 ${number(error)}`);
  const verdict = make("span", { class: `verdict ${run.minimum ? "good" : "bad"}` }, run.minimum ? "at a minimum" : "not at a minimum");
  return box(`run ${run.name}`, make("h3", {}, methodOf(run.name).title, verdict),
    make("dl", {}, run.parameters.map(parameter), entry("mean squared error", number(run.value)),
      entry("R\u00b2", run.r_squared === null ? "\u2013" : number(run.r_squared)), entry("steps", String(run.steps))),
    run.words ? make("p", { class: "why" }, run.words) : null,
    run.remarks.map((text) => make("p", { class: "remark" }, text)));
}

// Returns the runs in one sentence each.
function fitsText(app, runs) {
  const value = (one) => `${one.name} = ${app.show(general(one.value))}`;
  return runs.map((run) => `${methodOf(run.name).title}: ${run.parameters.map(value).join(", ")}`).join(". ");
}

// Creates the field of the table. change(text) is called. Returns {element, set(text), fault(error)}.
function makeTableField(value, change) {
  const note = make("p", { class: "message", id: newId("note"), role: "status" });
  const area = make("textarea", { id: newId("table"), rows: 9, spellcheck: false, value, "aria-describedby": note.id,
    oninput: settle(() => change(area.value), 200) });
  const element = box("labelled wide",
    make("label", { for: area.id }, "Table: paste columns or drop a CSV file; the last column is fitted"), area, note);
  const fault = (error) => {
    area.setAttribute("aria-invalid", error ? "true" : "false");
    note.textContent = error?.message ?? "";
  };
  return { element, fault, set: (text) => { area.value = text; } };
}

// Creates the view.
export function makeFitView(app) {
  const { state } = app, first = fitExamples[0], now = { table: null, runs: [], loss: null };
  const own = { table: state.get("table") || first.table, model: state.get("model") || first.model,
    start: state.get("fit") || first.start, methods: (state.get("fitters") || "lm,gd,momentum").split(",") };
  const words = box("runs"), command = makeCommand();

  function change(values) {
    Object.assign(own, values);
    state.set({ table: own.table, model: own.model, fit: own.start, fitters: own.methods.join(",") });
    compute();
  }

  const compute = latest(async () => {
    const table = readTable(own.table), runs = [];
    tableField.fault(table.error);
    if (table.error) return;
    for (const { name } of fitters) if (own.methods.includes(name)) runs.push(await fit(app, table, own, name));
    const error = runs.find((run) => run.error)?.error;
    model.fault(error?.field === "model" ? error : null);
    start.fault(error?.field === "start" ? error : null);
    if (error?.field === "data") tableField.fault(error);
    if (error) return;
    Object.assign(now, { table, runs, loss: await sampleLoss(app, table, own.model, runs) });
    player.setSteps(Math.max(0, ...runs.map((run) => run.path.length - 1)));
    show();
  });

  const graph = makeFitGraph(app, now), loss = makeFitLoss(app, now, () => player.step);
  const player = makePlayer(() => loss.render()), lossCard = box("card", loss.element, player.element);

  function show() {
    lossCard.hidden = !now.loss;
    for (const figure of [graph, loss]) figure.render();
    const target = now.table.names.at(-1);
    command.set(`edgegrad descent --model '${own.model}' --data table.csv --target '${target}' --from '${own.start}'`);
    announce(fitsText(app, now.runs));
    words.replaceChildren(...(now.runs.length ? now.runs.map((run) => fitCard(app, run)) : [hint("Choose a method.")]));
  }

  const tableField = makeTableField(own.table, (table) => change({ table })), check = async () => ({});
  const model = makeField({ label: "Model", prefix: "y =", value: own.model, check, delay: 150,
    accept: (text) => change({ model: text }) });
  const start = makeField({ label: "Start of the parameters", value: own.start, check, delay: 150,
    accept: (text) => change({ start: text }) });
  const examples = makeExamples(fitExamples, (example) => {
    for (const [field, text] of [[tableField, example.table], [model, example.model], [start, example.start]]) field.set(text);
    change({ table: example.table, model: example.model, start: example.start });
  });

  acceptDrops(tableField.element, tableField.element, async ([file]) => {
    if (file.size > TABLE_MOST) {
      tableField.fault(new Error(`${file.name} has more than ${TABLE_MOST / 1e3} kB; the command reads it`));
      return;
    }
    const table = await file.text();
    tableField.set(table);
    change({ table });
  });
  const choice = makeMethodChoice(fitters, own.methods, (methods) => change({ methods }));
  const element = box("function-fit",
    box("card", examples, tableField.element, model.element, start.element, choice),
    box("stack",
      box("pair-of-cards", box("card", graph.element), lossCard),
      box("card", make("h2", {}, "Results"), words), box("card", command.element)));
  return { element, update: () => compute() };
}
