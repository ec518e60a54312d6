// SPDX-License-Identifier: MIT
// The fit of a model to a table: data and curve, and the loss over two parameters with the paths of the methods.
import { announce, make, newId } from "../dom.js";
import { drawCurve, drawPoints } from "../draw/graph.js";
import { drawAreas, drawLevels } from "../draw/levels.js";
import { makePlane } from "../draw/plane.js";
import { drawTrail } from "../draw/trail.js";
import { readTable } from "../table.js";
import { makeMethodChoice, methodOf, methods } from "./descent_methods.js";
import { makeCommand } from "./command.js";
import { makeField } from "./field.js";
import { makeFigure } from "./figure.js";
import { general } from "./function_numbers.js";
import { makePlayer } from "./player.js";
import { latest, settle } from "../timing.js";

const side = 61, curvePoints = 121, mostSteps = 400;
const offered = [{ name: "lm", title: "Levenberg\u2013Marquardt", shape: "triangle" }, ...methods.filter((one) => one.name === "gd" || one.name === "momentum" || one.name === "adam")];
const examples = [
  { name: "Line", model: "a*x + b", start: "a=0,b=0", table: "x\ty\n0\t1.1\n1\t2.9\n2\t5.2\n3\t6.8\n4\t9.1\n5\t11.2\n6\t12.7" },
  { name: "Cooling", model: "a*exp(b*x)", start: "a=40,b=-0.1", table: "x\ty\n0\t61.8\n2\t48.9\n4\t40.3\n6\t31.9\n8\t26.4\n10\t20.7\n12\t17.3\n14\t13.6" },
  { name: "Wave", model: "a*sin(w*x)", start: "a=1,w=1.6", table: "x\ty\n0\t0.1\n0.5\t1.4\n1\t2.3\n1.5\t2.7\n2\t2.1\n2.5\t1.2\n3\t-0.2\n3.5\t-1.5\n4\t-2.4\n4.5\t-2.6" },
];

const range = (values) => [Math.min(...values), Math.max(...values)];

// Returns the ranges of the first two parameters over the paths: all of the first run, and what of the others is not too far.
function lossRanges(runs) {
  return [0, 1].map((index) => {
    const own = range(runs[0].path.map((point) => point[index]).filter(Number.isFinite)), far = 6 * (own[1] - own[0] || Math.abs(own[0]) || 1);
    const [low, high] = range(runs.flatMap((run) => [...run.path].map((point) => point[index])).filter((value) => value > own[0] - far && value < own[1] + far));
    const margin = (high - low || Math.abs(high) || 1) * 0.25;
    return [low - margin, high + margin];
  });
}

