// SPDX-License-Identifier: MIT
// Reads SRTM's .hgt files: the name gives the south-western corner, the size that of the raster.

const SHAPES = [[1201, 1201], [3601, 3601], [1801, 3601], [7201, 7201]]; // columns, rows
const NODATA = -32768;

// Returns latitude and longitude of a name such as N44W072.hgt; undefined for another name.
function cornerOf(name) {
  const parts = /^([NS])(\d\d)([EW])(\d\d\d)(?![0-9A-Z])/i.exec(name);
  if (!parts)
    return undefined;
  const latitude = Number(parts[2]) * (parts[1].toUpperCase() === "S" ? -1 : 1);
  const longitude = Number(parts[4]) * (parts[3].toUpperCase() === "W" ? -1 : 1);
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined;
}

// Returns the raster of a .hgt file, see raster_file.js.
export function readHgt(name, bytes) {
  const shape = SHAPES.find(([columns, rows]) => 2 * columns * rows === bytes.length);
  if (!shape)
    throw new Error(`${name}: ${bytes.length} bytes is not the size of a .hgt file: 1201 x 1201, 3601 x 3601, ` +
      "1801 x 3601 or 7201 x 7201 samples of 2 bytes");
  const [width, height] = shape, dx = 1 / (width - 1), dy = 1 / (height - 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cells = new Float32Array(width * height);
  for (let i = 0; i < cells.length; i++) {
    const metres = view.getInt16(2 * i);
    cells[i] = metres === NODATA ? NaN : metres;
  }
  const corner = cornerOf(name);
  const transform = corner &&
    [corner.longitude - dx / 2, dx, 0, corner.latitude + 1 + dy / 2, 0, -dy];
  return { width, height, cells, transform, system: corner ? "EPSG:4326" : "", metres: 1 };
}
