// SPDX-License-Identifier: MIT
// The methods that the page offers, each with the shape of its marks; their colours are those of functions.css.
import { make } from "../../dom.js";
import { drawSample } from "../../draw/trail.js";

export const methods = [
  { name: "gd", title: "Gradient descent", shape: "circle" },
  { name: "momentum", title: "Momentum", shape: "square" },
  { name: "rmsprop", title: "RMSProp", shape: "triangle" },
  { name: "adam", title: "Adam", shape: "diamond" },
  { name: "newton", title: "Newton", shape: "cross" },
];

const marquardt = { name: "lm", title: "Levenberg\u2013Marquardt", shape: "triangle" };

// The methods of fits.
export const fitters = [marquardt, ...methods.filter(({ name }) => ["gd", "momentum", "adam"].includes(name))];

export const methodOf = (name) => [...methods, marquardt].find((method) => method.name === name);

// Creates the checkboxes of the methods. chosen: names; change(names) is called.
export function makeMethodChoice(list, chosen, change) {
  const tell = () => change(boxes.filter((box) => box.checked).map((box) => box.value));
  const boxes = list.map(({ name }) =>
    make("input", { type: "checkbox", value: name, checked: chosen.includes(name), onchange: tell }));
  const label = ({ name, title, shape }, index) =>
    make("label", { class: `method ${name}` }, boxes[index], drawSample(name, shape), title);
  return make("fieldset", { class: "methods" }, make("legend", {}, "Methods"), list.map(label));
}

const outcomes = { converged: "reached a minimum", unfinished: "not finished", oscillates: "oscillates", diverges: "diverges",
  unbounded: "falls without bound", "left-domain": "left the domain", stuck: "stuck", saddle: "at a saddle",
  "wrong-end": "at a maximum", kink: "at a kink", "flat-tail": "along a flat tail", undecided: "undecided" };

// Says what a run came to, in a few words and with a colour of its own.
export function verdictOf({ verdict }) {
  return { text: outcomes[verdict], kind: { converged: "good", unfinished: "plain" }[verdict] ?? "bad" };
}
