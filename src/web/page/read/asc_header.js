// SPDX-License-Identifier: MIT
// The header of an ESRI ASCII grid, with the messages of src/io/dem/grid_header.c.

const KEYS = ["ncols", "nrows", "xllcorner", "xllcenter", "yllcorner", "yllcenter", "cellsize", "dx", "dy",
  "nodata_value", "nodata"];
const ALIAS = { nodata: "nodata_value" };
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const NOT_FINITE = /^[+-]?(nan|inf|infinity|\d+\.#\w*)$/i;
const shown = (word) => word.slice(0, 24);

// Position in the text: the next byte, and the line from 1.
export class Words {
  constructor(name, bytes) {
    Object.assign(this, { name, bytes, at: 0, line: 1, point: "", pointLine: 0 });
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
      this.at = 3;
  }

  // Skips white space; returns false at the end.
  skipBlanks() {
    const { bytes } = this;
    for (; this.at < bytes.length; this.at++) {
      const c = bytes[this.at];
      if (c !== 32 && (c < 9 || c > 13))
        return true;
      if (c === 10)
        this.line++;
    }
    return false;
  }

  // Returns the next word and moves past it; "" at the end.
  next() {
    this.skipBlanks();
    let end = this.at;
    const { bytes } = this;
    while (end < bytes.length && bytes[end] !== 32 && (bytes[end] < 9 || bytes[end] > 13))
      end++;
    const word = String.fromCharCode(...bytes.subarray(this.at, Math.min(end, this.at + 400)));
    this.at = end;
    return word;
  }

  fail(text) {
    throw new Error(`${this.name}: line ${this.line}: ${text}`);
  }

  // Returns the number of a word, with a decimal point or comma, whichever the file uses; undefined if
  // it is none.
  number(word) {
    const comma = word.includes(","), text = comma ? word.replace(",", ".") : word;
    if (NOT_FINITE.test(word))
      return /inf/i.test(word) ? (word[0] === "-" ? -Infinity : Infinity) : NaN;
    if (!NUMBER.test(text))
      return undefined;
    const found = comma ? "," : word.includes(".") ? "." : "";
    if (found && this.point && found !== this.point)
      this.failMixed(word);
    if (found && !this.point) {
      this.point = found;
      this.pointLine = this.line;
    }
    return Number(text);
  }

  failMixed(word) {
    const [own, other] = this.point === "," ? ["point", "comma"] : ["comma", "point"];
    this.fail(`'${shown(word)}' has a decimal ${own}, but line ${this.pointLine} has a decimal ${other}; ` +
      "use one of them throughout");
  }
}

// Reads the header up to the first value: { ncols: 3, ... }.
export function readHeader(words) {
  const header = {};
  for (;;) {
    words.skipBlanks();
    const { at } = words;
    const word = words.next(), key = word.toLowerCase();
    if (word === "" || NUMBER.test(word.replace(",", ".")) || NOT_FINITE.test(word)) {
      words.at = at;
      return header;
    }
    if (!KEYS.includes(key))
      words.fail(`unknown key '${shown(word)}' in the header of an ASCII grid`);
    storeValue(words, header, ALIAS[key] ?? key);
  }
}

function storeValue(words, header, key) {
  const text = words.next(), value = words.number(text);
  if (key in header)
    words.fail(`${key} is given twice`);
  if (value === undefined)
    words.fail(`${key} is '${shown(text)}', not a number`);
  header[key] = value;
}

const ten = (number) => String(Number(number.toPrecision(10)));

function checkCount(name, header, key) {
  const value = header[key];
  if (value === undefined)
    throw new Error(`${name}: the header lacks ${key}`);
  if (!(value >= 0 && value <= 2 ** 53) || value !== Math.floor(value))
    throw new Error(`${name}: ${key} is ${ten(value)}; it must be a whole number from 0 to 9007199254740992`);
  if (value === 0)
    throw new Error(`${name}: is empty: ${header.ncols} x ${header.nrows ?? 0} pixels`);
}

function cellSize(name, header, key) {
  const used = key in header ? key : "cellsize", value = header[used];
  if (value !== undefined && !(value > 0 && Number.isFinite(value)))
    throw new Error(`${name}: ${used} is ${ten(value)}; the cell size must be greater than 0`);
  return value;
}

// Returns size and transform of the grid that a header describes.
export function placeOf(name, header) {
  checkCount(name, header, "ncols");
  checkCount(name, header, "nrows");
  const x = cellSize(name, header, "dx"), y = cellSize(name, header, "dy"), height = header.nrows;
  const left = header.xllcorner ?? header.xllcenter - 0.5 * x;
  const top = "yllcorner" in header ? header.yllcorner + height * y : header.yllcenter + (height - 0.5) * y;
  if (![x, y, left, top].every(Number.isFinite))
    throw new Error(`${name}: the header lacks one of xllcorner, yllcorner and cellsize`);
  return { width: header.ncols, height, transform: [left, x, 0, top, 0, -y] };
}
