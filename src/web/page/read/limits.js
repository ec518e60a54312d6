// SPDX-License-Identifier: MIT
// The largest elevation models that the page opens.

const MOST_CELLS = 64e6;
const MOST_BYTES = 8 * MOST_CELLS; // those of a GeoTIFF of doubles

function tooLarge(name, what) {
  return new Error(`${name}: has ${what}, more than this page opens; the edgegrad command reads it`);
}

// Throws if a file is too large.
export function checkBytes(name, count) {
  if (count > MOST_BYTES)
    throw tooLarge(name, `${Math.round(count / 1e6)} MB`);
}

// Throws if a raster is too large.
export function checkCells(name, width, height) {
  if (width * height > MOST_CELLS)
    throw tooLarge(name, `${width} x ${height} cells`);
}
