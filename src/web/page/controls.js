// SPDX-License-Identifier: MIT
// Controls: a name, the value, one line on what it does, and the value that the automatic rule chose.
import { make, newId } from "./dom.js";
import { readNumber, showNumber } from "./numbers.js";

// Puts a control together. `title` labels it, `entry` is what is moved, `does` says what it does.
function control(title, entry, does) {
  return make("div", { class: "control" }, title, entry, does);
}

// The scale of a slider: from its position 0 .. 1000 to the value, and back.
function scaleOf({ min, max, log }) {
  const STEPS = 1000;
  if (!log)
    return { value: (at) => min + at / STEPS * (max - min), at: (value) => (value - min) / (max - min) * STEPS };
  const ratio = Math.log(max / min);
  return { value: (at) => min * Math.exp(at / STEPS * ratio), at: (value) => Math.log(Math.max(value, min) / min) / ratio * STEPS };
}

// Creates a number: a slider and a field to type it.
//   { label, does, unit, min, max, log, digits, value, automatic, change }
// `automatic`: an empty value is chosen by the library. `change(value)`: NaN is automatic.
// Returns { element, value, set(value), choose(used, rule), unit(text) }: choose() shows the value that is used, and the
// one that the automatic rule chose, if that is known.
export function numberControl(options) {
  const { label, does, unit = "", digits = 3, automatic = false, change } = options;
  const scale = scaleOf(options), id = newId("number");
  let value = options.value ?? NaN, chosen = NaN, byRule = NaN;
  const slider = make("input", { type: "range", id, min: 0, max: 1000, step: 1, "aria-describedby": `${id}-does` });
  const field = make("input", { class: "field", inputMode: "decimal", autocomplete: "off", "aria-label": `${label}, number` });
  const auto = make("button", { class: "plain", type: "button", hidden: true, "aria-label": `${label}: automatic` }, "automatic");
  const explanation = make("span", {}, does), rule = make("span");
  const measure = make("span", { class: "unit" }, unit);
  const element = control(
    make("div", { class: "name" }, make("label", { htmlFor: id }, label), auto),
    make("div", { class: "entry" }, slider, field, measure),
    make("p", { class: "does", id: `${id}-does` }, explanation, rule));

  const show = () => {
    const shown = Number.isNaN(value) ? chosen : value;
    const text = Number.isNaN(shown) ? "" : showNumber(shown, digits);
    if (document.activeElement !== slider || !slider.matches(":active")) slider.value = scale.at(shown) || 0;
    if (document.activeElement !== field) field.value = text;
    field.removeAttribute("aria-invalid");
    slider.setAttribute("aria-valuetext", `${text || "automatic"} ${measure.textContent}`.trim());
    auto.hidden = !automatic || Number.isNaN(value);
    rule.textContent = automatic && !Number.isNaN(byRule) ? ` The automatic rule chose ${showNumber(byRule, digits)}.` : "";
  };
  const set = (next, quiet) => {
    value = next;
    show();
    if (!quiet) change(value);
  };
  slider.oninput = () => set(Number(scale.value(Number(slider.value)).toPrecision(digits)));
  field.onchange = () => {
    const typed = field.value.trim() === "" && automatic ? NaN : readNumber(field.value);
    if (field.value.trim() !== "" && Number.isNaN(typed)) field.setAttribute("aria-invalid", "true");
    else set(typed);
  };
  field.onblur = show;
  auto.onclick = () => { set(NaN); slider.focus(); };
  show();
  return {
    element,
    get value() { return value; },
    get shown() { return Number.isNaN(value) ? chosen : value; },
    set: (next) => set(next, true),
    choose(used, rule = NaN) {
      chosen = used;
      byRule = rule;
      show();
    },
    unit(text) {
      measure.textContent = text;
      show();
    },
  };
}

// Creates a choice of one of several: { label, options: [[name, label, does], ...], value, change(name) }.
// What the chosen one does stands below. Returns { element, value, set(name), disable(name, disabled) }.
export function choiceControl({ label, options, value = options[0][0], change }) {
  const id = newId("choice");
  const does = make("p", { class: "does", id: `${id}-does` });
  const inputs = options.map(([name]) => make("input", { type: "radio", name: id, value: name, "aria-describedby": `${id}-does` }));
  const show = (name) => {
    value = name;
    inputs.forEach((input) => { input.checked = input.value === name; });
    does.textContent = options.find(([other]) => other === name)?.[2] ?? "";
  };
  inputs.forEach((input) => { input.onchange = () => { show(input.value); change(input.value); }; });
  show(value);
  const element = control(make("div", { class: "name", id }, label),
    make("div", { class: "choices", role: "radiogroup", "aria-labelledby": id },
      ...inputs.map((input, i) => make("label", {}, input, make("span", {}, options[i][1])))), does);
  const disable = (name, disabled) => { inputs.find((input) => input.value === name).disabled = disabled; };
  return { element, get value() { return value; }, set: show, disable };
}