// Creates the view.
export function makeFitView(app) {
  const { state } = app, first = examples[0];
  const own = { table: state.get("table") || first.table, model: state.get("model") || first.model, start: state.get("fit") || first.start, methods: (state.get("fitters") || "lm,gd,momentum").split(",") };
  let data = readTable(own.table), runs = [], loss = null;

  function change(values) {
    Object.assign(own, values);
    state.set({ table: own.table, model: own.model, fit: own.start, fitters: own.methods.join(",") });
    compute();
  }

  const inputOf = ({ names, columns, rows }) => [names.join("\n"), Float64Array.from(columns.flat()), rows];

  async function run(method) {
    const { reply, numbers } = await app.call("functions_fit", own.model, ...inputOf(data), own.start, method, NaN, mostSteps, curvePoints);
    if (reply.error) return { name: method, error: reply.error };
    const width = reply.parameters.length + 1, path = [];
    for (let i = 0; i < reply.recorded; i++) path.push(numbers.subarray(i * width, i * width + width));
    return { ...reply, name: method, path, triples: numbers.subarray(reply.recorded * width) };
  }

  const compute = latest(async () => {
    const table = readTable(own.table);
    tableFault(table.error);
    if (table.error) return;
    data = table;
    const found = [];
    for (const method of offered) if (own.methods.includes(method.name)) found.push(await run(method.name));
    const error = found.find((one) => one.error)?.error;
    model.fault(error && error.field !== "start" ? { ...error, offset: 0, length: 0 } : null);
    start.fault(error?.field === "start" ? { ...error, offset: 0, length: 0 } : null);
    if (error) return;
    runs = found;
    loss = runs.length && runs[0].parameters.length > 1 ? await sampleLoss() : null;
    player.setSteps(Math.max(0, ...runs.map((one) => one.path.length - 1)));
    show();
  });

  async function sampleLoss() {
    const [x, y] = lossRanges(runs), end = runs[0].parameters.map((one) => `${one.name}=${one.value}`).join(",");
    const { reply, numbers } = await app.call("functions_loss", own.model, ...inputOf(data), end, 0, 1, Float64Array.of(...x, ...y), side);
    return reply.error ? null : { reply, values: numbers, points: numbers.subarray(side * side), columns: side, rows: side, x, y };
  }

  // ---- the drawings ----

  const targets = () => data.columns.at(-1);
  const column = () => data.columns[Math.max(0, data.names.indexOf(runs[0]?.column ?? data.names[0]))];
  const extent = (values, margin) => {
    const low = Math.min(...values), high = Math.max(...values), size = high - low || 1;
    return [low - size * margin, high + size * margin];
  };

  const graph = makeFigure({ title: "Data and curve", label: "The data and the fitted curve with its 95 % band", file: "fit.svg", height: (width) => Math.min(width * 0.85, 420), draw: (width, height) => {
    if (data.error || !runs.length) return [];
    const plane = makePlane({ x: extent(column(), 0.06), y: extent(targets(), 0.15), width, height, point: app.point, labels: [runs[0].column ?? data.names[0], data.names.at(-1)], equal: false });
    return [plane.clip, plane.axes(), runs[0].curve ? drawCurve(plane, runs[0].triples) : "", drawPoints(plane, column().map((value, index) => [value, targets()[index]]))];
  } });
  const surface = makeFigure({ title: "Loss over two parameters", label: "Level curves of the mean squared error, with the paths of the methods", file: "loss.svg", height: (width) => Math.min(width * 0.85, 420), draw: (width, height) => {
    if (!loss) return [];
    const plane = makePlane({ x: loss.x, y: loss.y, width, height, point: app.point, labels: runs[0].parameters.slice(0, 2).map((one) => one.name), equal: false });
    return [plane.clip, drawAreas(plane, loss), plane.axes(), drawLevels(plane, loss),
      ...runs.map((one) => drawTrail(plane, one.path.map((point) => [point[0], point[1]]), { method: one.name, shape: methodOf(one.name).shape, count: player.step + 1 }))];
  } });
  const player = makePlayer(() => surface.render());

  // ---- the words ----

  const words = make("div", { class: "runs" }), number = (value) => value === null ? "\u2013" : app.show(general(value));

  function runCard(one) {
    const list = make("dl", {}, one.parameters.map((parameter) => make("div", {}, make("dt", {}, parameter.name), make("dd", {}, make("b", {}, number(parameter.value)), parameter.standard_error === null ? "" : ` \u00b1 ${number(parameter.standard_error)}`))),
      make("div", {}, make("dt", {}, "mean squared error"), make("dd", {}, number(one.value))), make("div", {}, make("dt", {}, "R\u00b2"), make("dd", {}, number(one.r_squared))), make("div", {}, make("dt", {}, "steps"), make("dd", {}, String(one.steps))));
    return make("div", { class: `run ${one.name}` }, make("h3", {}, methodOf(one.name).title, make("span", { class: `verdict ${one.minimum ? "good" : "bad"}` }, one.minimum ? "a minimum" : "no minimum")), list,
      one.words ? make("p", { class: "why" }, one.words) : null, one.remarks.map((remark) => make("p", { class: "remark" }, remark)));
  }

  function show() {
    graph.render();
    surface.render();
    command.set(`edgegrad descent --model '${own.model}' --data table.csv --target '${data.names.at(-1)}' --from '${own.start}'`);
    announce(runs.map((one) => `${methodOf(one.name).title}: ${one.parameters.map((parameter) => `${parameter.name} = ${number(parameter.value)}`).join(", ")}`).join(". "));
    words.replaceChildren(...(runs.length ? runs.map(runCard) : [make("p", { class: "hint" }, "Choose a method.")]));
  }

  // ---- controls ----

  const note = make("p", { class: "message", id: newId("note"), role: "status" }), id = newId("table");
  const area = make("textarea", { id, rows: 9, spellcheck: false, "aria-describedby": note.id, oninput: settle(() => change({ table: area.value }), 200) });
  area.value = own.table;
  function tableFault(error) {
    area.setAttribute("aria-invalid", error ? "true" : "false");
    note.textContent = error ? error.message : "";
  }
  const any = async () => ({});
  const model = makeField({ label: "Model", prefix: `${data.names?.at(-1) ?? "y"} =`, value: own.model, check: any, accept: (text) => change({ model: text }), delay: 150 });
  const start = makeField({ label: "Start of the parameters", value: own.start, check: any, accept: (text) => change({ start: text }), delay: 150 });
  function useExample(example) {
    area.value = example.table;
    model.set(example.model);
    start.set(example.start);
    change({ table: example.table, model: example.model, start: example.start });
  }

  const command = makeCommand();
  const element = make("div", { class: "function-fit" },
    make("div", { class: "card" }, make("div", { class: "chips first", role: "group", "aria-label": "Examples" }, examples.map((example) => make("button", { type: "button", class: "chip", onclick: () => useExample(example) }, example.name))),
      make("div", { class: "labelled wide" }, make("label", { for: id }, "Table: paste columns; the last one is fitted"), area, note), model.element, start.element,
      makeMethodChoice(offered, own.methods, (names) => change({ methods: names }))),
    make("div", { class: "stack" }, make("div", { class: "pair-of-cards" }, make("div", { class: "card" }, graph.element), make("div", { class: "card" }, surface.element, player.element)),
      make("div", { class: "card" }, make("h2", {}, "Results"), words), make("div", { class: "card" }, command.element)));
  return { element, update: () => compute() };
}
