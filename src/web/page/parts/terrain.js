// SPDX-License-Identifier: MIT
// The part "terrain": a map of an elevation model, lit by a sun to drag, and the way of a drop of water.
import { Cancelled } from "../cancelled.js";
import { Client } from "../client.js";
import { announce, make } from "../dom.js";
import { latest } from "../latest.js";
import { contourPaths } from "../terrain/chart.js";
import { createExports } from "../terrain/exports.js";
import { fileOpener } from "../terrain/files.js";
import { automaticInterval } from "../terrain/levels.js";
import { TerrainMap } from "../terrain/map.js";
import { createPainter } from "../terrain/painter.js";
import { DEFAULTS, createPanel, stateOf } from "../terrain/panel.js";
import { cellText, flowText, rasterText, unitOf } from "../terrain/words.js";

const HILLS = "hills.asc"; // the built-in raster, once it is downloaded
const MOST_PIXELS = 4e6; // of an image of the map
const STRENGTH = { slope: 0.78, aspect: 0.6, none: 0 }; // of the colours over the shading
const PAUSE = 250; // milliseconds after a large raster was moved until its contour lines are found
const FIRST_DROP = [100, 200]; // on the built-in raster

class Terrain {
  client = new Client();
  state = { ...DEFAULTS, file: HILLS, ground: {}, drop: null };
  raster = null; // what the job "terrain.open" returned, and `about`, what "terrain.measure" returned
  #timer = 0;

  constructor(root, app) {
    this.app = app;
    this.notice = make("p", { class: "notice", role: "alert", hidden: true });
    this.map = new TerrainMap({ choose: (cell) => this.drop([cell.x, cell.y]), hover: (cell, aloud) => this.hover({ cell, aloud }),
      moved: () => this.moved() });
    this.panel = createPanel(this.state, (what) => this.changed(what));
    this.painter = createPainter(this.client, (image) => this.map.set({ image }), (error) => this.failOnRaster(error));
    this.exports = createExports(this);
    this.place = make("p", { class: "caption" }, "Point at the map, or move the cursor with the arrow keys.");
    this.water = make("p", { class: "water" }, "Click the map to let a drop of water run down.");
    this.about = make("p", { class: "caption about" });
    const [light, colours, contours] = this.panel.cards;
    root.append(make("div", { class: "part terrain" }, this.#figure(root),
      make("div", { class: "settings stack" }, light, colours),
      make("div", { class: "more stack" }, this.about, make("div", { class: "below" }, contours, this.exports.element))));
  }

