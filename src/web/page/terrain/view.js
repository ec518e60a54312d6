// SPDX-License-Identifier: MIT
// Where the map lies on the screen: a scale and the cell in the upper left corner. Cells that are wider than high on the
// ground are drawn so.

const LARGEST = 48; // pixels a cell
const MARGIN = 0.04; // of the width, beside the whole raster

export class View {
  width = 1; // of the canvas, in its pixels
  height = 1;
  columns = 1; // of the raster
  rows = 1;
  stretch = 1; // width of a cell over its height
  scale = 1; // pixels of the height of a cell
  x = 0; // cells left of the canvas and above it
  y = 0;

  // Returns the pixels of a cell: { x, y }.
  get cell() {
    return { x: this.scale * this.stretch, y: this.scale };
  }

  get fitting() {
    return Math.min(this.width / (this.columns * this.stretch), this.height / this.rows);
  }

  get zoomed() {
    return this.scale > 1.001 * this.fitting;
  }

  // Shows the whole raster.
  fit() {
    this.scale = this.fitting;
    this.centre();
  }

  // Keeps the raster in the canvas: no scale smaller than that of the whole, no empty space beside a larger one.
  centre() {
    this.scale = Math.min(Math.max(this.scale, this.fitting), Math.max(LARGEST, this.fitting));
    const across = this.width / this.cell.x, down = this.height / this.cell.y;
    this.x = across >= this.columns ? (this.columns - across) / 2 : clamp(this.x, -MARGIN * across, this.columns - (1 - MARGIN) * across);
    this.y = down >= this.rows ? (this.rows - down) / 2 : clamp(this.y, -MARGIN * down, this.rows - (1 - MARGIN) * down);
  }

  // Multiplies the scale, about a point of the canvas.
  zoom(factor, at = { x: this.width / 2, y: this.height / 2 }) {
    const cell = this.toCell(at);
    this.scale *= factor;
    this.scale = Math.min(Math.max(this.scale, this.fitting), Math.max(LARGEST, this.fitting));
    this.x = cell.x - at.x / this.cell.x;
    this.y = cell.y - at.y / this.cell.y;
    this.centre();
  }

  move(dx, dy) {
    this.x -= dx / this.cell.x;
    this.y -= dy / this.cell.y;
    this.centre();
  }

  // Convert between points of the canvas and places in cells, 0, 0 the corner of the first one.
  toCell({ x, y }) {
    return { x: this.x + x / this.cell.x, y: this.y + y / this.cell.y };
  }

  toCanvas({ x, y }) {
    return { x: (x - this.x) * this.cell.x, y: (y - this.y) * this.cell.y };
  }

  // Returns the matrix from cells to the canvas.
  get matrix() {
    return new DOMMatrix([this.cell.x, 0, 0, this.cell.y, -this.x * this.cell.x, -this.y * this.cell.y]);
  }

  // Returns the area of whole cells to paint: all of them if they are few, else those in sight with a margin, and the
  // number of cells in a row that a pixel stands for.
  area(most) {
    if (this.columns * this.rows <= most) return { x: 0, y: 0, width: this.columns, height: this.rows, every: 1 };
    const across = this.width / this.cell.x, down = this.height / this.cell.y;
    const every = Math.max(1, Math.floor(1 / this.scale));
    const left = Math.max(0, Math.floor((this.x - across / 4) / every) * every);
    const top = Math.max(0, Math.floor((this.y - down / 4) / every) * every);
    return { x: left, y: top, every, width: Math.min(this.columns - left, Math.ceil(1.5 * across)),
      height: Math.min(this.rows - top, Math.ceil(1.5 * down)) };
  }
}

function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}
