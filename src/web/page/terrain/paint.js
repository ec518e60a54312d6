// SPDX-License-Identifier: MIT
// Paints a map: the hillshade in grey, or lighter and multiplied with the colours of slope classes or aspects.
import { CLASS_COLOURS, aspectTable, slopeClass } from "./colours.js";

const aspects = aspectTable();
const classes = CLASS_COLOURS.map((text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16)));

// Sets colour[0 .. 2] to that of a slope or aspect; returns false where it has none.
function findColour(colour, overlay, value, threshold) {
  if (overlay === "slope") {
    const index = slopeClass(value, threshold);
    if (index >= 0) [colour[0], colour[1], colour[2]] = classes[index];
    return index >= 0;
  }
  if (!(value >= 0)) return false;
  const at = 3 * (Math.round(value) % 360);
  colour[0] = aspects[at];
  colour[1] = aspects[at + 1];
  colour[2] = aspects[at + 2];
  return true;
}

// Returns the mean shade of `every` x `every` cells, 0 if none has one.
function meanShade({ width, shade }, x, y, every, right, bottom) {
  let sum = 0, count = 0;
  for (let row = y; row < Math.min(y + every, bottom); row++)
    for (let column = x; column < Math.min(x + every, right); column++) {
      const value = shade[row * width + column];
      sum += value;
      count += value > 0;
    }
  return count ? Math.round(sum / count) : 0;
}

const DARKEST = 92; // shade below colours, so that dark slopes still show them

// Paints an area of cells, one pixel for each `every` x `every` of them: { width, height, data } as ImageData. Cells
// without a shade are transparent. Without an overlay, a pixel of one cell is the command's hillshade.
export function paintMap(map, { x, y, width, height, every }) {
  const { shade, values, overlay, looks: { strength, threshold } } = map;
  const out = { width: Math.ceil(width / every), height: Math.ceil(height / every) };
  const data = new Uint8ClampedArray(4 * out.width * out.height), colour = [0, 0, 0];
  const right = x + width, bottom = y + height, half = every >> 1;
  for (let row = 0, to = 0; row < out.height; row++)
    for (let column = 0; column < out.width; column++, to += 4) {
      const fromX = x + column * every, fromY = y + row * every;
      const found = every === 1 ? shade[fromY * map.width + fromX] : meanShade(map, fromX, fromY, every, right, bottom);
      if (!found) continue;
      const grey = values ? DARKEST + found * (255 - DARKEST) / 255 : found;
      data[to] = data[to + 1] = data[to + 2] = grey;
      data[to + 3] = 255;
      const middle = Math.min(fromY + half, bottom - 1) * map.width + Math.min(fromX + half, right - 1);
      if (values && findColour(colour, overlay, values[middle], threshold))
        for (let k = 0; k < 3; k++) data[to + k] = grey * (1 - strength * (1 - colour[k] / 255));
    }
  return { ...out, data };
}
