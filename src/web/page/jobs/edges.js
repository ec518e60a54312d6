// SPDX-License-Identifier: MIT
// Jobs of the part "pictures": an image is loaded once, and its edges are computed for each change.
import * as edges from "../../engine/edges.js";

export function edgeJobs(engine) {
  let image = null;
  return {
    // Loads pixels: { width, height, data }, as of ImageData.
    load(pixels) {
      image = edges.load(engine, pixels);
      return image;
    },
    // Detects edges with the options of the command.
    find(options) {
      return edges.find(engine, image, options);
    },
  };
}
