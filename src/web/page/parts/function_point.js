// SPDX-License-Identifier: MIT
// A function at a point: level curves with a point to drag, its numbers, the circle of directions, the tangent plane.
import { announce, make } from "../dom.js";
import { drawCompass } from "../draw/compass.js";
import { makeHandle, onDrag, placeHandle } from "../draw/handle.js";
import { drawAreas, drawArrows, drawLevels, drawOwnLevel } from "../draw/levels.js";
import { makePlane, niceStep, planeHeight, pointUnder, roundTo } from "../draw/plane.js";
import { drawSpace } from "../draw/space.js";
import { arrowPath, make as shape, pathOf } from "../draw/svg.js";
import { makeCommand } from "./command.js";
import { makeFigure } from "./figure.js";
import { makeNumberField, makeSlider } from "./field.js";
import { pointNumbers, slopeNumbers, vectorText } from "./function_numbers.js";
import { latest } from "../timing.js";

const samples = 81;

// Returns f sampled over the ranges, with its level curves; `points` are the points of lines and areas.
export async function sampleView(app, f, range, at = [NaN, NaN]) {
  const { reply, numbers } = await app.call("functions_view", f, ...range, samples, samples, 1, ...at);
  return { reply, values: numbers, points: numbers.subarray(3 * samples * samples), columns: samples, rows: samples, x: range.slice(0, 2), y: range.slice(2) };
}

