// SPDX-License-Identifier: MIT
// A function at a point: level curves with a point to drag, its numbers, the circle of directions, the tangent plane.
import { announce, make } from "../../dom.js";
import { latest } from "../../latest.js";
import { makeCommand } from "./command.js";
import { makeNumberField } from "./field.js";
import { pointNumbers, slopeNumbers, vectorText } from "./point_numbers.js";
import { sampleView, wholeTurn } from "./view.js";
import { box, hint } from "./layout.js";
import { makePointCompass } from "./point_compass.js";
import { makePointMap } from "./point_map.js";
import { makePointSpace } from "./point_space.js";

// Reads the direction of a link: degrees, or "gradient" or "level", which follow the point.
function readDirection(text) {
  const degrees = Number(text ?? 30);
  if (Number.isFinite(degrees)) return { degrees: wholeTurn(degrees), named: null };
  return { degrees: 0, named: text === "level" ? "level" : "gradient" };
}

// Returns the direction as the library and the command take it.
const directionTexts = (degrees) => [`cos(${degrees}*pi/180)`, `sin(${degrees}*pi/180)`];

// Lists the levels of the curves that are drawn.
function levelsText(app, levels) {
  const texts = levels.map((level) => app.show(String(Number(level.toPrecision(7)))));
  return texts.length ? `Darker is lower. Level curves at ${texts.join(app.point === "," ? "; " : ", ")}` : "";
}

const key = (kind, text) => make("span", { class: `key ${kind}` }, text);

// Creates the view. model: {f, range, x, y}; change(values) changes it.
export function makePointView(app, model, change) {
  const now = { point: null, view: null, ...readDirection(app.state.get("angle")) };
  const numbers = box("numbers"), slopes = box("numbers"), levels = make("span", { class: "levels-text" });
  const command = makeCommand("The same by the command, with proven digits");
  let speak = false;

  const compute = latest(async () => {
    const direction = now.named ? [now.named, ""] : directionTexts(now.degrees);
    const point = (await app.call("functions_point", model.f, model.x, model.y, ...direction)).reply;
    fields.forEach((field, index) => field.fault(point.error?.field === "xy"[index] ? point.error : null));
    if (point.error) return;
    const view = await sampleView(app, model.f, model.range, point.point.map((one) => one.value));
    if (view.reply.error) return;
    Object.assign(now, { point, view });
    const [x, y] = point.along?.direction ?? [];
    if (now.named && x) now.degrees = wholeTurn(Math.atan2(y.value, x.value) * 180 / Math.PI);
    show();
  });

  function move(x, y) {
    fields[0].set(x);
    fields[1].set(y);
    change({ x, y });
  }

  function turn(degrees, named = null) {
    Object.assign(now, { degrees: wholeTurn(degrees), named });
    app.state.set({ angle: named ?? now.degrees });
    compass.render();
    compute();
  }

  const map = makePointMap(app, model, now, move), compass = makePointCompass(app, now, turn);
  const space = makePointSpace(app, now);
  const fields = ["x", "y"].map((name) => makeNumberField(app, { label: name, prefix: `${name} =`, value: model[name],
    accept: (text) => change({ [name]: text }) }));
  const turnTo = (text, named) =>
    make("button", { type: "button", class: "chip", onclick: () => turn(now.degrees, named) }, text);
  const buttons = [turnTo("Along \u2207f", "gradient"), turnTo("Along the level curve", "level")];

  function show() {
    const { point, view } = now, [x, y] = point.point.map((one) => one.text);
    for (const part of [map, compass, space]) part.render();
    map.describe(`Level curves of f = ${point.expression} and its gradient, with the point x = ${x}, y = ${y}`);
    numbers.replaceChildren(...pointNumbers(app, point));
    slopes.replaceChildren(...slopeNumbers(app, point));
    levels.textContent = levelsText(app, view.reply.levels);
    for (const button of buttons) button.disabled = !point.level;
    const along = now.named && point.along ? point.along.direction.map((one) => one.value) : directionTexts(now.degrees);
    command.set(`edgegrad surface '${model.f}' --at 'x=${model.x},y=${model.y}' --along '${along.join(",")}'`);
    if (speak) announce(point.message ?? `f = ${app.show(point.value.text)}, gradient ${vectorText(point.gradient.vector)}`);
    speak = false;
  }

  const keys = make("p", { class: "keys" }, key("gradient", "\u2207f, steepest ascent"), key("direction", "direction u"),
    key("tangent", "tangent of the level curve"), levels);
  const element = box("function-point",
    box("stack",
      box("card", map.element, keys, hint("Drag the point, or move it with the arrow keys (Shift: further).")),
      box("card beside", compass.element, box("", make("h2", {}, "Slope in a direction"), box("chips", buttons), slopes))),
    box("stack",
      box("card", make("h2", {}, "At the point"), box("row pair", fields.map((field) => field.element)), numbers),
      box("card", space.elements), box("card", command.element)));

  return { element, update(names) {
    if (names.includes("x") || names.includes("y")) fields.forEach((field, index) => field.set(model["xy"[index]]));
    speak = names.includes("f");
    compute();
  } };
}
