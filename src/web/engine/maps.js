// SPDX-License-Identifier: MIT
// Terrain maps of elevations in memory.
import { optionLines } from "./load.js";

// Computes a map of elevations { width, height, data }, row by row, NaN where they are missing. `options` and `ground`
// have options of the library by name: { map: "slope" }, { "cell-x": 30, "cell-y": 30 }. Returns { width, height, data }:
// a Float32Array, or a Uint8Array of a hillshade.
export function terrainMap(engine, { width, height, data }, options, ground) {
  const elevations = Float32Array.from(data);
  const { sample, stride } = engine.withArray(elevations, (at) =>
    engine.call("maps_terrain", at, width, height, optionLines(options), optionLines(ground)));
  const Type = sample === "f32" ? Float32Array : Uint8Array, from = engine.functions.maps_values();
  const result = new Type(width * height);
  for (let y = 0; y < height; y++) result.set(engine.array(Type, from + y * stride, width), y * width);
  return { width, height, data: result };
}
