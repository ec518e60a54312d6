// SPDX-License-Identifier: MIT
// Legends of the overlays: classes of slope, and the wheel of aspects.
import { make } from "../dom.js";
import { showNumber } from "../numbers.js";
import { ASPECT_COLOURS, CLASS_COLOURS, DIRECTIONS, classStarts } from "./colours.js";

// Returns a slope in degrees as text in a unit, "degrees" or "percent".
export function slopeText(degrees, unit, digits = 3) {
  if (unit !== "percent") return `${showNumber(degrees, digits)}°`;
  return degrees >= 89.9999 ? "∞ %" : `${showNumber(100 * Math.tan(degrees * Math.PI / 180), digits)} %`;
}

function row(colour, ...text) {
  const swatch = make("span", { class: "swatch", "aria-hidden": "true" });
  swatch.style.background = colour;
  return make("li", {}, swatch, ...text);
}

// Returns the legend of slope classes from a threshold on.
export function slopeLegend(threshold, unit) {
  const starts = classStarts(threshold), text = (degrees) => slopeText(degrees, unit, 3);
  return make("ul", { class: "legend", "aria-label": "Slope classes" }, ...CLASS_COLOURS.map((colour, i) =>
    row(colour, i + 1 < starts.length ? `${text(starts[i])} to ${text(starts[i + 1])}` : `${text(starts[i])} and more`)));
}

// Returns the legend of aspects.
export function aspectLegend() {
  const wheel = make("span", { class: "wheel", "aria-hidden": "true" });
  wheel.style.background = `conic-gradient(${[...ASPECT_COLOURS, ASPECT_COLOURS[0]].join(", ")})`;
  return make("div", { class: "aspects" }, wheel,
    make("ul", { class: "legend", "aria-label": "Aspects: slopes that face" }, ...ASPECT_COLOURS.map((colour, i) => row(colour, DIRECTIONS[i]))));
}
