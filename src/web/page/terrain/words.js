// SPDX-License-Identifier: MIT
// The numbers of a raster, of a place and of a flow path as sentences.
import { showCount, showNumber } from "../numbers.js";
import { directionName } from "./colours.js";
import { slopeText } from "./legend.js";

// Returns a length in metres, in kilometres from ten on.
export function lengthText(metres) {
  return metres >= 1e4 ? `${showNumber(metres / 1000, 4)} km` : `${showNumber(metres, 4)} m`;
}

// Returns the unit of the elevations of a raster.
export function unitOf({ verticalUnit }) {
  if (!verticalUnit || verticalUnit === 1) return "m";
  return Math.abs(verticalUnit - 0.3048) < 1e-5 ? "ft" : `× ${showNumber(verticalUnit, 4)} m`;
}

// Describes a raster: "480 × 384 cells of 20 × 20 m, 669.8 to 2,146 m".
export function rasterText({ width, height }, about) {
  const size = Number.isFinite(about.cellX) ? ` of ${showNumber(about.cellX, 3)} × ${showNumber(about.cellY, 3)} m` : "";
  const range = about.count ? `${showNumber(about.lowest, 5)} to ${showNumber(about.highest, 5)} ${unitOf(about)}` : "no elevations";
  const missing = width * height - about.count;
  return `${showCount(width)} × ${showCount(height)} cells${size}, ${range}${missing && about.count ? `, ${showCount(missing)} missing` : ""}`;
}

// Describes a cell: its place, height, slope and aspect.
export function cellText(cell, { height, slope, aspect }, about, unit) {
  const place = `Column ${cell.x}, row ${cell.y}`;
  if (height === null) return `${place}: no elevation`;
  const parts = [`${showNumber(height, 6)} ${unitOf(about)}`];
  if (slope !== null) parts.push(`slope ${slopeText(slope, unit, 3)}`);
  if (aspect !== null) parts.push(`faces ${directionName(aspect)} (${showNumber(aspect, 3)}°)`);
  else if (slope !== null) parts.push("level");
  return `${place}: ${parts.join(", ")}`;
}

// Describes a flow path: its length, how far it falls, and how it ends, in the words of edgegrad descent.
export function flowText({ distance, metres, from, to, reason, steps }, about) {
  const length = metres ? lengthText(distance) : `${showNumber(distance, 4)} cells`;
  return `The drop runs ${length} and falls ${showNumber(from - to, 4)} ${unitOf(about)}, from ${showNumber(from, 5)} to ` +
    `${showNumber(to, 5)}. It stops ${reason} (${showCount(steps)} steps).`;
}
