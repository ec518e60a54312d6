// SPDX-License-Identifier: MIT
// Where the map lies in its frame. Cells that are wider than high on the ground are drawn so; the picture of the view is one
// of squares as high as a cell.
import { View } from "../draw/view.js";

export class MapView extends View {
  columns = 1; // of the raster
  rows = 1;
  stretch = 1; // width of a cell over its height
  unit = 1; // pixels of the canvas in one of the page

  // Takes another raster.
  setRaster(columns, rows, stretch) {
    Object.assign(this, { columns, rows, stretch });
    this.resize(this.frame, { width: columns * stretch, height: rows });
  }

  // Returns the place in cells at a point of the frame, 0, 0 the corner of the first cell.
  cellAt(x, y) {
    const place = this.pixelAt(x, y);
    return { x: place.x / this.stretch, y: place.y };
  }

  // Returns the point of the frame at a place in cells.
  toFrame({ x, y }) {
    return { x: this.x + x * this.stretch * this.scale, y: this.y + y * this.scale };
  }

  // The place in the middle of the frame, in cells, and how much closer it is than the whole: [x, y, zoom]; null: the whole
  // is shown.
  get place() {
    const { x, y } = this.cellAt(this.frame.width / 2, this.frame.height / 2);
    return this.fitted ? null : [x, y, this.scale / this.leastScale];
  }

  set place([x, y, zoom]) {
    this.fit();
    this.zoom(zoom);
    const at = this.toFrame({ x, y });
    this.pan(this.frame.width / 2 - at.x, this.frame.height / 2 - at.y);
  }

  // Returns the matrix from cells to the canvas.
  get matrix() {
    const { unit, scale } = this;
    return new DOMMatrix([unit * scale * this.stretch, 0, 0, unit * scale, unit * this.x, unit * this.y]);
  }

  // Returns the area of whole cells to paint: all of them if they are at most `most`, else those in sight with a margin, and
  // the number of cells in a row that a pixel stands for.
  area(most) {
    if (this.columns * this.rows <= most) return { x: 0, y: 0, width: this.columns, height: this.rows, every: 1 };
    const { x, y } = this.cellAt(0, 0), across = this.frame.width / this.scale / this.stretch, down = this.frame.height / this.scale;
    const every = Math.max(1, Math.floor(1 / (this.scale * this.unit)));
    const left = Math.max(0, Math.floor((x - across / 4) / every) * every), top = Math.max(0, Math.floor((y - down / 4) / every) * every);
    return { x: left, y: top, every, width: Math.min(this.columns - left, Math.ceil(1.5 * across)),
      height: Math.min(this.rows - top, Math.ceil(1.5 * down)) };
  }
}
