// SPDX-License-Identifier: MIT
// A picture in two workers: a preview of it, whose edges follow each change, and the whole, whose edges come after.
import { Cancelled, Client } from "../../client.js";

const PREVIEW = 1e6; // pixels of the preview; smaller pictures need none
const PATIENCE = 1500; // milliseconds after which work on the whole is given up for a newer change
const PAUSE = 160; // milliseconds without a change before the whole is computed

export class Picture {
  #preview = new Client();
  #whole = new Client();
  #file = null;
  #loaded = false; // the whole is in its worker
  #began = Infinity; // when the computation of edges of the whole began; Infinity: it does not go on
  #timer = 0;
  size = { width: 1, height: 1 };
  scale = 1; // of the preview
  before = []; // bitmaps, from the coarsest to the finest
  sigmaUsed = NaN; // the automatic one of the whole

  get reduced() {
    return this.scale < 1;
  }

  // Opens a file; returns what the job says. What was open stays if that fails.
  async open(file) {
    const opened = await this.#preview.call("picture.open", { file, most: PREVIEW });
    this.forget();
    this.#file = file;
    this.size = { width: opened.wholeWidth, height: opened.wholeHeight };
    this.scale = opened.width / opened.wholeWidth;
    this.before = [opened.bitmap];
    return opened;
  }

  // Takes a frame of a camera.
  async take(pixels) {
    this.forget();
    this.size = { width: pixels.width, height: pixels.height };
    this.scale = 1;
    this.before = [await createImageBitmap(pixels)];
    await this.#preview.call("picture.load", pixels, [pixels.data.buffer]);
  }

  // Gives up what goes on with the whole, and the picture.
  forget() {
    clearTimeout(this.#timer);
    if (this.#loaded) this.#stopWhole();
    this.#file = null;
    this.sigmaUsed = NaN;
  }

  // Computes the edges of the preview: of the whole, if it needs no preview.
  async findPreview(settings) {
    const { scale } = this;
    const found = await this.#preview.call("picture.edges", {
      detector: settings.detector(scale, this.sigmaUsed), thresholds: settings.thresholds(scale),
    });
    return this.reduced ? enlarged(found, scale, settings.state.method) : found;
  }

  // Computes the edges of the whole after a pause, and calls done(found) or fail(error). A newer call takes its place.
  findWhole(settings, done, fail) {
    clearTimeout(this.#timer);
    if (!this.reduced) return;
    if (performance.now() - this.#began > PATIENCE) this.#stopWhole();
    const wanted = this.#timer = setTimeout(async () => {
      const current = () => wanted === this.#timer;
      try {
        await this.needWhole();
        if (!current()) return;
        this.#began = performance.now();
        const found = await this.#whole.call("picture.edges", { detector: settings.detector(), thresholds: settings.thresholds() });
        this.#began = Infinity;
        if (Number.isNaN(settings.state.sigma)) this.sigmaUsed = found.sigma;
        if (current()) done(found);
      } catch (error) {
        if (error instanceof Cancelled) return;
        this.#began = Infinity;
        if (current()) fail(error);
      }
    }, PAUSE);
  }

  #stopWhole() {
    this.#whole.stop();
    this.#loaded = false;
    this.#began = Infinity;
  }

  // Loads the whole picture, unless it is.
  async needWhole() {
    if (!this.reduced || this.#loaded) return;
    this.#loaded = true;
    try {
      const { bitmap } = await this.#whole.call("picture.open", { file: this.#file, most: Infinity });
      this.before = [this.before[0], bitmap];
    } catch (error) {
      this.#loaded = false;
      throw error;
    }
  }

  // Does a job on the whole picture: "lines", "gradient" and the like.
  async ask(name, argument) {
    await this.needWhole();
    return (this.reduced ? this.#whole : this.#preview).call(`picture.${name}`, argument);
  }
}

// Returns what was found in a preview in the units of the whole picture: its pixels are smaller, so that gradients are.
function enlarged(found, scale, method) {
  const power = method === "ridge" ? scale * scale : scale;
  return {
    ...found, sigma: found.sigma / scale, low: found.low * power, high: found.high * power, autoLow: found.autoLow * power,
    autoHigh: found.autoHigh * power, first: found.first * power, last: found.last * power,
  };
}
