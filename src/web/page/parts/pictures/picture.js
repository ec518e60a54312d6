// SPDX-License-Identifier: MIT
// A picture in two workers: a preview of it, whose edges follow each change, and the whole, whose edges come after.
import { Cancelled } from "../../cancelled.js";
import { latest } from "../../latest.js";

const PREVIEW = 1e6; // pixels of the preview; smaller pictures need none
const SLOW = { boundary: 250e3 }; // of slower methods
const DIRECT = 4e6; // pixels of the whole up to which other thresholds need no preview
const PATIENCE = 1500; // milliseconds after which work on the whole is given up for a newer change
const PAUSE = 160; // milliseconds without a change before the whole is computed

// Returns the most pixels that a method marks while a control moves.
export const previewPixels = (method) => SLOW[method] ?? PREVIEW;

export class Picture {
  #preview;
  #whole;
  #file = null; // null: a frame of a camera, which is its own preview
  #most = PREVIEW; // pixels of the preview
  #kept = null; // the detector whose local maxima the whole's worker keeps, as text
  #loaded = false; // the whole is in its worker
  #began = Infinity; // when the computation of edges of the whole began; Infinity: it does not go on
  #change = 0; // number of the last change
  #timer = 0;
  #limit = 0; // timer that gives up work for a newer change
  size = { width: 1, height: 1 };
  scale = 1; // of the preview
  before = []; // bitmaps, from the coarsest to the finest
  sigmaUsed = NaN; // the automatic one of the whole

  // Takes a worker for the preview and one for the whole, see client.js.
  constructor(preview, whole) {
    this.#preview = preview;
    this.#whole = whole;
  }

  get reduced() {
    return this.scale < 1;
  }

  // Opens a file; returns what the job says. What was open stays if that fails.
  async open(file) {
    const opened = await this.#preview.call("picture.open", { file, most: PREVIEW });
    this.forget();
    this.#file = file;
    this.#most = PREVIEW;
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
    this.#change++;
    if (this.#loaded) this.#stopWhole();
    this.#file = null;
    this.sigmaUsed = NaN;
  }

  // Computes the edges for a change, and calls done(found, isPreview): at once with those of a preview, and after a pause
  // with those of the whole. Other thresholds of the whole need no preview if it is not too large. A newer call takes the
  // place of this one. Failures of the first are thrown, those of the second go to fail(error).
  async find(settings, done, fail) {
    clearTimeout(this.#timer);
    const change = ++this.#change;
    await this.#fitPreview(settings.state.method);
    if (this.#isDirect(settings)) {
      done(await this.#findWhole(settings), false);
      return;
    }
    this.#giveUpSoon();
    done(await this.#findPreview(settings), this.reduced);
    if (this.reduced && change === this.#change)
      this.#timer = setTimeout(() => this.#follow({ settings, done, fail, change }), PAUSE);
  }

  // Reduces the preview to what the method is quick for.
  async #fitPreview(method) {
    const most = previewPixels(method);
    if (!this.#file || most === this.#most) return;
    const { width } = await this.#preview.call("picture.reduce", { most });
    this.#most = most;
    this.scale = width / this.size.width;
  }

  async #findPreview(settings) {
    const { scale } = this;
    const found = await this.#preview.call("picture.edges", {
      detector: settings.detector(scale, this.sigmaUsed), thresholds: settings.thresholds(scale),
    });
    return this.reduced ? enlarged(found, scale, settings.state.method) : found;
  }

  // ---- the whole ----

  // Returns true if the whole's worker only has to mark edges with other thresholds.
  #isDirect(settings) {
    return this.reduced && this.#loaded && this.#began === Infinity && this.#kept === JSON.stringify(settings.detector()) &&
      this.size.width * this.size.height <= DIRECT;
  }

  async #findWhole(settings) {
    const detector = settings.detector();
    await this.needWhole();
    this.#began = performance.now();
    this.#kept = null;
    try {
      const found = await this.#whole.call("picture.edges", { detector, thresholds: settings.thresholds() });
      this.#kept = JSON.stringify(detector);
      if (Number.isNaN(detector.sigma)) this.sigmaUsed = found.sigma;
      return found;
    } finally {
      clearTimeout(this.#limit);
      this.#limit = 0;
      this.#began = Infinity;
    }
  }

  // Computes the edges of the whole for the latest change.
  #follow = latest(async ({ settings, done, fail, change }) => {
    const isCurrent = () => change === this.#change;
    if (!isCurrent()) return;
    try {
      const found = await this.#findWhole(settings);
      if (isCurrent()) done(found, false);
    } catch (error) {
      if (!(error instanceof Cancelled) && isCurrent()) fail(error);
    }
  });

  // Gives up work on the whole that goes on, once it has lasted too long to be waited for.
  #giveUpSoon() {
    if (this.#began === Infinity || this.#limit) return;
    this.#limit = setTimeout(() => this.#stopWhole(), Math.max(0, this.#began + PATIENCE - performance.now()));
  }

  #stopWhole() {
    this.#whole.stop();
    this.#loaded = false;
    this.#kept = null;
  }

  // Loads the whole picture, unless it is.
  async needWhole() {
    if (!this.reduced || this.#loaded) return;
    const file = this.#file;
    this.#loaded = true;
    try {
      const { bitmap } = await this.#whole.call("picture.open", { file, most: Infinity });
      if (file !== this.#file) throw new Cancelled("cancelled"); // another picture was opened
      this.before = [this.before[0], bitmap];
    } catch (error) {
      if (file === this.#file) this.#loaded = false;
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
