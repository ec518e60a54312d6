// SPDX-License-Identifier: MIT
// Descent: a click starts methods side by side on the level curves; each tells where it ended and why.
import { announce, make } from "../../dom.js";
import { latest } from "../../latest.js";
import { makeCommand } from "./command.js";
import { makeDescentMap, makeDescentProgress } from "./descent_map.js";
import { makeMethodChoice, methods } from "./descent_methods.js";
import { makeRate } from "./descent_rate.js";
import { descentCommand, runCards, runsText } from "./descent_results.js";
import { makeField, makeNumberField } from "./field.js";
import { sampleView } from "./view.js";
import { box, hint } from "./layout.js";
import { makePlayer } from "./player.js";

const mostSteps = 10000, usualSteps = 1000;

// Runs a method; Newton's has its own rate. As by the command, diverging runs use all steps if their number was chosen.
async function descend(app, model, start, method, steps) {
  const rate = method === "newton" ? NaN : model.rate;
  const giveUp = Number(steps === usualSteps);
  const { reply, numbers } = await app.call("functions_descent", model.f, ...start, method, rate, steps, giveUp);
  const points = [];
  for (let i = 0; i + 2 < numbers.length; i += 3) points.push([numbers[i], numbers[i + 1], numbers[i + 2]]);
  return { ...reply, name: method, points };
}

// Returns an error unless the text is a number of steps.
async function checkSteps(text) {
  const valid = /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= mostSteps;
  return valid ? {} : { error: { message: `a whole number from 1 to ${mostSteps}` } };
}

// Creates the view. model: {f, range, start, rate}; change(values) changes it.
export function makeDescentView(app, model, change) {
  const { state } = app, now = { view: null, runs: [], start: null }, words = box("runs"), command = makeCommand();
  const settings = { methods: (state.get("methods") || "gd,momentum,adam,newton").split(","),
    steps: Math.min(mostSteps, Math.max(1, Math.floor(Number(state.get("steps"))) || usualSteps)) };
  let playNext = false;

  function set(values) {
    Object.assign(settings, values);
    state.set({ methods: settings.methods.join(","), steps: settings.steps });
    compute();
  }

  const compute = latest(async () => {
    const view = await sampleView(app, model.f, model.range), start = [], runs = [];
    for (const text of model.start) start.push((await app.call("functions_constant", text)).reply.value);
    if (view.reply.error || start.includes(undefined)) return;
    for (const { name } of methods.filter((method) => settings.methods.includes(method.name)))
      runs.push(await descend(app, model, start, name, settings.steps));
    Object.assign(now, { view, start, runs });
    player.setSteps(Math.max(0, ...runs.map((run) => run.points.length - 1)));
    show();
    if (playNext) player.play();
    playNext = false;
  });

  function begin(x, y) {
    const start = [String(x), String(y)];
    fields.forEach((field, index) => field.set(start[index]));
    change({ start });
  }

  const step = () => player.step, map = makeDescentMap(app, model, now, { step, begin });
  const progress = makeDescentProgress(app, now, step);
  const player = makePlayer(() => [map, progress].forEach((figure) => figure.render()));
  map.svg.addEventListener("click", () => {
    playNext = true;
    compute();
  });

  const rate = makeRate(app, model.rate, (value) => change({ rate: value }));
  const steps = makeField({ label: "Most steps", value: String(settings.steps), mode: "numeric", check: checkSteps,
    accept: (text) => set({ steps: Number(text) }) });
  const fields = ["x", "y"].map((name, index) => makeNumberField(app, { label: `Start ${name}`, prefix: `${name} =`,
    value: model.start[index], accept: (text) => change({ start: model.start.with(index, text) }) }));

  function show() {
    for (const figure of [map, progress]) figure.render();
    command.set(descentCommand(model, settings));
    announce(runsText(now.runs));
    words.replaceChildren(...runCards(app, now.runs));
  }

  const choice = makeMethodChoice(methods, settings.methods, (names) => set({ methods: names }));
  const element = box("function-descent",
    box("card", map.element, player.element, hint("Click where to start, drag the start, or move it with the arrow keys.")),
    box("stack",
      box("card", choice, rate.elements, hint("Newton\u2019s method needs no rate."),
        box("row pair", fields.map((field) => field.element), steps.element)),
      box("card", progress.element)),
    box("card across", make("h2", {}, "Results"), words), box("card across", command.element));

  return { element, update(names) {
    if (names.includes("start")) fields.forEach((field, index) => field.set(model.start[index]));
    rate.set(model.rate);
    compute();
  } };
}