// Creates the view. model: {f, range, x, y}; change(values) changes it.
export function makePointView(app, model, change) {
  let view = null, point = null, plane = null, degrees = Number(app.state.get("angle") ?? 30), named = null, speak = false;
  if (Number.isNaN(degrees)) [named, degrees] = [app.state.get("angle") === "level" ? "level" : "gradient", 0];
  const eye = { azimuth: -60, elevation: 30 };
  const place = () => [point.point[0].value, point.point[1].value];

  // ---- what is computed ----

  const compute = latest(async () => {
    const turn = `${degrees}*pi/180`, direction = named ? [named, ""] : [`cos(${turn})`, `sin(${turn})`];
    const answer = (await app.call("functions_point", model.f, model.x, model.y, ...direction)).reply;
    if (answer.error) return;
    const next = await sampleView(app, model.f, model.range, [answer.point[0].value, answer.point[1].value]);
    if (next.reply.error) return;
    [point, view] = [answer, next];
    if (named && point.along) degrees = Math.round(Math.atan2(point.along.direction[1].value, point.along.direction[0].value) * 180 / Math.PI);
    show();
  });

  // ---- the plane ----

  const dot = makeHandle({ kind: "point", label: "Point", min: -1e9, max: 1e9, key: (dx, dy, far) => {
    const move = (value, span, by) => String(Number((value + by * niceStep(span, 60) * (far ? 10 : 1)).toPrecision(10)));
    const [x, y] = place(), [x0, x1, y0, y1] = model.range;
    movePoint(dx ? move(x, x1 - x0, dx) : model.x, dy ? move(y, y1 - y0, dy) : model.y);
  } });

  function movePoint(x, y) {
    fields[0].set(x);
    fields[1].set(y);
    change({ x, y });
  }

  const map = makeFigure({ title: "Level curves and gradient", label: "Level curves of f and its gradient", file: "level-curves.svg", handles: [dot],
    height: (width) => planeHeight(width, model.range.slice(0, 2), model.range.slice(2)), draw: (width, height) => {
      if (!view) return [];
      plane = makePlane({ x: view.x, y: view.y, width, height, point: app.point });
      const [x, y] = place().map((value, index) => (index ? plane.py : plane.px)(value));
      placeHandle(dot, x, y, `x = ${app.show(point.point[0].text)}, y = ${app.show(point.point[1].text)}, f = ${app.show(point.value.text)}`, place()[0]);
      return [plane.clip, drawAreas(plane, view), plane.axes(), drawLevels(plane, view), drawArrows(plane, view), drawOwnLevel(plane, view), ...vectors(x, y)];
    } });
  onDrag(map.svg, (event) => {
    if (!plane || (event.pointerType === "touch" && event.type === "click" && event.target.closest(".handle"))) return;
    const at = pointUnder(plane, map.svg, event), [x0, x1, y0, y1] = model.range;
    const keep = (value, low, high) => roundTo(Math.max(low, Math.min(high, value)), [low, high]);
    movePoint(String(keep(at[0], x0, x1)), String(keep(at[1], y0, y1)));
  });

  // Draws the gradient and the direction at the point, in the plane's scale on the screen.
  function vectors(x, y) {
    if (!point.gradient || point.gradient.critical || !point.along) return [];
    const longest = Math.min(84, 0.2 * plane.width);
    const onScreen = ([a, b], length) => {
      const dx = a.value * (plane.px(1) - plane.px(0)), dy = b.value * (plane.py(1) - plane.py(0)), size = Math.hypot(dx, dy) || 1;
      return [x + dx / size * length, y + dy / size * length];
    };
    const level = onScreen(point.level.direction, 0.85 * longest), back = [2 * x - level[0], 2 * y - level[1]];
    return [shape("g", { "clip-path": plane.clipping, "aria-hidden": true }, shape("path", { class: "tangent", d: pathOf([back, level]) }),
      shape("path", { class: "direction", d: arrowPath(x, y, ...onScreen(point.along.direction, 0.8 * longest), 10) }),
      shape("path", { class: "gradient", d: arrowPath(x, y, ...onScreen(point.gradient.vector, longest), 11) }))];
  }

  // ---- directions ----

  function turn(value, name = null) {
    degrees = Math.round(((value + 180) % 360 + 360) % 360 - 180);
    named = name;
    app.state.set({ angle: named ?? degrees });
    if (point) compass.render();
    compute();
  }

  const needle = makeHandle({ kind: "direction", label: "Direction in degrees", min: -180, max: 180, radius: 8,
    key: (dx, dy, far) => turn(degrees + (dx < 0 || dy > 0 ? 1 : -1) * (far ? 15 : 1)) });
  const compass = makeFigure({ title: "Directions", label: "The slope in every direction", file: "directions.svg", handles: [needle], height: (width) => Math.min(width, 320),
    draw: (width, height) => {
      if (!point) return [];
      const gradient = point.gradient ? point.gradient.vector.map((one) => one.value) : [0, 0], { nodes, end } = drawCompass({ size: height, gradient, degrees });
      const shift = (width - height) / 2;
      placeHandle(needle, end[0] + shift, end[1], `${degrees} degrees${point.along ? `, slope ${app.show(point.along.slope.text)}` : ""}`, degrees);
      return [shape("g", { transform: `translate(${shift} 0)` }, nodes)];
    } });
  onDrag(compass.svg, (event) => {
    const box = compass.svg.getBoundingClientRect(), x = event.clientX - box.left - box.width / 2, y = box.top + box.height / 2 - event.clientY;
    if (Math.hypot(x, y) > 6) turn(Math.atan2(y, x) * 180 / Math.PI);
  });
  const namedButtons = [["Along \u2207f", "gradient"], ["Along the level curve", "level"]].map(([text, name]) => make("button", { type: "button", class: "chip", onclick: () => turn(degrees, name) }, text));

  // ---- space ----

  const space = makeFigure({ title: "Tangent plane", label: "The surface z = f with its tangent plane", file: "tangent-plane.svg", height: (width) => Math.min(width * 0.78, 400),
    draw: (width, height) => {
      if (!view) return [];
      const tangent = point.gradient ? { point: place(), value: point.value.value, gradient: point.gradient.vector.map((one) => one.value) } : null;
      return drawSpace({ width, height, view, tangent, marked: [...place(), point.value.value], eye });
    } });
  const slider = (label, key, min, max) => makeSlider({ label, min, max, step: 1, value: eye[key], show: (value) => `${app.show(String(value))}°`, input: (value) => {
    eye[key] = value;
    space.render();
  } });
  const turns = slider("Turn", "azimuth", -180, 180), tilts = slider("Tilt", "elevation", -60, 90);
  let grip = null;
  space.svg.addEventListener("pointerdown", (event) => { grip = [event.clientX, event.clientY, eye.azimuth, eye.elevation]; });
  onDrag(space.svg, (event) => {
    if (!grip || event.type === "click") return;
    eye.azimuth = Math.round(((grip[2] - (event.clientX - grip[0]) / 2 + 180) % 360 + 360) % 360 - 180);
    eye.elevation = Math.round(Math.max(-60, Math.min(90, grip[3] + (event.clientY - grip[1]) / 3)));
    turns.set(eye.azimuth);
    tilts.set(eye.elevation);
    space.render();
  });

  // ---- the whole ----

  const numbers = make("div", { class: "numbers" }), slopes = make("div", { class: "numbers" });
  const fields = ["x", "y"].map((name) => makeNumberField(app, { label: name, prefix: `${name} =`, value: model[name], accept: (text) => change({ [name]: text }) }));

  const levels = make("span", { class: "levels-text" });

  // Returns the direction as the command takes it.
  const along17 = () => named && point.along ? point.along.direction.map((one) => one.value).join(",") : `cos(${degrees}*pi/180),sin(${degrees}*pi/180)`;

  function show() {
    for (const figure of [map, compass, space]) figure.render();
    numbers.replaceChildren(...pointNumbers(app, point));
    levels.textContent = view.reply.levels.length ? `Darker is lower. Level curves at ${view.reply.levels.map((level) => app.show(String(Number(level.toPrecision(7))))).join(app.point === "," ? "; " : ", ")}` : "";
    command.set(`edgegrad surface '${model.f}' --at 'x=${model.x},y=${model.y}' --along '${along17()}'`);
    slopes.replaceChildren(...slopeNumbers(app, point));
    for (const button of namedButtons) button.disabled = !point.level;
    if (speak) announce(point.message ?? `f = ${app.show(point.value.text)}, gradient ${vectorText(point.gradient.vector)}`);
    speak = false;
    map.describe(`Level curves of f = ${point.expression} and its gradient, with the point x = ${point.point[0].text}, y = ${point.point[1].text}`);
  }

  const command = makeCommand("The same by the command, with proven digits");
  const key = (kind, text) => make("span", { class: `key ${kind}` }, text);
  const element = make("div", { class: "function-point" },
    make("div", { class: "stack" },
      make("div", { class: "card" }, map.element, make("p", { class: "keys" }, key("gradient", "\u2207f, steepest ascent"), key("direction", "direction u"), key("tangent", "tangent of the level curve"), levels),
        make("p", { class: "hint" }, "Drag the point, or move it with the arrow keys (Shift: further).")),
      make("div", { class: "card beside" }, compass.element, make("div", {}, make("h2", {}, "Slope in a direction"), make("div", { class: "chips" }, namedButtons), slopes))),
    make("div", { class: "stack" },
      make("div", { class: "card" }, make("h2", {}, "At the point"), make("div", { class: "row pair" }, fields.map((field) => field.element)), numbers),
      make("div", { class: "card" }, space.element, turns.element, tilts.element), make("div", { class: "card" }, command.element)));

  return { element, update(names) {
    if (names.includes("x") || names.includes("y")) fields.forEach((field, index) => field.set(model["xy"[index]]));
    speak = names.includes("f");
    compute();
  } };
}
