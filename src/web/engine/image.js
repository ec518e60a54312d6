// SPDX-License-Identifier: MIT
// An image in the module, its edges, their lines, and its gradient.
import { EngineError, optionLines } from "./load.js";

const NO_MEMORY = 7;

// Copies an image into the module: `data` has red, green, blue and alpha of each pixel, as in ImageData. Alpha is
// ignored, as the command does by default.
export function loadImage(engine, { width, height, data }) {
  const at = engine.functions.image_new(width, height);
  if (!at) throw new EngineError(`not enough memory for ${width} × ${height} pixels: choose a smaller image`, NO_MEMORY);
  engine.bytes(at, data.length).set(data);
  engine.functions.image_loaded();
  return { width, height };
}

// Detects the edges of the image. `detector` has options of the command by name, such as { method, sigma }; `low` and
// `high` are thresholds in levels per pixel, NaN automatic; `style` has the options paint, invert, thickness and colour.
// Returns the thresholds and sigma used, those of the automatic rule, and the number of edge pixels.
export function findEdges(engine, detector, { low = NaN, high = NaN, style = {} } = {}) {
  return engine.call("edges_find", optionLines(detector), low, high, optionLines(style));
}

// Returns the edges, a byte for each pixel: 255, or 0. Only after findEdges() without colours.
export function edgeMask(engine, { width, height }) {
  return engine.bytes(engine.functions.image_mask(), width * height).slice();
}

// Returns the edges in their style as the data of an ImageData.
export function edgePixels(engine, { width, height }) {
  return new Uint8ClampedArray(engine.bytes(engine.functions.image_rgba(), 4 * width * height).slice().buffer);
}

// Counts the local maxima of the last findEdges() by magnitude, in `count` intervals of equal ratio.
export function countMagnitudes(engine, first, last, count) {
  return engine.call("edges_histogram", first, last, count);
}

// Writes the lines of the edges in a vector format of the command, such as "svg". Returns their number, and `file`, a
// Blob.
export function edgeLines(engine, detector, { low, high }, format = "svg") {
  const given = !(Number.isNaN(low) && Number.isNaN(high));
  const result = engine.call("edges_lines", optionLines({ ...detector, low, high, unit: given ? "pixel" : undefined }), "", format);
  return { ...result, file: engine.written() };
}

// Computes the gradient of the brightness in a window of the image, at a sigma. Returns derivatives by x and by y, in
// levels per pixel, row by row.
export function gradientOf(engine, { left, top, width, height }, sigma) {
  engine.call("arrows_find", left, top, width, height, sigma);
  const values = engine.array(Float32Array, engine.functions.arrows_values(), 2 * width * height).slice();
  return { x: values.subarray(0, width * height), y: values.subarray(width * height) };
}
