// SPDX-License-Identifier: MIT
// Where a picture lies in its frame: zoom and position.

const CLOSEST = 64; // the most CSS pixels for one of the picture

export class View {
  // A frame of `frame` CSS pixels for a picture of `size` pixels: { width, height } each.
  frame = { width: 1, height: 1 };
  size = { width: 1, height: 1 };
  scale = 1; // CSS pixels for one of the picture
  x = 0; // the picture's corner in the frame
  y = 0;
  fitted = true;

  get leastScale() {
    return Math.min(this.frame.width / this.size.width, this.frame.height / this.size.height);
  }

  // Shows the whole picture.
  fit() {
    this.scale = this.leastScale;
    this.fitted = true;
    this.#settle();
  }

  // Takes another frame or another picture; what was fitted stays so.
  resize(frame, size = this.size) {
    this.frame = frame;
    this.size = size;
    if (this.fitted || this.scale < this.leastScale) this.fit();
    else this.#settle();
  }

  // Zooms by a factor; the point of the picture at (x, y) of the frame stays there.
  zoom(factor, x = this.frame.width / 2, y = this.frame.height / 2) {
    const scale = Math.min(Math.max(this.scale * factor, this.leastScale), Math.max(CLOSEST, this.leastScale));
    this.x = x - (x - this.x) * scale / this.scale;
    this.y = y - (y - this.y) * scale / this.scale;
    this.scale = scale;
    this.fitted = scale <= this.leastScale * 1.0001;
    this.#settle();
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.#settle();
  }

  // Returns the pixel of the picture at a point of the frame, with fractions.
  pixelAt(x, y) {
    return { x: (x - this.x) / this.scale, y: (y - this.y) / this.scale };
  }

  // Returns the window of the picture that is to be seen, in whole pixels.
  window() {
    const first = this.pixelAt(0, 0), last = this.pixelAt(this.frame.width, this.frame.height);
    const left = Math.max(0, Math.floor(first.x)), top = Math.max(0, Math.floor(first.y));
    return {
      left, top,
      width: Math.min(this.size.width, Math.ceil(last.x)) - left,
      height: Math.min(this.size.height, Math.ceil(last.y)) - top,
    };
  }

  // Keeps the picture in the frame: in its middle if it is smaller, else without a gap.
  #settle() {
    const settle = (at, frame, picture) => picture <= frame ? (frame - picture) / 2 : Math.min(0, Math.max(frame - picture, at));
    this.x = settle(this.x, this.frame.width, this.size.width * this.scale);
    this.y = settle(this.y, this.frame.height, this.size.height * this.scale);
  }
}
