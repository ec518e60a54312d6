// SPDX-License-Identifier: MIT
// Edges of an image in the module.
import { EngineError, optionLines } from "./load.js";

const NO_MEMORY = 7;

// Copies an image into the module: `data` has red, green, blue and alpha of each pixel, as in ImageData.
export function load(engine, { width, height, data }) {
  const at = engine.functions.edges_new(width, height);
  if (!at) throw new EngineError(`not enough memory for ${width} × ${height} pixels: choose a smaller image`, NO_MEMORY);
  engine.bytes(at, data.length).set(data);
  engine.functions.edges_loaded();
  return { width, height };
}

// Detects the edges of the image with the options of the command, such as { method, sigma, low, high }. Returns the
// thresholds and sigma used, the number of edge pixels, and `mask`, a byte for each pixel: 255, or 0.
export function find(engine, image, options) {
  const result = engine.call("edges_find", optionLines(options));
  const mask = engine.bytes(engine.functions.edges_mask(), image.width * image.height).slice();
  return { ...result, width: image.width, height: image.height, mask };
}
