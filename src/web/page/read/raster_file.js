// SPDX-License-Identifier: MIT
// Reads elevation models: GeoTIFF, ASCII grid, .hgt.
//
// A raster is { width, height, cells, transform, system, metres, warnings }: elevations as a Float32Array
// or Float64Array, NaN where one is missing; the affine transform of GDAL, undefined if it is not known;
// the text of the coordinate system, "" if none is given; metres in a unit of elevation, undefined if no
// unit is given or the system has it. Errors are of one line that begins with the file's name.
import { isAsc, readAsc } from "./asc.js";
import { readGeotiff } from "./geotiff_raster.js";
import { readHgt } from "./hgt.js";
import { checkBytes, checkCells } from "./limits.js";

// Returns true if the bytes are a TIFF: "II" or "MM", then 42, or 43 for BigTIFF.
function isTiff([a, b, c, d]) {
  const version = a === 0x49 ? c + 256 * d : 256 * c + d;
  return a === b && (a === 0x49 || a === 0x4d) && (version === 42 || version === 43);
}

// Returns the raster of a file.
export async function readRaster(name, bytes) {
  const checkSize = (width, height) => checkCells(name, width, height);
  if (bytes.length === 0)
    throw new Error(`${name}: is empty`);
  checkBytes(name, bytes.length);
  if (isTiff(bytes))
    return readGeotiff(name, bytes, checkSize);
  if (isAsc(bytes))
    return readAsc(name, bytes, checkSize);
  if (/\.hgt$/i.test(name))
    return readHgt(name, bytes);
  throw new Error(`${name}: is not an elevation model that this page reads: GeoTIFF, ASCII grid (.asc) or SRTM (.hgt)`);
}
