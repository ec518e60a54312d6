// SPDX-License-Identifier: MIT
// Reads ESRI ASCII grids, with the messages of src/io/dem/asc_read.c.
import { Words, placeOf, readHeader } from "./asc_header.js";
import { nodataRange } from "./nodata.js";

const DEFAULT_NODATA = -9999;
const HUGE = 1e30; // files differ in the digits of larger nodata values

const POWERS = Array.from({ length: 16 }, (_, i) => 10 ** i);

// Returns true if the bytes begin with a key of a header.
export function isAsc(bytes) {
  const start = String.fromCharCode(...bytes.subarray(0, 64)).replace(/^\u00ef\u00bb\u00bf/, "");
  return /^\s*(ncols|nrows|xllcorner|xllcenter|yllcorner|yllcenter|cellsize|dx|dy|nodata_value|nodata)\s/i.test(start);
}

// Reads a plain number such as -12.75, which is exact: an integer below 2^53 over a power of ten.
// Returns undefined for any other word, and does not move.
function plainNumber(words) {
  const { bytes } = words;
  let at = words.at, digits = 0, value = 0, places = -1;
  const negative = bytes[at] === 45;
  if (negative)
    at++;
  for (; at < bytes.length; at++) {
    const c = bytes[at];
    if (c >= 48 && c <= 57) {
      value = 10 * value + c - 48;
      digits++;
      if (places >= 0)
        places++;
    } else if (c === 46 && places < 0 && words.point === ".") {
      places = 0;
    } else {
      break;
    }
  }
  const c = bytes[at];
  if (digits === 0 || digits > 15 || (at < bytes.length && c !== 32 && (c < 9 || c > 13)))
    return undefined;
  words.at = at;
  if (places > 0)
    value /= POWERS[places];
  return negative ? -value : value;
}

// Reads a word that is no plain number.
function readWord(words) {
  const word = words.next(), value = words.number(word);
  return value === undefined ? words.fail(`'${word.slice(0, 24)}' is not a number`) : value;
}

// Returns the function that tells missing values.
function missingTest(nodata) {
  const [low, high] = nodataRange(nodata, false), single = Math.fround(low);
  const asFloat = Math.abs(nodata) > HUGE;
  return (value) => (value >= low && value <= high) || (asFloat && Math.fround(value) === single);
}

// Returns the raster of an ASCII grid, see raster_file.js. checkSize(width, height) throws for one that
// is too large.
export function readAsc(name, bytes, checkSize) {
  const words = new Words(name, bytes);
  const header = readHeader(words), { width, height, transform } = placeOf(name, header);
  checkSize(width, height);
  const cells = new Float64Array(width * height);
  const isMissing = missingTest(header.nodata_value ?? DEFAULT_NODATA);
  for (let i = 0; i < cells.length; i++) {
    if (!words.skipBlanks())
      throw new Error(`${name}: truncated after ${i} of ${cells.length} values`);
    const value = plainNumber(words) ?? readWord(words);
    cells[i] = isMissing(value) ? NaN : value;
  }
  if (words.skipBlanks())
    words.fail(`more values than ${width} x ${height}`);
  return { width, height, cells, transform, system: "" };
}
