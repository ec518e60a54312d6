// SPDX-License-Identifier: MIT
// Asks the worker for the image of the map: for the newest request only, and of large rasters a preview first.
import { Cancelled } from "../client.js";

const PAUSE = 140; // milliseconds without a change before a large raster is drawn whole

export class Painter {
  #client;
  #show;
  #fail;
  #request = null; // the newest
  #busy = false;
  #timer = 0;

  // show(image, preview) gets each image: { bitmap, place }; fail(error) what went wrong.
  constructor(client, show, fail) {
    this.#client = client;
    this.#show = show;
    this.#fail = fail;
  }

  // Draws a request of the job "terrain.draw"; `large`: with a preview.
  paint(request, large) {
    this.#request = { request, large };
    clearTimeout(this.#timer);
    if (!large) this.#next();
    else {
      this.#next();
      this.#timer = setTimeout(() => this.#draw({ ...request, preview: false }), PAUSE);
    }
  }

  // Draws the newest request once the one before is done.
  async #next() {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#request) {
      const { request, large } = this.#request;
      this.#request = null;
      await this.#draw({ ...request, preview: large });
    }
    this.#busy = false;
  }

  async #draw(request) {
    try {
      const image = await this.#client.call("terrain.draw", request);
      if (!image) return;
      const { data, width, height, place, preview } = image;
      const bitmap = await createImageBitmap(new ImageData(data, width, height));
      this.#show({ bitmap, place }, preview);
    } catch (error) {
      if (!(error instanceof Cancelled)) this.#fail(error);
    }
  }
}
