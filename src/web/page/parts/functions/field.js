// SPDX-License-Identifier: MIT
// Fields of formulas and numbers. What is typed is checked as it is typed; while it is not valid the message of the library
// stands below the field, and everything else keeps the last valid value.
import { make, newId } from "../../dom.js";
import { settle } from "../../settle.js";
import { box } from "./layout.js";

// Shows the place of an error in the text. `offset`, `length`: in bytes.
function excerpt(text, { offset, length }) {
  const bytes = new TextEncoder().encode(text);
  const part = (from, to) => new TextDecoder().decode(bytes.subarray(from, to));
  return make("code", { "aria-hidden": true }, part(0, offset),
    make("mark", {}, part(offset, offset + length) || "\u00a0"), part(offset + length, bytes.length));
}

// Returns the elements of a message: its text, and its place if that is known.
function messageOf(error, text) {
  if (!error) return [];
  const words = make("span", {}, error.message);
  return error.offset + error.length > 0 ? [words, excerpt(text, error)] : [words];
}

// Creates a field. check(text) returns a promise of an answer of the library, {error} if the text is not valid; accept(text,
// answer) is called with every other valid text. Returns {element, set(text), fault(error), judge()}.
export function makeField({ label, prefix, value, wide = false, mode = "text", check, accept, delay = 60 }) {
  const message = make("p", { class: "message", id: newId("note"), role: "status" });
  const input = make("input", { id: newId("input"), value, type: "text", inputMode: mode, autocomplete: "off",
    autocapitalize: "off", spellcheck: false, "aria-describedby": message.id });
  let turn = 0, accepted = value;

  function fault(error) {
    input.setAttribute("aria-invalid", error ? "true" : "false");
    message.replaceChildren(...messageOf(error, input.value));
  }

  async function judge() {
    const text = input.value.trim(), mine = ++turn, answer = await check(text);
    if (mine !== turn) return;
    fault(answer.error);
    if (answer.error || text === accepted) return;
    accepted = text;
    accept(text, answer);
  }

  function set(text) {
    turn++;
    accepted = text;
    if (document.activeElement !== input || input.value.trim() !== text) input.value = text;
    fault(null);
  }

  input.addEventListener("input", settle(judge, delay));
  const sign = make("span", { class: "prefix", "aria-hidden": true }, prefix);
  const element = box(wide ? "labelled wide" : "labelled", make("label", { for: input.id }, label),
    prefix ? make("span", { class: "with-prefix" }, sign, input) : input, message);
  return { element, set, fault, judge };
}

// Creates a field of a number or a constant such as pi/4; the decimal separator may be a comma.
export function makeNumberField(app, { label, prefix, value, accept }) {
  const plain = (text) => text.replace(/(\d)\s*,\s*(?=\d)/g, "$1.").replace(/\u2212/g, "-");
  const field = makeField({ label, prefix, value: app.show(value), mode: "decimal",
    check: async (text) => (await app.call("functions_constant", plain(text))).reply,
    accept: (text, answer) => accept(plain(text), answer.value) });
  return { ...field, set: (text) => field.set(app.show(text)) };
}

// Creates a slider with its value beside it. show(value) is the text of the value; input(value) is called.
export function makeSlider({ label, min, max, step, value, show, input }) {
  const range = make("input", { id: newId("slider"), type: "range", min, max, step, value, oninput: () => {
    set(Number(range.value));
    input(Number(range.value));
  } });
  const output = make("output", { for: range.id });
  function set(now) {
    range.value = now;
    output.textContent = show(now);
    range.setAttribute("aria-valuetext", output.textContent);
  }
  set(value);
  return { element: box("slider", make("label", { for: range.id }, label), range, output), range, set };
}
