// SPDX-License-Identifier: MIT
// edgegrad for JavaScript: edges of images, maps of terrain, and functions with their gradients. The library is compiled to
// WebAssembly and part of this module, so that nothing is fetched.
import { EngineError, compile, start, whyUnable } from "../engine/load.js";
import { edgeMask, findEdges, loadImage } from "../engine/image.js";
import { terrainMap } from "../engine/maps.js";
import { Formula } from "../engine/formula.js";
import packed from "edgegrad.wasm.gz";

const trouble = whyUnable();
if (trouble) throw new Error(trouble);
const engine = await start(await compile(packed));

export { EngineError as EdgegradError };

// Options of the command have dashes where those of JavaScript have capitals.
function named(options) {
  const dashed = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [dashed(name), value]));
}

// Copies an image, and detects its edges.
export function canny(image, { low, high, ...options } = {}) {
  const size = loadImage(engine, image);
  const found = findEdges(engine, named(options), { low: low ?? NaN, high: high ?? NaN });
  const { sigma, pixels, warnings } = found;
  return { ...size, data: edgeMask(engine, size), low: found.low, high: found.high, sigma, pixels, warnings };
}

// Computes a terrain map of cells of `cellSize` metres, a number or [x, y].
function terrain(elevations, map, { cellSize, zFactor = 1, edges = "nodata", derivative, ...options } = {}) {
  const [cellX, cellY] = Array.isArray(cellSize) ? cellSize : [cellSize, cellSize];
  if (!(cellX > 0) || !(cellY > 0))
    throw new RangeError("cellSize must be metres, or [x, y]: the elevations do not tell the size of a cell");
  const ground = { "cell-x": cellX, "cell-y": cellY, "z-factor": zFactor, border: edges, derivative };
  return terrainMap(engine, elevations, { ...named(options), map, nodata: "nan" }, ground);
}

export const slope = (elevations, options) => terrain(elevations, "slope", options);
export const aspect = (elevations, options) => terrain(elevations, "aspect", options);
export const hillshade = (elevations, options) => terrain(elevations, "hillshade", options);

// A function given by its text.
export class Expression {
  #formula;

  constructor(text) {
    this.#formula = typeof text === "string" ? Formula.parse(engine, text) : text;
  }

  get variables() {
    return [...this.#formula.variables];
  }

  toString() {
    return this.#formula.text;
  }

  // The value at a point: numbers in the order of the variables.
  value(...point) {
    return this.#formula.at(point).value;
  }

  gradient(...point) {
    return this.#formula.at(point).gradient;
  }

  derivative(variable) {
    return new Expression(this.#formula.derivative(variable));
  }

  // The values at many points: an array of coordinates for each variable.
  values(...coordinates) {
    return this.#formula.values(coordinates);
  }
}

export const version = engine.version();
