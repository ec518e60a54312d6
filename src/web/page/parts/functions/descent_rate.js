// SPDX-License-Identifier: MIT
// The learning rate: a logarithmic slider, and a box to have it chosen.
import { make } from "../../dom.js";
import { makeSlider } from "./field.js";
import { general } from "./point_numbers.js";

const usual = 0.1, step = 0.01; // the step of the slider, of log10 of the rate

// Creates the control. change(rate) is called; NaN: chosen. Returns {elements, set(rate)}.
export function makeRate(app, rate, change) {
  let last = Number.isNaN(rate) ? usual : rate, automatic = Number.isNaN(rate);
  const rounded = (logarithm) => Number((10 ** logarithm).toPrecision(3));
  const slider = makeSlider({ label: "Learning rate", min: -4, max: 0.5, step, value: Math.log10(last),
    show: (value) => automatic ? "automatic" : app.show(general(rounded(value))), input: (value) => change(rounded(value)) });
  const box = make("input", { type: "checkbox", checked: automatic, onchange: () => change(box.checked ? NaN : last) });
  const label = make("label", { class: "check" }, box, "Choose the rate by the curvature at the start");

  function set(value) {
    box.checked = automatic = Number.isNaN(value);
    if (!automatic) last = value;
    const at = Math.log10(last), now = Number(slider.range.value);
    slider.set(Math.abs(at - now) < step ? now : at);
  }
  return { elements: [slider.element, label], set };
}
