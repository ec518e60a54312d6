// SPDX-License-Identifier: MIT
// Descent: a click starts methods side by side on the level curves; each tells where it ended and why, in the library's
// words.
import { announce, make } from "../dom.js";
import { makeHandle, onDrag, placeHandle } from "../draw/handle.js";
import { drawAreas, drawLevels } from "../draw/levels.js";
import { makePlane, niceStep, planeHeight, pointUnder, roundTo } from "../draw/plane.js";
import { drawProgress } from "../draw/progress.js";
import { drawTrail } from "../draw/trail.js";
import { makeCommand } from "./command.js";
import { makeMethodChoice, methodOf, methods, verdictOf } from "./descent_methods.js";
import { makeField, makeNumberField, makeSlider } from "./field.js";
import { makeFigure } from "./figure.js";
import { general } from "./function_numbers.js";
import { sampleView } from "./function_point.js";
import { makePlayer } from "./player.js";
import { latest } from "../timing.js";

const mostSteps = 10000;

// Creates the view. model: {f, range, start}; change(values) changes it.
export function makeDescentView(app, model, change) {
  const { state } = app, settings = { methods: (state.get("methods") || "gd,momentum,adam,newton").split(","), steps: Math.min(mostSteps, Number(state.get("steps")) || 1000) };
  let view = null, runs = [], plane = null, playNext = false, lastRate = Number.isNaN(model.rate) ? 0.1 : model.rate;

  function set(values) {
    Object.assign(settings, values);
    state.set({ methods: settings.methods.join(","), steps: settings.steps });
    compute();
  }

  const compute = latest(async () => {
    const next = await sampleView(app, model.f, model.range);
    if (next.reply.error) return;
    const start = [];
    for (const text of model.start) start.push((await app.call("functions_constant", text)).reply.value);
    const found = [];
    for (const method of methods.filter((one) => settings.methods.includes(one.name))) {
      const { reply, numbers } = await app.call("functions_descent", model.f, ...start, method.name, method.name === "newton" ? NaN : model.rate, settings.steps, 1);
      const points = [];
      for (let i = 0; i + 2 < numbers.length; i += 3) points.push([numbers[i], numbers[i + 1], numbers[i + 2]]);
      found.push({ ...reply, name: method.name, points });
    }
    [view, runs] = [next, found];
    player.setSteps(Math.max(0, ...runs.map((run) => run.points.length - 1)));
    show();
    if (playNext) player.play();
    playNext = false;
  });

  // ---- the drawing ----

  const place = () => model.start.map(Number);
  const handle = makeHandle({ kind: "start", label: "Start", min: -1e9, max: 1e9, key: (dx, dy, far) => {
    const [x, y] = runs[0]?.points[0] ?? place(), by = (span) => niceStep(span, 60) * (far ? 10 : 1), [x0, x1, y0, y1] = model.range;
    begin(x + dx * by(x1 - x0), y + dy * by(y1 - y0));
  } });

  function begin(x, y) {
    const start = [x, y].map((value) => String(Number(value.toPrecision(10))));
    fields.forEach((field, index) => field.set(start[index]));
    change({ start });
  }

  const map = makeFigure({ title: "Paths", label: "Level curves with the paths of the methods", file: "descent.svg", handles: [handle], height: (width) => planeHeight(width, model.range.slice(0, 2), model.range.slice(2)),
    draw: (width, height) => {
      if (!view) return [];
      plane = makePlane({ x: view.x, y: view.y, width, height, point: app.point });
      const first = runs[0]?.points[0] ?? place();
      if (first.every(Number.isFinite)) placeHandle(handle, plane.px(first[0]), plane.py(first[1]), `x = ${app.show(String(first[0]))}, y = ${app.show(String(first[1]))}`, first[0]);
      return [plane.clip, drawAreas(plane, view), plane.axes(), drawLevels(plane, view),
        ...runs.map((run) => drawTrail(plane, run.points, { method: run.name, shape: methodOf(run.name).shape, count: player.step + 1 }))];
    } });
  onDrag(map.svg, (event) => {
    if (!plane) return;
    const at = pointUnder(plane, map.svg, event), [x0, x1, y0, y1] = model.range;
    begin(roundTo(Math.max(x0, Math.min(x1, at[0])), [x0, x1]), roundTo(Math.max(y0, Math.min(y1, at[1])), [y0, y1]));
  });
  const playAll = () => {
    playNext = true;
    compute();
  };
  map.svg.addEventListener("pointerup", playAll);
  const progress = makeFigure({ title: "Value by step", label: "The value of f at each step of the methods", file: "descent-values.svg", height: (width) => Math.min(width * 0.6, 260),
    draw: (width, height) => runs.some((run) => run.points.length) ? drawProgress({ width, height, runs: runs.filter((run) => run.points.length), steps: player.step, point: app.point }) : [] });
  const player = makePlayer(() => {
    map.render();
    progress.render();
  });

  // ---- the words ----

  const words = make("div", { class: "runs" });
  const rounded = (logarithm) => Number((10 ** logarithm).toPrecision(3));
  const number = (value) => app.show(general(value));

  function runCard(run) {
    if (run.error) return make("div", { class: `run ${run.name}` }, make("h3", {}, methodOf(run.name).title), make("p", { class: "message" }, run.error.message));
    const verdict = verdictOf(run);
    return make("div", { class: `run ${run.name}` }, make("h3", {}, methodOf(run.name).title, make("span", { class: `verdict ${verdict.kind}` }, verdict.text)),
      make("p", {}, `${run.steps} ${run.steps === 1 ? "step" : "steps"}${run.rate === null ? "" : `, rate ${number(run.rate)}${run.rate_chosen ? " (auto)" : ""}`}: f = `, make("b", {}, number(run.value)), ` at (${number(run.x)}${app.point === "," ? ";" : ","} ${number(run.y)})`),
      make("p", { class: "why" }, run.stopped), run.end ? make("p", { class: "why" }, run.end) : null, run.remarks.map((remark) => make("p", { class: "remark" }, remark)));
  }

  function show() {
    map.render();
    progress.render();
    command.set(commandText());
    announce(runs.map((run) => `${methodOf(run.name).title}: ${run.error ? run.error.message : verdictOf(run).text}`).join(". "));
    words.replaceChildren(...(runs.length ? runs.map(runCard) : [make("p", { class: "hint" }, "Choose a method.")]));
  }

  // Returns the commands that run the same; Newton's method has a command of its own, because it takes no rate here.
  function commandText() {
    const run = `edgegrad descent '${model.f}' --from '${model.start.join(",")}'`, others = settings.methods.filter((name) => name !== "newton");
    const rate = Number.isNaN(model.rate) ? "" : ` --rate ${model.rate}`;
    const lines = others.length ? [`${run} --compare ${others.join(",")}${rate} --steps ${settings.steps}`] : [];
    return [...lines, ...(settings.methods.includes("newton") ? [`${run} --method newton`] : [])].join("\n");
  }

  // ---- controls ----

  const rate = makeSlider({ label: "Learning rate", min: -4, max: 0.5, step: 0.01, value: Math.log10(lastRate), show: (value) => Number.isNaN(model.rate) ? "automatic" : number(rounded(value)), input: (value) => change({ rate: rounded(value) }) });
  const auto = make("input", { type: "checkbox", onchange: () => change({ rate: auto.checked ? NaN : lastRate }) });
  const steps = makeField({ label: "Most steps", value: String(settings.steps), mode: "numeric",
    check: async (text) => /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= mostSteps ? {} : { error: { message: `a whole number from 1 to ${mostSteps}` } }, accept: (text) => set({ steps: Number(text) }) });
  const fields = ["x", "y"].map((name, index) => makeNumberField(app, { label: `Start ${name}`, prefix: `${name} =`, value: model.start[index], accept: (text) => {
    const start = [...model.start];
    start[index] = text;
    change({ start });
  } }));

  function showRate() {
    auto.checked = Number.isNaN(model.rate);
    if (!auto.checked) lastRate = model.rate;
    const at = Math.log10(lastRate);
    rate.set(Math.abs(at - Number(rate.range.value)) < 0.006 ? Number(rate.range.value) : at);
  }

  const command = makeCommand();
  const element = make("div", { class: "function-descent" },
    make("div", { class: "card" }, map.element, player.element, make("p", { class: "hint" }, "Click where to start, drag the start, or move it with the arrow keys.")),
    make("div", { class: "stack" }, make("div", { class: "card" }, makeMethodChoice(methods, settings.methods, (names) => set({ methods: names })), rate.element, make("label", { class: "check" }, auto, "Choose the rate by the curvature at the start"), make("p", { class: "hint" }, "Newton\u2019s method needs no rate."),
      make("div", { class: "row pair" }, fields.map((field) => field.element), steps.element)), make("div", { class: "card" }, progress.element)),
    make("div", { class: "card across" }, make("h2", {}, "Results"), words), make("div", { class: "card across" }, command.element));
  return { element, update(names) {
    if (names.includes("start")) fields.forEach((field, index) => field.set(model.start[index]));
    showRate();
    compute();
  } };
}
