// SPDX-License-Identifier: MIT
// Fields of formulas and numbers. What is typed is checked as it is typed; while it is not valid the message of the library
// stands below the field, and everything else keeps the last valid value.
import { make, newId } from "../dom.js";
import { settle } from "../timing.js";

// Shows the place of an error in the text: what is before it, the marked part, what follows. `offset`, `length`: in bytes.
function excerpt(text, { offset, length }) {
  const bytes = new TextEncoder().encode(text), part = (from, to) => new TextDecoder().decode(bytes.subarray(from, to));
  return make("code", { "aria-hidden": true }, part(0, offset), make("mark", {}, part(offset, offset + length) || "\u00a0"), part(offset + length, bytes.length));
}

// Creates a field. check(text) returns a promise of an answer of the library, {error} if the text is not valid; accept(text,
// answer) is called with every other valid text. Returns {element, input, set(text), fault(error)}.
export function makeField({ label, prefix, value, wide = false, mode = "text", check, accept, delay = 60 }) {
  const id = newId("field"), note = newId("note");
  const message = make("p", { class: "message", id: note, role: "status" });
  const input = make("input", { id, value, type: "text", inputmode: mode, autocomplete: "off", autocapitalize: "off", spellcheck: false, "aria-describedby": note,
    class: prefix ? "prefixed" : null });
  let turn = 0, accepted = value;

  function fault(error) {
    input.setAttribute("aria-invalid", error ? "true" : "false");
    message.replaceChildren(...(error ? [make("span", {}, error.message), ...(error.field && error.offset + error.length > 0 ? [excerpt(input.value, error)] : [])] : []));
  }

  async function judge() {
    const text = input.value.trim(), mine = ++turn, answer = await check(text);
    if (mine !== turn) return;
    fault(answer.error);
    if (answer.error || text === accepted) return;
    accepted = text;
    accept(text, answer);
  }

  input.addEventListener("input", settle(judge, delay));
  const element = make("div", { class: wide ? "labelled wide" : "labelled" }, make("label", { for: id }, label),
    prefix ? make("span", { class: "with-prefix" }, make("span", { class: "prefix", "aria-hidden": true }, prefix), input) : input, message);
  const set = (text) => {
    turn++;
    accepted = text;
    if (document.activeElement !== input || input.value.trim() !== text) input.value = text;
    fault(null);
  };
  return { element, input, set, fault };
}

// Creates a field of a number or a constant such as pi/4; the decimal separator may be a comma.
export function makeNumberField(app, { label, prefix, value, accept }) {
  const plain = (text) => text.replace(/(\d)\s*,\s*(?=\d)/g, "$1.").replace(/\u2212/g, "-");
  const field = makeField({ label, prefix, value: app.show(value), mode: "decimal", check: async (text) => (await app.call("functions_constant", plain(text))).reply,
    accept: (text, answer) => accept(plain(text), answer.value) });
  return { ...field, set: (text) => field.set(app.show(text)) };
}

// Creates a slider with its value beside it. show(value) is the text of the value.
export function makeSlider({ label, min, max, step, value, show, input }) {
  const id = newId("slider"), output = make("output", { for: id }, show(value));
  const range = make("input", { id, type: "range", min, max, step, value, "aria-valuetext": show(value), oninput: () => {
    const now = Number(range.value);
    tell(now);
    input(now);
  } });
  function tell(now) {
    output.textContent = show(now);
    range.setAttribute("aria-valuetext", show(now));
  }
  const set = (now) => {
    range.value = now;
    tell(now);
  };
  return { element: make("div", { class: "slider" }, make("label", { for: id }, label), range, output), range, set };
}
