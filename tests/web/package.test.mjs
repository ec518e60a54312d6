// SPDX-License-Identifier: MIT
// The npm package: packed, installed and imported as by a program, with the results of the command.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { build, edgegrad, folder } from "./browser.mjs";
import { scene, writePng } from "./png.mjs";

const place = join(folder, "program");
let library;

before(async () => {
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "package.json"), '{ "name": "program", "private": true, "type": "module" }');
  const npm = (...words) => execFileSync("npm", words, { cwd: place, encoding: "utf8" }).trim();
  const file = npm("pack", "--silent", join(build, "web/npm"));
  npm("install", "--silent", "--offline", "--no-audit", "--no-fund", `./${file}`);
  library = await import(pathToFileURL(join(place, "node_modules/edgegrad/index.mjs")).href);
});

test("edges are the pixels of the command", () => {
  const width = 200, height = 150, image = { width, height, data: new Uint8ClampedArray(4 * width * height).fill(255) };
  const colour = scene(width), input = join(folder, "package.png");
  const colours = Array.from({ length: width * height }, (_, i) => colour(i % width, Math.floor(i / width)));
  colours.forEach((rgb, i) => image.data.set(rgb, 4 * i));
  writePng(input, width, height, (x, y) => colours[y * width + x]);
  for (const [options, ...words] of [[{}], [{ sigma: 1.5, low: 4, high: 10 }, "--sigma", "1.5", "--low", "4/px", "--high", "10/px"], [{ method: "ridge" }, "--method", "ridge"]]) {
    const edges = library.canny(image, options), pgm = edgegrad(input, "-", "--format", "pgm", ...words);
    assert.deepEqual(Buffer.from(edges.data), pgm.subarray(-width * height));
    assert.equal(edges.pixels, edges.data.filter((value) => value).length);
  }
});

test("terrain maps are those of the command", () => {
  const width = 12, height = 9, data = Array.from({ length: width * height }, (_, i) => (i * i * 7) % 101);
  const input = join(folder, "package.asc"), output = join(folder, "package-out.asc");
  const rows = Array.from({ length: height }, (_, y) => data.slice(y * width, (y + 1) * width).join(" ")).join("\n");
  writeFileSync(input, `ncols ${width}\nnrows ${height}\nxllcorner 0\nyllcorner 0\ncellsize 10\n${rows}\n`);
  const numbers = () => readFileSync(output, "utf8").split("\n").slice(-height - 1).join(" ").trim().split(/\s+/).map(Number);
  for (const [command, map] of [["slope", library.slope], ["hillshade", library.hillshade]]) {
    edgegrad(command, "--overwrite", "--edges", "extrapolate", "--crs", "projected", input, output);
    assert.deepEqual([...map({ width, height, data }, { cellSize: 10, edges: "extrapolate" }).data], numbers().slice(-width * height).map(Math.fround), command);
  }
});

test("expressions have values, gradients and derivatives", () => {
  const f = new library.Expression("f(x, y) = x^2 + 3 x y");
  assert.deepEqual(f.variables, ["x", "y"]);
  assert.equal(f.value(1, 2), 7);
  assert.deepEqual(f.gradient(1, 2), [8, 3]);
  assert.equal(String(f.derivative("y")), "3*x");
  assert.deepEqual([...f.values([1, 0], [2, 5])], [7, 0]);
  assert.ok(Number.isNaN(new library.Expression("ln(x)").value(-1)));
  assert.throws(() => new library.Expression("x +"), (error) => error instanceof library.EdgegradError && error.name === "EdgegradError" && error.offset === 3 && /expected a number/.test(error.message));
  assert.throws(() => f.value(1), RangeError);
  assert.equal(library.version, edgegrad("--version").toString().match(/\d+\.\d+\.\d+/)[0]);
});

test("arguments of a wrong kind or size are refused", () => {
  const { canny, slope, Expression } = library, bytes = (length) => new Uint8ClampedArray(length);
  const image = { width: 3, height: 3, data: bytes(36) }, grid = { width: 3, height: 3, data: [1, 2, 3, 4, 5, 6, 7, 8, 9] };
  const cases = [
    [() => canny(), /image must be an object \{ width, height, data \}/], [() => canny({ ...image, width: 1.5 }), /whole numbers/],
    [() => canny({ ...image, height: 0 }), /whole numbers/], [() => canny({ ...image, data: undefined }), /not undefined/],
    ...[12, 27, 100].map((length) => [() => canny({ ...image, data: bytes(length) }), new RegExp(`must have 36 elements for 3 x 3, not ${length}`)]),
    [() => canny({ ...image, data: new Float32Array(36) }), /red, green, blue and alpha, not Float32Array/],
    [() => canny(image, { low: "4" }), /low must be a number, not string/], [() => canny(image, { sigma: NaN }), /sigma must be a number, not NaN/],
    [() => canny(image, { thickness: 3 }), /no option 'thickness'; its options are method, op/],
    [() => canny(image, { method: "canny\nsigma=2" }), /one line/],
    [() => slope({ ...grid, data: [1, 2] }, { cellSize: 1 }), /must have 9 elements for 3 x 3, not 2/],
    [() => slope({ ...grid, data: [1, 2, 3, 4, null, 6, 7, 8, 9] }, { cellSize: 1 }), /data\[4\] must be a number, not null/],
    [() => slope({ ...grid, data: "123456789" }, { cellSize: 1 }), /array of numbers, not string/],
    [() => slope(grid, { cellSize: 1, zfactor: 2 }), /slope has no option 'zfactor'/],
    [() => new Expression(5), /must be a string/], [() => new Expression("x").value(null), /point\[0\] must be a number, not null/],
    [() => new Expression("x").values(5), /coordinates\[0\] must be an array of numbers, not number/],
  ];
  for (const [call, message] of cases)
    assert.throws(call, (error) => (error instanceof TypeError || error instanceof RangeError) && message.test(error.message), String(call));
  assert.equal(canny(image, { sigma: undefined }).pixels, 0);
});

test("bad options are refused with the command's words", () => {
  const image = { width: 8, height: 8, data: new Uint8ClampedArray(256) };
  assert.throws(() => library.canny(image, { sigma: 0.1 }), /sigma 0.1 is less than 0.5 pixels/);
  assert.throws(() => library.canny(image, { method: "none" }), /method/);
  assert.throws(() => library.slope({ width: 2, height: 2, data: [1, 2, 3, 4] }, { cellSize: 1, unit: "miles" }), /unit/);
  assert.throws(() => library.slope({ width: 2, height: 2, data: [1, 2, 3, 4] }), /cellSize/);
});
