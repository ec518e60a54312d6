// SPDX-License-Identifier: MIT
// The settings of edges: their controls, their state in the address, and the words of the command line.
import { choiceControl, numberControl } from "../../controls.js";
import { make } from "../../dom.js";

const METHODS = [
  ["canny", "Canny", "Edges one pixel wide; weak ones are kept if they connect to strong ones."],
  ["boundary", "Boundary", "Colour, contrast and texture at several scales: boundaries of objects, few edges inside a texture. Slower."],
  ["ridge", "Ridge", "Lines, brighter or darker than both sides, at their middle."],
  ["threshold", "Threshold", "Every pixel whose gradient exceeds the high threshold, without thinning."],
];
const PAINTS = [
  ["mask", "White on black", "The mask that programs read."],
  ["invert", "Black on white", "As a drawing."],
  ["overlay", "Over the picture", "In the colour that you choose."],
  ["direction", "Direction", "Hue tells the direction of the gradient, brightness its strength."],
];

// The state as texts of the address is checked: what is no value of a setting is left out.
function readState(values) {
  const number = (name, least, most) => {
    const value = Number(values[name]);
    return values[name] && value >= least && value <= most ? value : NaN;
  };
  const one = (name, list) => list.some(([key]) => key === values[name]) ? values[name] : list[0][0];
  return coherent({
    method: one("method", METHODS), paint: one("paint", PAINTS), sigma: number("sigma", 0.5, 128),
    low: number("low", 0, 1e6), high: number("high", 0, 1e6),
    colour: /^#[0-9a-f]{6}$/i.test(values.colour) ? values.colour : "#ff3b30", thickness: Math.round(number("thickness", 1, 31)) || 1,
  });
}

// Returns a state without what its method does not have: ridges have no colours of direction.
function coherent(state) {
  return state.method === "ridge" && state.paint === "direction" ? { ...state, paint: PAINTS[0][0] } : state;
}

// Creates the controls; set(name, value) is called as one is moved. Returns them by name, and `field`, that of the colour.
function createControls(set) {
  const setter = (name) => (value) => set(name, value);
  const threshold = (name, label, does) => numberControl({
    label, does, min: 0.05, max: 200, log: true, automatic: true, change: setter(name),
  });
  const field = make("input", { type: "color", "aria-label": "Colour of the edges", oninput: () => set("colour", field.value) });
  const paint = choiceControl({ label: "Appearance", options: PAINTS, change: setter("paint") });
  paint.element.querySelector(".choices").after(field);
  return {
    method: choiceControl({ label: "Method", options: METHODS, change: setter("method") }),
    sigma: numberControl({
      label: "Sigma", unit: "px", min: 0.5, max: 60, log: true, automatic: true, change: setter("sigma"),
      does: "Width of the blur before the gradient is taken: larger values drop noise and fine detail.",
    }),
    low: threshold("low", "Low threshold", "A pixel below is never an edge; above it is one if it connects to an edge above " +
      "the high threshold."),
    high: threshold("high", "High threshold", "A pixel above is an edge; larger values give fewer edges."),
    thickness: numberControl({
      label: "Thickness", unit: "px", min: 1, max: 15, digits: 2, does: "Width of the edges as they are drawn.",
      change: (value) => set("thickness", Math.min(31, Math.max(1, Math.round(value) || 1))),
    }),
    paint, field,
  };
}

// Creates the settings. `change()` is called after each change. Returns { before, after, state, read(values), values(),
// set(name, value), show(found), detector(), thresholds(), words() }: elements for above and below the histogram, and
// what they stand for.
export function createSettings({ change }) {
  let state = readState({});
  const set = (name, value) => {
    state = coherent({ ...state, [name]: value });
    if (name === "method") Object.assign(state, { low: NaN, high: NaN }); // their scale is another
    if (name === "low" && value > state.high) state.high = value;
    if (name === "high" && value < state.low) state.low = value;
    show();
    change();
  };
  const controls = createControls(set), { method, sigma, low, high, paint, thickness } = controls;
  const show = () => {
    for (const name of ["method", "paint", "sigma", "low", "high", "thickness"]) controls[name].set(state[name]);
    controls.field.value = state.colour;
    controls.field.hidden = state.paint !== "overlay";
    paint.disable("direction", state.method === "ridge");
    low.element.hidden = state.method === "threshold";
  };
  show();

  return {
    before: [method.element, sigma.element], after: [low.element, high.element, paint.element, thickness.element],
    get state() { return state; },
    set,
    read(values) {
      state = readState(values);
      show();
    },
    values: () => ({
      ...state, method: state.method === "canny" ? "" : state.method, paint: state.paint === "mask" ? "" : state.paint,
      colour: state.paint === "overlay" ? state.colour : "", thickness: state.thickness > 1 ? state.thickness : "",
    }),
    // Shows the values that were used and those of the automatic rule.
    show(found) {
      sigma.choose(found.sigma, found.autoSigma);
      low.choose(found.low, found.autoLow);
      high.choose(found.high, found.autoHigh);
      for (const threshold of [low, high]) threshold.unit(state.method === "ridge" ? "levels/px²" : "levels/px");
    },
    // The options of the detector, and thresholds and style, for a picture reduced by `scale`. `sigmaUsed`: that of the
    // whole picture, if it is known and automatic.
    detector: (scale = 1, sigmaUsed = NaN) => {
      const value = Number.isNaN(state.sigma) ? sigmaUsed : state.sigma;
      return { method: state.method, sigma: Number.isNaN(value) || scale === 1 ? value : Math.max(0.5, value * scale) };
    },
    thresholds: (scale = 1) => {
      const power = state.method === "ridge" ? scale * scale : scale;
      return { low: state.method === "threshold" ? NaN : state.low / power, high: state.high / power, style: styleOf(state) };
    },
    words: (input, output) => commandWords(state, input, output),
  };
}

function styleOf({ paint, colour, thickness }) {
  return {
    paint: paint === "invert" ? "mask" : paint, invert: paint === "invert", thickness,
    colour: paint === "overlay" ? colour : undefined,
  };
}

// Quotes a word for a shell, if it needs that.
function quote(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

// Returns the command that writes the same file.
function commandWords({ method, sigma, low, high, paint, colour, thickness }, input, output) {
  const words = ["edgegrad", quote(input), quote(output)], unit = method === "ridge" ? "" : "/px";
  if (method !== "canny") words.push("--method", method);
  if (!Number.isNaN(sigma)) words.push("--sigma", String(sigma));
  if (!Number.isNaN(low) && method !== "threshold") words.push("--low", low + unit);
  if (!Number.isNaN(high)) words.push("--high", high + unit);
  if (output.endsWith(".svg")) return words.join(" ");
  if (paint === "invert") words.push("--invert");
  if (paint === "overlay") words.push("--overlay", quote(colour));
  if (paint === "direction") words.push("--colourize", "direction");
  if (thickness > 1) words.push("--thickness", String(thickness));
  return words.join(" ");
}
