// SPDX-License-Identifier: MIT
// The numbers of a point as text: lists of names and values.
import { make } from "../../dom.js";
import { entry, hint } from "./layout.js";

// Writes a sum as the command does: "2*x + 6*y - 4". parts: [[number {text, value}, name or null], ...].
function sumText(parts) {
  let text = "";
  for (const [number, name] of parts) {
    const digits = number.text.replace(/^-/, ""), negative = number.text.startsWith("-");
    if (digits === "0") continue;
    const term = !name ? digits : digits === "1" ? name : `${digits}*${name}`;
    text += text ? `${negative ? " - " : " + "}${term}` : `${negative ? "-" : ""}${term}`;
  }
  return text || "0";
}

export const vectorText = (numbers) => `(${numbers.map((number) => number.text).join(", ")})`;

// Writes a number with 7 significant digits, as "%.7g" does.
export function general(value) {
  if (value === 0) return "0";
  const [digits, exponent] = value.toExponential(6).split("e"), size = Number(exponent);
  const short = (text) => text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  if (size >= -4 && size < 7) return short(value.toPrecision(7));
  return `${short(digits)}e${size < 0 ? "-" : "+"}${String(Math.abs(size)).padStart(2, "0")}`;
}

// Writes a formula with the decimal separator of the page; in a list of numbers the separator is then a semicolon.
function localFormula(app, text) {
  return app.point === "," ? text.replace(/, /g, "; ").replace(/(\d)\.(?=\d)/g, "$1,") : text;
}

// Writes numbers likewise, with the sign of the minus.
const local = (app, text) => localFormula(app, text).replace(/(^|[( ])-(?=\d)/g, "$1\u2212");

// Shows a formula and its value; the value alone where they are the same.
function equation(app, formula, number) {
  const same = !number || formula === number.text;
  return [make("code", {}, formula), same ? null : make("b", {}, ` = ${local(app, number.text)}`)];
}

const gradientSign = "\u2207f";
const bold = (text) => make("b", {}, text), large = (text) => make("b", { class: "large" }, text);

// Writes a limit along a path.
function limitText(app, { kind, value, negative }) {
  const others = { infinite: negative ? "\u2212\u221e" : "\u221e", none: "no limit", undefined: "no values" };
  return others[kind] ?? local(app, general(value));
}

// Shows the limits along straight paths to a point without a gradient.
function approaches(app, point) {
  const short = (value) => String(Number((Math.abs(value) < 1e-15 ? 0 : value).toPrecision(4)));
  const head = ["direction", "limit of f", "slope"].map((text) => make("th", { scope: "col" }, text));
  const row = (path) => make("tr", {}, make("th", { scope: "row" }, local(app, `(${short(path.x)}, ${short(path.y)})`)),
    make("td", {}, limitText(app, path.limit)), make("td", {}, limitText(app, path.slope)));
  return make("table", { class: "limits" }, make("caption", {}, "Limits along paths to the point"),
    make("thead", {}, make("tr", {}, head)), make("tbody", {}, point.approaches.slice(0, 8).map(row)));
}

// Returns the entries that a point with a gradient has.
function gradientEntries(app, { gradient, tangent, level, hessian }) {
  const [gx, gy] = gradient.vector, angle = gradient.angle ? ` at ${local(app, gradient.angle.text)}°` : "";
  const plane = localFormula(app, `z = ${sumText([[gx, "x"], [gy, "y"], [tangent.constant, null]])}`);
  const vector = (numbers) => bold(local(app, vectorText(numbers)));
  const list = [entry(gradientSign, vector(gradient.vector)),
    entry(`|${gradientSign}|`, bold(local(app, gradient.norm.text)), angle), entry("tangent plane", make("code", {}, plane))];
  if (level) list.push(entry("level curve", "along ", vector(level.direction)));
  if (hessian)
    list.push(entry("Hessian", bold(local(app, hessian.matrix.map(vectorText).join(", ")))),
      entry("eigenvalues", vector(hessian.eigenvalues)), entry("verdict", hessian.words));
  return list;
}

// Returns the elements with the numbers of an answer of functions_point().
export function pointNumbers(app, point) {
  const [fx, fy] = point.partials;
  const list = make("dl", {}, entry("f", large(local(app, point.value.text))),
    entry("\u2202f/\u2202x", equation(app, fx.formula, fx.value)), entry("\u2202f/\u2202y", equation(app, fy.formula, fy.value)),
    point.gradient ? gradientEntries(app, point) : null);
  if (point.gradient) return [list];
  const message = make("p", { class: "message plain", role: "status" }, point.message);
  return point.approaches.length ? [message, list, approaches(app, point)] : [message, list];
}

// Returns the elements about the slope in the direction that is chosen.
export function slopeNumbers(app, point) {
  if (!point.along) return [hint("There is no gradient here: the slope is no dot product.")];
  const { direction, terms, slope } = point.along, g = point.gradient.vector, text = (number) => local(app, number.text);
  const factor = (a) => a.text.startsWith("-") ? `(${text(a)})` : text(a);
  const product = (a, b) => `${factor(a)}\u00b7${factor(b)}`;
  const list = make("dl", {}, entry("direction u", bold(local(app, vectorText(direction)))),
    entry(`${gradientSign} \u00b7 u`, `${product(g[0], direction[0])} + ${product(g[1], direction[1])}`),
    entry("", `= ${text(terms[0])} + ${factor(terms[1])}`), entry("slope", large(text(slope))));
  return [list, hint("The slope is the length of \u2207f\u2019s shadow on the direction: greatest along \u2207f, zero along " +
    "the level curve, negative downhill.")];
}
