// SPDX-License-Identifier: MIT
// The map: a canvas with its layers, a cursor for the keyboard, and buttons to zoom.
import { make } from "../dom.js";
import { drawChart, drawContours } from "./chart.js";
import { ZOOM, followKeys, followMouse } from "./pointing.js";
import { MapView } from "./view.js";

const SHORTEST = 900, LONGEST = 3200; // milliseconds of a drop on its way
const isReduced = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export class TerrainMap {
  view = new MapView();
  layers = { image: null, contours: null, water: null, cursor: null };
  #canvas = make("canvas");
  #context = this.#canvas.getContext("2d");
  #cursor = { x: 0, y: 0 }; // the cell of the keyboard
  #frame = 0;
  #moving = 0;
  #lines = {};
  #events;

  // events: choose(cell), hover(cell or null, aloud), moved() after a change of the view; cells are { x, y }, whole numbers.
  constructor(events) {
    this.#events = events;
    this.element = make("div", { class: "frame terrain-map", tabindex: "0", role: "application", "aria-label":
      "Map. Arrow keys move the cursor, Enter lets a drop of water run from it, plus, minus and 0 zoom." },
    this.#canvas, this.#buttons());
    followMouse(this.#canvas, this.view, {
      moved: () => this.#moved(),
      choose: (x, y) => this.#choose(this.#cellAt(x, y)),
      hover: (x, y) => events.hover(x === null ? null : this.#cellAt(x, y), false),
    });
    followKeys(this.element, this.view, { cursor: () => this.#cursor, move: (cell) => this.#moveCursor(cell),
      choose: (cell) => this.#choose(cell), moved: () => this.#moved() });
    this.element.onblur = () => this.#showCursor(false);
    new ResizeObserver(() => this.#resize()).observe(this.element);
  }

  #buttons() {
    const button = (label, text, action) => make("button", { class: "icon", type: "button", "aria-label": label, title: label,
      onclick: () => { action(); this.#moved(); } }, text);
    const bar = make("div", { class: "zoom" }, button("Zoom in", "+", () => this.view.zoom(ZOOM)),
      button("Zoom out", "−", () => this.view.zoom(1 / ZOOM)), button("Show all", "⤢", () => this.view.fit()));
    bar.onkeydown = (event) => event.stopPropagation();
    return bar;
  }

  // Shows another raster: its columns and rows, and how much wider than high a cell is.
  setRaster({ columns, rows, stretch }) {
    this.element.style.aspectRatio = String(Math.min(2, Math.max(0.8, columns * stretch / rows)));
    this.#cursor = { x: Math.floor(columns / 2), y: Math.floor(rows / 2) };
    this.layers.image = this.layers.contours = null;
    this.view.setRaster(columns, rows, stretch);
    this.view.fit();
    this.setWater(null);
    this.#resize();
  }

  // Shows a place from close by, [x, y, zoom] as view.place.
  showPlace(place) {
    this.view.place = place;
    this.#moved();
  }

  // Shows layers: { image, contours }.
  set(layers) {
    Object.assign(this.layers, layers);
    this.redraw();
  }

  // Shows a flow path, see engine/terrain.js; `animate` lets the drop run, unless motion is to be reduced.
  setWater(path, animate) {
    cancelAnimationFrame(this.#moving);
    this.layers.water = path;
    if (path && animate && !isReduced()) this.#run(path);
    else this.redraw();
  }

  #run(path) {
    const length = path.points.at(-1), began = performance.now();
    const time = Math.min(LONGEST, Math.max(SHORTEST, path.points.length * 0.8));
    const step = (now) => {
      const part = Math.min(1, Math.max(0, (now - began) / time));
      path.shown = part < 1 ? length * part * part * (3 - 2 * part) : undefined;
      this.redraw();
      if (part < 1) this.#moving = requestAnimationFrame(step);
    };
    step(began);
  }

  redraw() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (!this.#canvas.width || !this.#canvas.height) return; // another part is shown
      drawChart(this.#context, this.view, { ...this.layers, lines: this.#drawnLines() });
    });
  }

  // Returns a canvas with the contour lines, drawn anew only if they or the view have changed: the sun and the water move
  // often.
  #drawnLines() {
    const { contours } = this.layers, { width, height } = this.#canvas, key = [width, height, this.view.matrix].join();
    if (!contours) return null;
    if (this.#lines.contours !== contours || this.#lines.key !== key) {
      const canvas = new OffscreenCanvas(width, height);
      drawContours(canvas.getContext("2d"), this.view.matrix, contours, this.view.unit);
      this.#lines = { canvas, contours, key };
    }
    return this.#lines.canvas;
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!width) return;
    this.view.unit = Math.min(3, devicePixelRatio || 1);
    this.#canvas.width = Math.round(width * this.view.unit);
    this.#canvas.height = Math.round(height * this.view.unit);
    this.view.resize({ width, height });
    this.#moved();
  }

  #moved() {
    this.#canvas.style.touchAction = this.view.fitted ? "pan-y" : "none";
    this.redraw();
    this.#events.moved();
  }

  // Returns the cell at a point of the frame; null beside the raster.
  #cellAt(x, y) {
    const place = this.view.cellAt(x, y), cell = { x: Math.floor(place.x), y: Math.floor(place.y) };
    return cell.x >= 0 && cell.y >= 0 && cell.x < this.view.columns && cell.y < this.view.rows ? cell : null;
  }

  #choose(cell) {
    if (!cell) return;
    this.#cursor = cell;
    this.#events.choose(cell);
  }

  #moveCursor({ x, y }) {
    const { view } = this, { width, height } = view.frame;
    this.#cursor = { x: Math.min(view.columns - 1, Math.max(0, x)), y: Math.min(view.rows - 1, Math.max(0, y)) };
    const place = view.toFrame(this.#cursor);
    view.pan(Math.max(0, 0.1 * width - place.x) - Math.max(0, place.x - 0.9 * width),
      Math.max(0, 0.1 * height - place.y) - Math.max(0, place.y - 0.9 * height));
    this.#showCursor(true);
    this.#events.hover(this.#cursor, true);
  }

  #showCursor(shown) {
    this.layers.cursor = shown ? { x: this.#cursor.x + 0.5, y: this.#cursor.y + 0.5 } : null;
    this.redraw();
  }
}
