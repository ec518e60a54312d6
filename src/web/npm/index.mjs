// SPDX-License-Identifier: MIT
// edgegrad for JavaScript: edges of images, maps of terrain, and functions with their gradients. The library is compiled to
// WebAssembly and part of this module, so that nothing is fetched.
import { EngineError, compile, start, whyUnable } from "../engine/load.js";
import { edgeMask, findEdges, loadImage } from "../engine/image.js";
import { terrainMap } from "../engine/maps.js";
import { Formula } from "../engine/formula.js";
import { checkGrid, checkImage, checkNumbers, checkOptions } from "./check.mjs";
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

const EDGES = { method: "string", op: "string", sigma: "number", low: "number", high: "number", auto: "string", ridges: "string" };
const TERRAIN = { cellSize: "any", zFactor: "number", edges: "string", derivative: "string" };
const MAPS = {
  slope: { ...TERRAIN, unit: "string" }, aspect: { ...TERRAIN, convention: "string" },
  hillshade: { ...TERRAIN, azimuth: "number", altitude: "number", shading: "string" },
};

// Copies an image, and detects its edges.
export function canny(image, given) {
  checkImage(image);
  const { low, high, ...options } = checkOptions("canny", given, EDGES);
  const size = loadImage(engine, image);
  const found = findEdges(engine, named(options), { low: low ?? NaN, high: high ?? NaN });
  const { sigma, pixels, warnings } = found;
  return { ...size, data: edgeMask(engine, size), low: found.low, high: found.high, sigma, pixels, warnings };
}

// Computes a terrain map of cells of `cellSize` metres, a number or [x, y].
function terrain(elevations, map, given) {
  checkGrid(elevations);
  const { cellSize, zFactor = 1, edges = "nodata", derivative, ...options } = checkOptions(map, given, MAPS[map]);
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
    if (!(text instanceof Formula) && typeof text !== "string") throw new TypeError("the text of an Expression must be a string");
    this.#formula = text instanceof Formula ? text : Formula.parse(engine, text);
  }

  get variables() {
    return [...this.#formula.variables];
  }

  toString() {
    return this.#formula.text;
  }

  // The value at a point: numbers in the order of the variables.
  value(...point) {
    checkNumbers("point", point);
    return this.#formula.at(point).value;
  }

  gradient(...point) {
    checkNumbers("point", point);
    return this.#formula.at(point).gradient;
  }

  derivative(variable) {
    return new Expression(this.#formula.derivative(variable));
  }

  // The values at many points: an array of coordinates for each variable.
  values(...coordinates) {
    coordinates.forEach((list, i) => checkNumbers(`coordinates[${i}]`, list));
    return this.#formula.values(coordinates);
  }
}

export const version = engine.version();
