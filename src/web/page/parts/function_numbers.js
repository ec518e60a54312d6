// SPDX-License-Identifier: MIT
// The numbers of a point as text: a list of names and values, and the command that prints the same.
import { make } from "../dom.js";

// Writes a sum as the command does: "2*x + 6*y - 4". parts: [[number {text, value}, name or null], ...].
export function sumText(parts) {
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
  if (size >= -4 && size < 7) return value.toPrecision(7).replace(/\.?0+$/, (zeros) => value.toPrecision(7).includes(".") ? "" : zeros);
  return `${digits.replace(/\.?0+$/, "")}e${size < 0 ? "-" : "+"}${String(Math.abs(size)).padStart(2, "0")}`;
}

// Writes a formula with the decimal separator of the page; in a list of numbers the separator is then a semicolon.
function localFormula(app, text) {
  return app.point === "," ? text.replace(/, /g, "; ").replace(/(\d)\.(?=\d)/g, "$1,") : text;
}

// Writes numbers likewise, with the sign of the minus.
const local = (app, text) => localFormula(app, text).replace(/(^|[( ])-(?=\d)/g, "$1\u2212");

function row(name, ...value) {
  return make("div", {}, make("dt", {}, name), make("dd", {}, value.flat()));
}

// Shows a formula and its value; the value alone where they are the same.
function equation(app, formula, number) {
  const same = !number || formula === number.text;
  return [make("code", {}, formula), same ? null : make("b", {}, ` = ${local(app, number.text)}`)];
}

const gradientSign = "\u2207f";

// Shows the limits along paths to a point without a gradient.
function approaches(app, point) {
  const limit = (one) => one.kind === "finite" ? local(app, general(one.value)) : one.kind === "infinite" ? (one.negative ? "\u2212\u221e" : "\u221e") : one.kind === "none" ? "no limit" : "no values";
  const short = (value) => local(app, String(Number((Math.abs(value) < 1e-15 ? 0 : value).toPrecision(4))));
  return make("table", { class: "limits" }, make("caption", {}, "Limits along paths to the point"),
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "direction"), make("th", { scope: "col" }, "limit of f"), make("th", { scope: "col" }, "slope"))),
    make("tbody", {}, point.approaches.slice(0, 8).map((path) => make("tr", {}, make("th", { scope: "row" }, `(${short(path.x)}${app.point === "," ? ";" : ","} ${short(path.y)})`), make("td", {}, limit(path.limit)), make("td", {}, limit(path.slope))))));
}

// Returns the elements with the numbers of an answer of functions_point().
export function pointNumbers(app, point) {
  const text = (number) => local(app, number.text), [fx, fy] = point.partials;
  const list = make("dl", {}, row("f", make("b", { class: "large" }, text(point.value))), row("\u2202f/\u2202x", equation(app, fx.formula, fx.value)), row("\u2202f/\u2202y", equation(app, fy.formula, fy.value)));
  if (!point.gradient)
    return [make("p", { class: "message plain", role: "status" }, point.message), list, point.approaches.length ? approaches(app, point) : null].filter(Boolean);
  list.append(row(gradientSign, make("b", {}, local(app, vectorText(point.gradient.vector)))), row(`|${gradientSign}|`, make("b", {}, text(point.gradient.norm)), point.gradient.angle ? ` at ${text(point.gradient.angle)}°` : ""),
    row("tangent plane", make("code", {}, localFormula(app, `z = ${sumText([[point.gradient.vector[0], "x"], [point.gradient.vector[1], "y"], [point.tangent.constant, null]])}`))));
  if (point.level) list.append(row("level curve", "along ", make("b", {}, local(app, vectorText(point.level.direction)))));
  if (point.hessian)
    list.append(row("Hessian", make("b", {}, local(app, point.hessian.matrix.map(vectorText).join(", ")))), row("eigenvalues", make("b", {}, local(app, vectorText(point.hessian.eigenvalues)))), row("verdict", point.hessian.words));
  return [list];
}

// Returns the elements about the slope in the direction that is chosen.
export function slopeNumbers(app, point) {
  if (!point.along) return [make("p", { class: "hint" }, "There is no gradient here: the slope is no dot product.")];
  const { direction, terms, slope } = point.along, g = point.gradient.vector, text = (number) => local(app, number.text);
  const factor = (a) => a.text.startsWith("-") ? `(${text(a)})` : text(a), product = (a, b) => `${factor(a)}\u00b7${factor(b)}`;
  return [make("dl", {}, row("direction u", make("b", {}, local(app, vectorText(direction)))), row(`${gradientSign} \u00b7 u`, `${product(g[0], direction[0])} + ${product(g[1], direction[1])}`),
    row("", `= ${text(terms[0])} + ${factor(terms[1])}`), row("slope", make("b", { class: "large" }, text(slope)))),
    make("p", { class: "hint" }, "The slope is the length of \u2207f\u2019s shadow on the direction: greatest along \u2207f, zero along the level curve, negative downhill.")];
}
