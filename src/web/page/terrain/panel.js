// SPDX-License-Identifier: MIT
// The controls of the part "terrain": sun, overlay, contour lines, size of the cells.
import { choiceControl, numberControl } from "../controls.js";
import { make } from "../dom.js";
import { AVALANCHE } from "./colours.js";
import { aspectLegend, slopeLegend } from "./legend.js";
import { sunControl } from "./sun.js";

export const DEFAULTS = { azimuth: 315, altitude: 45, light: "plain", relief: 1, overlay: "slope", threshold: AVALANCHE,
  unit: "degrees", contours: "shown", interval: NaN };

const CHOICES = { light: ["plain", "multidirectional"], overlay: ["slope", "aspect", "none"], unit: ["degrees", "percent"],
  contours: ["shown", "hidden"] };
const RANGES = { azimuth: [0, 360], altitude: [0, 90], relief: [0.01, 100], threshold: [0, 75], interval: [1e-6, 1e6] };

// Returns the state of an address: its values where they make sense, else the defaults.
export function stateOf(values) {
  const state = { ...DEFAULTS };
  for (const [name, choices] of Object.entries(CHOICES))
    if (choices.includes(values[name])) state[name] = values[name];
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = values[name] === undefined ? NaN : Number(values[name]);
    if (value >= least && value <= most) state[name] = value;
  }
  return state;
}

// Creates the controls of the light for `state`, which they change; change() follows.
function lightControls(state, change) {
  const set = (name) => (value) => { state[name] = value; show(); change("light"); };
  const azimuth = numberControl({ label: "Azimuth", does: "Where the light comes from, clockwise from north.",
    unit: "°", min: 0, max: 360, digits: 3, value: state.azimuth, change: (value) => set("azimuth")(((value % 360) + 360) % 360) });
  const altitude = numberControl({ label: "Altitude", does: "Height above the horizon. Low light brings out gentle relief.",
    unit: "°", min: 0, max: 90, digits: 3, value: state.altitude, change: (value) => set("altitude")(Math.min(90, Math.max(0, value))) });
  const relief = numberControl({ label: "Relief", does: "Factor of the elevations in the shading only.",
    unit: "×", min: 0.2, max: 10, log: true, digits: 3, value: state.relief, change: (value) => value > 0 && set("relief")(value) });
  const light = choiceControl({ label: "Light", value: state.light, change: set("light"), options: [
    ["plain", "One sun", "Slopes that face the sun are bright. No shadows are cast."],
    ["multidirectional", "Four suns", "From south-west, west, north-west and north, so that slopes facing away keep their detail."]] });
  const sun = sunControl({ ...state, change: (a, b) => { state.azimuth = a; state.altitude = b; show(); change("light"); } });
  const advice = make("p", { class: "does" }, "Drag the sun, or move it with the arrow keys. With light from the south, many people see valleys as ridges.");
  const dial = make("div", { class: "sun" }, sun.element, advice);
  function show() {
    azimuth.set(state.azimuth);
    altitude.set(state.altitude);
    relief.set(state.relief);
    light.set(state.light);
    sun.set(state.azimuth, state.altitude);
    azimuth.element.hidden = dial.hidden = state.light !== "plain";
  }
  return { elements: [light.element, dial, azimuth.element, altitude.element, relief.element], show };
}

// Creates the controls of the overlay, with its legend.
function overlayControls(state, change) {
  const legend = make("div");
  const set = (name) => (value) => { state[name] = value; show(); change(name === "unit" ? "unit" : "overlay"); };
  const overlay = choiceControl({ label: "Colours", value: state.overlay, change: set("overlay"), options: [
    ["slope", "Steepness", "Slope classes. Most slab avalanches start on 30 to 45 degrees."],
    ["aspect", "Aspect", "Which way the ground faces: cool colours north, warm ones south."],
    ["none", "None", "The shading alone."]] });
  const threshold = numberControl({ label: "From", does: "Slope of the first class; the others begin 5 degrees apart.", unit: "°", min: 5,
    max: 60, digits: 3, value: state.threshold, change: (value) => value >= 0 && value <= 75 && set("threshold")(value) });
  const unit = choiceControl({ label: "Slopes in", value: state.unit, change: set("unit"),
    options: [["degrees", "Degrees"], ["percent", "Percent"]] });
  function show() {
    overlay.set(state.overlay);
    threshold.set(state.threshold);
    unit.set(state.unit);
    threshold.element.hidden = state.overlay !== "slope";
    legend.replaceChildren(...state.overlay === "slope" ? [slopeLegend(state.threshold, state.unit)]
      : state.overlay === "aspect" ? [aspectLegend()] : []);
  }
  return { elements: [overlay.element, legend, threshold.element, unit.element], show };
}

// Creates the controls of the contour lines.
function contourControls(state, change) {
  const set = (name) => (value) => { state[name] = value; show(); change("contours"); };
  const shown = choiceControl({ label: "Contour lines", value: state.contours, change: set("contours"),
    options: [["shown", "Shown", "Every fifth line is thicker."], ["hidden", "Hidden"]] });
  const interval = numberControl({ label: "Interval", does: "Elevation between two lines.", unit: "m", min: 1, max: 1000, log: true,
    digits: 3, automatic: true, value: state.interval, change: (value) => !(value <= 0) && set("interval")(value) });
  function show() {
    shown.set(state.contours);
    interval.set(state.interval);
    interval.element.hidden = state.contours !== "shown";
  }
  return { elements: [shown.element, interval.element], show, choose(value, text) {
    interval.choose(value, value);
    interval.unit(text);
  } };
}

// Creates the controls for a raster whose file does not say how large its cells are: { crs, "cell-x", "cell-y" } in
// state.ground.
function groundControls(state, change) {
  const system = choiceControl({ label: "Coordinates", value: "unknown", options: [["unknown", "As in the file"],
    ["geographic", "Degrees"], ["projected", "Metres"]], change: (crs) => { state.ground = { ...state.ground, crs }; change("ground"); } });
  const size = numberControl({ label: "Cell size", does: "Metres on the ground.", unit: "m", min: 0.1, max: 1000, log: true, digits: 4,
    value: NaN, change: (value) => value > 0 && (state.ground = { ...state.ground, "cell-x": value, "cell-y": value }, change("ground")) });
  const element = make("div", { class: "controls ground", hidden: true }, system.element, size.element);
  return { element, show(needed) {
    element.hidden = !needed;
    system.set(state.ground.crs ?? "unknown");
    size.set(state.ground["cell-x"] ?? NaN);
  } };
}

// Creates all controls for `state`; change(what) is called after "light", "overlay", "unit", "contours", "ground" changed.
export function createPanel(state, change) {
  const light = lightControls(state, change), overlay = overlayControls(state, change), contours = contourControls(state, change);
  const ground = groundControls(state, change);
  return {
    ground: ground.element,
    cards: [[["Light"], light], [["Steepness and aspect"], overlay], [["Contours"], contours]].map(([[title], { elements }]) =>
      make("section", { class: "card controls", "aria-label": title }, ...elements)),
    show() {
      light.show();
      overlay.show();
      contours.show();
    },
    chooseInterval: contours.choose,
    needGround: ground.show,
  };
}
