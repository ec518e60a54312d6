// SPDX-License-Identifier: MIT
// Asks the worker for the image of the map: for the newest request only, and of large rasters a preview first.
import { Cancelled } from "../cancelled.js";
import { latest } from "../latest.js";

const PAUSE = 140; // milliseconds without a change before a large raster is drawn whole

// Creates the painter. show(image) gets each image, { bitmap, place }; fail(error) what went wrong. Returns a function of a
// request of the job "terrain.draw", and whether the raster is large.
export function createPainter(client, show, fail) {
  let timer = 0;
  const draw = async (request) => {
    try {
      const image = await client.call("terrain.draw", request);
      if (!image) return; // a newer request came
      const { data, width, height, place } = image;
      show({ bitmap: await createImageBitmap(new ImageData(data, width, height)), place });
    } catch (error) {
      if (!(error instanceof Cancelled)) fail(error);
    }
  };
  const drawNow = latest(draw);
  return (request, large) => {
    clearTimeout(timer);
    drawNow({ ...request, preview: large });
    if (large) timer = setTimeout(() => draw({ ...request, preview: false }), PAUSE);
  };
}
