// SPDX-License-Identifier: MIT
// The methods that the page offers, each with the shape of its marks; their colours are those of functions.css.
import { make } from "../dom.js";
import { drawSample } from "../draw/trail.js";

export const methods = [
  { name: "gd", title: "Gradient descent", shape: "circle" },
  { name: "momentum", title: "Momentum", shape: "square" },
  { name: "rmsprop", title: "RMSProp", shape: "triangle" },
  { name: "adam", title: "Adam", shape: "diamond" },
  { name: "newton", title: "Newton", shape: "cross" },
];

export const methodOf = (name) => methods.find((method) => method.name === name) || { name, title: name === "lm" ? "Levenberg\u2013Marquardt" : name, shape: "triangle" };

// Creates the checkboxes of the methods. chosen: names; change(names) is called.
export function makeMethodChoice(list, chosen, change) {
  const boxes = list.map((method) => make("input", { type: "checkbox", value: method.name, checked: chosen.includes(method.name), onchange: () => change(boxes.filter((box) => box.checked).map((box) => box.value)) }));
  return make("fieldset", { class: "methods" }, make("legend", {}, "Methods"), list.map((method, index) => make("label", { class: `method ${method.name}` }, boxes[index], drawSample(method.name, method.shape), method.title)));
}

// Says what a run came to, in a few words and with a colour of its own.
export function verdictOf(run) {
  const words = { converged: "reached a minimum", unfinished: "not finished", oscillates: "oscillates", diverges: "diverges", unbounded: "falls without bound", "left-domain": "left the domain",
    stuck: "stuck", saddle: "at a saddle", "wrong-end": "at a maximum", kink: "at a kink", "flat-tail": "along a flat tail", undecided: "undecided" };
  return { text: words[run.verdict] || run.verdict, kind: run.verdict === "converged" ? "good" : run.verdict === "unfinished" ? "plain" : "bad" };
}
