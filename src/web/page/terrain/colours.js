// SPDX-License-Identifier: MIT
// Colours of the maps: classes of slope as on the maps of ski tourers, and the wheel of aspects.

// Colours of the four classes from the threshold on: yellow, orange, red, violet.
export const CLASS_COLOURS = ["#ffe24a", "#f9962f", "#e3402f", "#8f4fae"];
export const CLASS_WIDTH = 5; // degrees of all but the last class
export const AVALANCHE = 30; // degrees: most avalanches start between 30 and 45

// Colours of the aspect, north first, clockwise every 45 degrees: cool in the north, warm in the south.
export const ASPECT_COLOURS = ["#4a78d6", "#35a3b5", "#5bb35a", "#b9c23c", "#f2b134", "#ec6a3c", "#c9508f", "#8160cf"];
export const DIRECTIONS = ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"];

// Returns the name of a direction in degrees clockwise from north.
export const directionName = (degrees) => DIRECTIONS[Math.round(degrees / 45) % 8];

const parse = (text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));

// Returns the lower ends of the classes.
export function classStarts(threshold) {
  return CLASS_COLOURS.map((_, i) => threshold + i * CLASS_WIDTH);
}

// Returns the class of a slope: -1 below the threshold, else 0 to 3.
export function slopeClass(degrees, threshold) {
  if (!(degrees >= threshold)) return -1;
  return Math.min(CLASS_COLOURS.length - 1, Math.floor((degrees - threshold) / CLASS_WIDTH));
}

// Returns the colours of whole degrees of aspect, 0 to 359.
export function aspectTable() {
  const colours = ASPECT_COLOURS.map(parse), table = new Uint8Array(3 * 360);
  for (let i = 0; i < 360; i++) {
    const at = Math.floor(i / 45), part = i / 45 - at, from = colours[at], to = colours[(at + 1) % 8];
    table.set(from.map((value, k) => Math.round(value + part * (to[k] - value))), 3 * i);
  }
  return table;
}
