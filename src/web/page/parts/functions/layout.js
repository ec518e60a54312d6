// SPDX-License-Identifier: MIT
// Pieces of layout that the views share.
import { make } from "../../dom.js";

// Creates an element of a class of the style sheet: "card", "stack", "row".
export const box = (kind, ...children) => make("div", { class: kind }, ...children);

// Creates an entry of a list of names and values.
export const entry = (name, ...value) => make("div", {}, make("dt", {}, name), make("dd", {}, ...value));

// Creates a note below a picture or a control.
export const hint = (text) => make("p", { class: "hint" }, text);

// Creates buttons of examples, each with a name; use(example) is called for the one that is pressed.
export function makeExamples(examples, use) {
  const button = (example) =>
    make("button", { type: "button", class: "chip", onclick: () => use(example) }, example.name);
  return make("div", { class: "chips", role: "group", "aria-label": "Examples" }, examples.map(button));
}
