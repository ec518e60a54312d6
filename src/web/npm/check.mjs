// SPDX-License-Identifier: MIT
// Checks of arguments, which JavaScript passes whatever they are: the module reads memory of the size that they promise.

const kindOf = (value) => value === null ? "null" : Array.isArray(value) ? "an Array" : typeof value === "object"
  ? value.constructor?.name ?? "an object" : typeof value;

function checkSize(name, value) {
  const { width, height } = value ?? {};
  for (const side of [width, height])
    if (!Number.isInteger(side) || side < 1)
      throw new TypeError(`${name} must be an object { width, height, data }, with whole numbers from 1 on as width and height`);
  return width * height;
}

function checkLength(name, { data, width, height }, wanted) {
  if (data.length !== wanted)
    throw new RangeError(`${name}.data must have ${wanted} elements for ${width} x ${height}, not ${data.length}`);
}

// Checks an image: { width, height, data } with four bytes for each pixel.
export function checkImage(image) {
  const count = checkSize("image", image), { data } = image;
  if (!(data instanceof Uint8ClampedArray || data instanceof Uint8Array))
    throw new TypeError(`image.data must be a Uint8ClampedArray or Uint8Array with red, green, blue and alpha, not ${kindOf(data)}`);
  checkLength("image", image, 4 * count);
}

// Checks an array of numbers, typed or not.
export function checkNumbers(name, list) {
  const typed = ArrayBuffer.isView(list) && typeof list.length === "number" && typeof (list[0] ?? 0) === "number";
  if (!typed && !Array.isArray(list)) throw new TypeError(`${name} must be an array of numbers, not ${kindOf(list)}`);
  const at = typed ? -1 : Array.from(list).findIndex((value) => typeof value !== "number");
  if (at >= 0) throw new TypeError(`${name}[${at}] must be a number, not ${kindOf(list[at])}`);
}

// Checks a raster: { width, height, data } with a number for each cell.
export function checkGrid(grid) {
  const count = checkSize("elevations", grid);
  checkNumbers("elevations.data", grid.data);
  checkLength("elevations", grid, count);
}

// Checks options of a function: `known` says of each whether it is a "number" or a "string". Those that are undefined are
// left out of the result.
export function checkOptions(name, options, known) {
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  for (const [option, value] of given) {
    if (!Object.hasOwn(known, option))
      throw new TypeError(`${name} has no option '${option}'; its options are ${Object.keys(known).join(", ")}`);
    if (known[option] === "any") continue;
    if (typeof value !== known[option] || Number.isNaN(value))
      throw new TypeError(`${name}: ${option} must be a ${known[option]}, not ${Number.isNaN(value) ? "NaN" : kindOf(value)}`);
    if (/[\r\n]/.test(value)) throw new TypeError(`${name}: ${option} must be one line`);
  }
  return Object.fromEntries(given);
}
