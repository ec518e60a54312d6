// SPDX-License-Identifier: MIT
// Jobs of the part "terrain". A raster is opened once; then each change of a control is drawn from it. Large rasters are
// drawn twice: from a smaller copy at once, and whole in blocks of rows, between which newer jobs give it up.
import * as terrain from "../../engine/terrain.js";
import { hillsRaster } from "../terrain/hills.js";
import { paintMap } from "../terrain/paint.js";
import { readRaster } from "../read/raster_file.js";

const PREVIEW_CELLS = 250e3; // of the smaller copy
const WHOLE_CELLS = 700e3; // of rasters that need none
const BLOCK_CELLS = 400e3; // computed between looks for newer jobs

// Lets messages in.
const breathe = () => new Promise((resolve) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => { channel.port1.close(); resolve(); };
  channel.port2.postMessage(0);
});

// The maps of one elevation model, computed when they are needed and kept until their options change.
class Maps {
  #kept = new Map();

  constructor(engine, model) {
    Object.assign(this, { engine, model });
  }

  // Returns a map with its options; null if `isOld` says so on the way.
  async get(name, options, ground, isOld) {
    const key = JSON.stringify([options, ground]), kept = this.#kept.get(name);
    if (kept?.key === key) return kept.data;
    const { width, height } = this.model, rows = Math.max(1, Math.floor(BLOCK_CELLS / width));
    const data = name === "hillshade" ? new Uint8Array(width * height) : new Float32Array(width * height);
    for (let first = 0; first < height; first += rows) {
      if (isOld()) return null;
      terrain.mapRows(this.engine, this.model, { map: name, ...options }, ground, first, Math.min(rows, height - first), data);
      if (first + rows < height) await breathe();
    }
    this.#kept.set(name, { key, data });
    return data;
  }
}

export function terrainJobs(engine) {
  let model = null, small = null, side = 1; // the raster, its smaller copy, and the cells of one of its cells
  let maps = null, smallMaps = null, latest = 0;

  function close() {
    terrain.free(engine, small);
    terrain.free(engine, model);
    model = small = maps = smallMaps = null;
  }

  function open(raster) {
    const opened = terrain.load(engine, raster);
    close();
    model = opened;
    const cells = model.width * model.height;
    side = cells > WHOLE_CELLS ? Math.ceil(Math.sqrt(cells / PREVIEW_CELLS)) : 1;
    if (Math.min(model.width, model.height) < 3 * side) side = 1; // a map needs 3 x 3 cells
    small = side > 1 ? terrain.reduce(engine, model, side) : null;
    maps = new Maps(engine, model);
    smallMaps = small && new Maps(engine, small);
    const warnings = [...model.warnings];
    if (raster.transform?.[5] > 0) warnings.push("is stored with south up, and shown so");
    return { width: model.width, height: model.height, warnings, side };
  }

  // Draws from one elevation model; null if a newer job came.
  async function draw(from, step, { light, relief, overlay, ground, area, looks }, isOld) {
    const shade = await from.get("hillshade", light, { ...ground, "z-factor": relief }, isOld);
    if (!shade) return null;
    const values = overlay === "none" ? null : await from.get(overlay, {}, ground, isOld);
    if (overlay !== "none" && !values) return null;
    const part = scaledArea(area, step, from.model);
    const image = paintMap({ width: from.model.width, shade, values, overlay, looks }, part);
    return { ...image, place: { x: part.x * step, y: part.y * step, pixel: part.every * step } };
  }

  return {
    // Numbers the jobs that draw, so that an older one ends when a newer one, or another raster, has arrived.
    arrived(name, request) {
      if ((name === "draw" && !request.final) || name === "open") request.turn = ++latest;
    },

    // Opens a file, { name, bytes, prj }, or the built-in raster without bytes. `prj`: its coordinate system, if the file
    // names none.
    async open({ name, bytes, prj = "" }) {
      const raster = bytes ? await readRaster(name, bytes) : hillsRaster();
      return open({ ...raster, system: raster.system || prj.trim() });
    },

    // Measures the cells, with options of the ground. Returns the description; `trouble`: why their size is unknown.
    measure({ ground }) {
      let trouble = "";
      for (const each of [small, model])
        try {
          if (each) terrain.measure(engine, each, ground);
        } catch (error) {
          trouble = error.message;
        }
      return { ...terrain.describe(engine, model), trouble };
    },

    // Draws the map of an area of cells: pixels, as of ImageData, and their `place`, the first cell and the cells in a row
    // of a pixel. `preview` draws from the smaller copy. Null: a newer job came, unless `final`.
    async draw(request) {
      const isOld = () => !request.final && request.turn !== latest;
      const preview = request.preview && small;
      const image = preview ? await draw(smallMaps, side, request, isOld) : await draw(maps, 1, request, isOld);
      return image && { ...image, preview: Boolean(preview) };
    },

    // Returns a map as it is computed, for tests and for files: { data }.
    async map({ name, options, ground }) {
      return { data: (await new Maps(engine, model).get(name, options, ground, () => false)) };
    },

    // Finds the contour lines of a window of cells, of all cells, or with `preview` of the smaller copy, whose cells are
    // `side` cells.
    contours: ({ interval, window, preview }) => preview && small
      ? { ...terrain.contours(engine, small, interval), side }
      : { ...terrain.contours(engine, model, interval, window), side: 1 },
    // Returns the file of the contour lines: { file }, a Blob.
    contourFile: ({ interval, format }) => ({ file: terrain.contourFile(engine, model, interval, format) }),
    flow: ({ column, row }) => terrain.flow(engine, model, column, row),
    at: ({ column, row }) => terrain.at(engine, model, column, row),
  };
}

// Returns an area of cells, in cells of a copy that is `step` times smaller.
function scaledArea({ x, y, width, height, every }, step, model) {
  const left = Math.floor(x / step), top = Math.floor(y / step);
  return {
    x: left, y: top, every: Math.max(1, Math.round(every / step)),
    width: Math.min(model.width - left, Math.ceil(width / step)), height: Math.min(model.height - top, Math.ceil(height / step)),
  };
}
