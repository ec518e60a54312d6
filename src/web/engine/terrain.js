// SPDX-License-Identifier: MIT
// Elevation models in the module: maps, contour lines, flow paths.
import { EngineError, optionLines } from "./load.js";

const NO_MEMORY = 7;
const LINE = 3, FLOW = 4; // numbers of a contour line and of a point of a flow path

function checked(address, raster) {
  if (address) return address;
  throw new EngineError(`not enough memory for ${raster.width} × ${raster.height} cells`, NO_MEMORY);
}

// Sets the coordinate system from its text; returns what is not known of it, as warnings.
function setSystem(engine, address, text) {
  if (!text) return [];
  try {
    engine.call("terrain_system", address, text);
    return [];
  } catch (error) {
    return [error.message];
  }
}

// Loads a raster, see page/read/raster_file.js. Returns the elevation model, which free() releases:
// { address, width, height, warnings }.
export function load(engine, raster) {
  const { width, height, cells, transform, system, metres } = raster, wide = cells instanceof Float64Array;
  const address = checked(engine.functions.terrain_new(width, height, Number(wide)), raster);
  engine.array(wide ? Float64Array : Float32Array, engine.functions.terrain_cells(address), cells.length).set(cells);
  if (transform) engine.withArray(Float64Array.from(transform), (at) => engine.functions.terrain_locate(address, at));
  const warnings = [...raster.warnings ?? [], ...setSystem(engine, address, system)];
  if (metres && !(engine.call("terrain_describe", address).verticalUnit > 0))
    setSystem(engine, address, `VERT_CS["elevations",UNIT["unit",${metres}]]`);
  return { address, width, height, warnings };
}

export function free(engine, model) {
  if (model) engine.functions.terrain_free(model.address);
}

// Sets how cells are measured, with options of the ground such as { crs, "cell-x", "cell-y" }. Throws if the size of a
// cell stays unknown.
export function measure(engine, model, options) {
  engine.call("terrain_measure", model.address, optionLines(options));
}

// Returns { lowest, highest, count, crs, verticalUnit, cellX, cellY }.
export function describe(engine, model) {
  return engine.call("terrain_describe", model.address);
}

// Returns a smaller elevation model, of means of side × side cells.
export function reduce(engine, model, side) {
  const width = Math.floor(model.width / side), height = Math.floor(model.height / side);
  return { address: checked(engine.functions.terrain_reduce(model.address, side), model), width, height, warnings: [] };
}

// Computes rows first .. first + count - 1 of a map, "slope", "aspect" or "hillshade", into an array of the whole map.
export function mapRows(engine, model, options, ground, first, count, into) {
  const bytes = into.BYTES_PER_ELEMENT, size = count * model.width;
  const at = checked(engine.functions.web_alloc(size * bytes), model);
  try {
    engine.call("terrain_map", model.address, optionLines({ nodata: "nan", ...options }), optionLines(ground), first, count, at);
    into.set(engine.array(into.constructor, at, size), first * model.width);
  } finally {
    engine.functions.web_free(at);
  }
}

// Returns { height, slope, aspect } of a cell: metres in the unit of the raster, degrees; null where there is none.
export function at(engine, model, column, row) {
  return engine.call("terrain_at", model.address, column, row);
}

// Returns the contour lines at multiples of an interval, of a window of cells or of all: `lines` has level, number of points
// and 1 if closed of each line, `points` column and row of each point, line after line.
export function contours(engine, model, interval, window = { x: 0, y: 0, width: model.width, height: model.height }) {
  const { x, y, width, height } = window;
  const found = engine.call("terrain_contours", model.address, optionLines({ interval }), x, y, width, height);
  const points = engine.array(Float64Array, engine.functions.terrain_points(model.address), 2 * found.points).slice();
  for (let i = 0; i < points.length; i += 2) {
    points[i] += x;
    points[i + 1] += y;
  }
  return { lines: engine.array(Float64Array, engine.functions.terrain_lines(model.address), LINE * found.lines).slice(), points };
}

// Returns the file of contour lines that edgegrad contour writes, in a format such as "svg" or "geojson", as a Blob.
export function contourFile(engine, model, interval, format) {
  engine.call("terrain_contour_file", model.address, optionLines({ interval }), format);
  return engine.written();
}

// Follows the water from a cell. Returns { steps, distance, metres, from, to, end, reason } and `points`: column, row,
// elevation and distance of each point.
export function flow(engine, model, column, row) {
  const found = engine.call("terrain_flow", model.address, column, row);
  const points = engine.array(Float64Array, engine.functions.terrain_points(model.address), FLOW * found.points).slice();
  return { ...found, points };
}