  #figure(root) {
    const opener = fileOpener(root, (file) => this.open(file), (error) => this.fail(error));
    const files = make("div", { class: "row" }, opener.element,
      make("button", { type: "button", onclick: () => { opener.clear(); this.open({ name: HILLS }); } }, "Sample"),
      make("span", { class: "does" }, "GeoTIFF, .asc or .hgt, also dropped on the page"));
    return make("div", { class: "figure stack tight" }, files, this.notice, this.panel.ground, this.map.element, this.place, this.water);
  }

  fail(error) {
    if (error instanceof Cancelled) return;
    this.notice.textContent = error.message;
    this.notice.hidden = false;
  }

  // Shows a failure of the library on the raster, whose name it does not know.
  failOnRaster(error) {
    this.fail(error instanceof Cancelled ? error : new Error(`${this.state.file}: ${error.message}`));
  }

  // Opens a file, { name, bytes, prj }; without bytes the built-in raster. A file that fails leaves what was there.
  async open(file) {
    this.notice.hidden = true;
    try {
      const raster = await this.client.call("terrain.open", file, file.bytes ? [file.bytes.buffer] : []);
      this.raster = raster;
      this.builtIn = !file.bytes;
      Object.assign(this.state, { file: file.name, ground: {}, drop: null });
      await this.#measure();
      if (this.raster.warnings.length) this.fail(new Error(`${file.name}: ${this.raster.warnings.join("; ")}`));
      this.app.changed();
    } catch (error) {
      this.fail(error);
    }
  }

  // Measures the cells, and shows all anew.
  async #measure() {
    const about = await this.client.call("terrain.measure", { ground: this.state.ground });
    const { width: columns, height: rows } = this.raster;
    this.raster.about = about;
    this.map.setRaster({ columns, rows, stretch: about.cellX > 0 && about.cellY > 0 ? about.cellX / about.cellY : 1 });
    this.about.textContent = `${this.builtIn ? "Built-in mountains" : this.state.file}: ${rasterText(this.raster, about)}.`;
    this.panel.needGround(Boolean(about.trouble) || Object.keys(this.state.ground).length > 0);
    this.notice.hidden = true;
    if (about.trouble) this.failOnRaster(new Error(about.trouble));
    this.panel.chooseInterval(this.automaticInterval, unitOf(about));
    this.water.textContent = "Click the map to let a drop of water run down.";
    this.paint();
    this.drawContours();
    this.exports.show();
  }

  get automaticInterval() {
    const { lowest, highest } = this.raster.about;
    return automaticInterval(lowest, highest);
  }

  get interval() {
    return this.state.interval > 0 ? this.state.interval : this.automaticInterval;
  }

  #isLarge() {
    return this.raster.width * this.raster.height > MOST_PIXELS;
  }

  // Returns the factor of the elevations in the shading; undefined: that of the file.
  get zFactor() {
    const { verticalUnit } = this.raster.about;
    return this.state.relief === 1 ? undefined : this.state.relief * (verticalUnit || 1);
  }

  // Returns the argument of the job "terrain.draw" for an area of cells.
  request(area) {
    const { azimuth, altitude, light, overlay, threshold, ground } = this.state;
    return { light: { shading: light, azimuth, altitude }, relief: this.zFactor, overlay, ground, area, looks: { strength: STRENGTH[overlay], threshold } };
  }

  paint() {
    if (this.raster?.about && !this.raster.about.trouble) this.painter(this.request(this.map.view.area(MOST_PIXELS)), this.raster.side > 1);
    else this.map.set({ image: null });
  }

  // Finds the contour lines: of a large raster those of the smaller copy, or of the part in sight where cells are seen.
  drawContours = latest(async () => {
    const { interval, raster } = this, area = this.map.view.area(MOST_PIXELS), large = raster.side > 1;
    if (this.state.contours !== "shown") return this.map.set({ contours: null });
    try {
      const contours = await this.client.call("terrain.contours", { interval, preview: large && area.every > 1, window: area });
      if (raster === this.raster) this.map.set({ contours: contourPaths(contours, interval) });
    } catch (error) {
      this.failOnRaster(error);
    }
  });

  // Draws what depends on the part of a large raster that is in sight.
  moved() {
    if (!this.raster?.about) return;
    this.app.changed();
    if (!this.#isLarge()) return;
    this.paint();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.drawContours(), PAUSE);
  }

  // Lets a drop of water run from a cell, [column, row].
  async drop(cell, animate = true) {
    if (!this.raster?.about) return;
    try {
      const path = await this.client.call("terrain.flow", { column: cell[0], row: cell[1] });
      this.state.drop = cell;
      this.map.setWater(path, animate);
      this.water.textContent = flowText(path, this.raster.about);
      announce(this.water.textContent);
      this.exports.show();
      this.app.changed();
    } catch (error) {
      if (!(error instanceof Cancelled)) this.water.textContent = `${error.message}: choose another place.`;
    }
  }

  // Says what is at a cell.
  hover = latest(async ({ cell, aloud }) => {
    if (!cell || !this.raster?.about) return;
    try {
      const found = await this.client.call("terrain.at", { column: cell.x, row: cell.y });
      this.place.textContent = cellText(cell, found, this.raster.about, this.state.unit);
      if (aloud) announce(this.place.textContent);
    } catch (error) {
      this.fail(error);
    }
  });

  // Follows a change of the controls.
  changed(what) {
    if (!this.raster?.about) return;
    if (what === "ground") this.#measure().catch((error) => this.fail(error));
    else if (what === "contours") this.drawContours();
    else if (what !== "unit") this.paint();
    this.exports.show();
    this.app.changed();
  }

  values() {
    const { state } = this, values = {};
    for (const [name, value] of Object.entries(DEFAULTS))
      if (state[name] !== value && !(Number.isNaN(value) && Number.isNaN(state[name]))) values[name] = state[name];
    return { ...values, drop: state.drop?.join(","), view: this.map.view.place?.map((value) => Number(value.toFixed(2))).join(",") };
  }

  // Takes the state of an address. Files cannot be in it: the raster that is open stays, at first the built-in one.
  async show(values) {
    Object.assign(this.state, stateOf(values));
    this.panel.show();
    if (!this.raster) await this.open({ name: HILLS });
    else ["light", "contours"].forEach((what) => this.changed(what));
    const numbers = (text, count) => {
      const list = text?.split(",").map(Number) ?? [];
      return list.length === count && list.every(Number.isFinite) ? list : null;
    };
    const view = numbers(values.view, 3), drop = numbers(values.drop, 2) ?? (this.builtIn ? FIRST_DROP : null);
    if (view?.[2] > 1) this.map.showPlace(view);
    if (drop) await this.drop(drop);
  }
}

export const terrain = {
  id: "terrain",
  title: "Terrain",
  create(root, app) {
    const part = new Terrain(root, app);
    return { open: (values) => part.show(values), values: () => part.values() };
  },
};
