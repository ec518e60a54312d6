// SPDX-License-Identifier: MIT
// Tests the part "terrain": its numbers and pixels are those of the command on the same files.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { build, checkAccess, edgegrad, folder as base, look, startBrowser } from "./browser.mjs";
import { hillsRaster } from "../../src/web/page/terrain/hills.js";
import { ascText } from "../../src/web/page/terrain/files.js";

const folder = join(base, "terrain"), path = (name) => join(folder, name);
let browser;

// Elevations with a hole, in degrees of longitude and latitude.
function makeGeographic() {
  const rows = Array.from({ length: 90 }, (_, y) => Array.from({ length: 120 }, (_, x) =>
    x > 50 && x < 56 && y > 40 && y < 44 ? -9999 : (1500 + 600 * Math.sin(x / 9) * Math.cos(y / 7) + 3 * x).toFixed(2)).join(" "));
  writeFileSync(path("degrees.asc"), `ncols 120\nnrows 90\nxllcorner 7.1\nyllcorner 46.2\ncellsize 0.0005\nnodata_value -9999\n${rows.join("\n")}\n`);
  writeFileSync(path("degrees.prj"), "EPSG:4326\n");
}

function makeHgt() {
  const view = new DataView(new ArrayBuffer(2 * 1201 * 1201));
  for (let y = 0, i = 0; y < 1201; y++)
    for (let x = 0; x < 1201; x++, i += 2)
      view.setInt16(i, x === 700 && y < 20 ? -32768 : Math.round(1200 + 700 * Math.sin(x / 40) * Math.cos(y / 55)));
  writeFileSync(path("N46E007.hgt"), Buffer.from(view.buffer));
}

const compressions = ["deflate", "none", "lzw", "zstd"];

// GeoTIFFs as the command writes them: in tiles and strips, with nodata; and 16-bit integers with scale and offset.
function makeTiffs() {
  for (const [i, compress] of compressions.entries())
    edgegrad("terrain", "--quiet", "--compress", compress, "--tile", String(i % 2 ? -1 : 64), resolve("testdata/hills.tif"), "--roughness", path(`${compress}.tif`));
  edgegrad("gradient", "--quiet", "--map", "x", "--depth", "16", resolve("testdata/small/grey.png"), path("scaled.tif"));
}

before(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  makeGeographic();
  makeHgt();
  writeFileSync(path("hills.asc"), ascText(hillsRaster()));
  makeTiffs();
  browser = await startBrowser();
});
after(() => browser?.close());

// Starts a worker of the page for jobs: call(page, "terrain.map", argument). Typed arrays come back as base64 of their bytes.
async function call(page, name, argument) {
  return page.evaluate(async ([job, value]) => {
    const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    if (!window.testWorker) {
      const packed = new Blob([bytes(document.getElementById("wasm").textContent.trim())]).stream();
      const code = await WebAssembly.compile(await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
      window.testWorker = new Worker(URL.createObjectURL(new Blob([document.getElementById("script").textContent])));
      window.testWorker.postMessage({ module: code });
    }
    if (typeof value.bytes === "string") value.bytes = bytes(value.bytes);
    const { result, failure } = await new Promise((done) => {
      window.testWorker.onmessage = ({ data }) => data.id && done(data);
      window.testWorker.postMessage({ id: 1, call: job, argument: value });
    });
    const text = async (blob) => [...new Uint8Array(await blob.arrayBuffer())].map((byte) => String.fromCharCode(byte)).join("");
    const packed = failure ? { failure: failure.message } : { ...result };
    for (const [key, item] of Object.entries(packed))
      if (ArrayBuffer.isView(item)) packed[key] = btoa(await text(new Blob([item])));
      else if (item instanceof Blob) packed[key] = btoa(await text(item));
    return packed;
  }, [name, argument]);
}

const unpack = (text, Type) => {
  const bytes = Buffer.from(text, "base64");
  return new Type(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

const pointsOf = (text) => {
  const numbers = unpack(text, Float64Array);
  return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]]);
};

// Opens a file in the worker, and measures its cells.
async function open(page, file, prj = "", ground = {}) {
  const opened = await call(page, "terrain.open", { name: basename(file), bytes: readFileSync(file).toString("base64"), prj });
  return opened.failure ? opened : { ...opened, about: await call(page, "terrain.measure", { ground }) };
}

// Returns the samples of a .pfm (floats, rows from the bottom) or .pgm that the command wrote.
function samples(file) {
  const bytes = readFileSync(file), head = /^(P5|Pf)\s+(?:#.*\n)*(\d+)\s+(\d+)\s+(?:#.*\n)*(\S+)\n/.exec(bytes.subarray(0, 400).toString("latin1"));
  const [, kind, width, height] = head, data = bytes.subarray(head[0].length);
  if (kind === "P5") return new Uint8Array(data);
  const floats = new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + 4 * width * height)), out = new Float32Array(floats.length);
  for (let y = 0; y < height; y++) out.set(floats.subarray((height - 1 - y) * width, (height - y) * width), y * width);
  return out;
}

// Checks that the maps of a file are those of the command.
async function checkMaps(page, file, { prj, words = [], ground = {} } = {}) {
  const opened = await open(page, file, prj, ground);
  assert.equal(opened.failure ?? opened.about.trouble, "", file);
  edgegrad("terrain", "--quiet", "--overwrite", ...words, "--nodata", "nan", file, "--slope", path("slope.pfm"), "--aspect", path("aspect.pfm"));
  edgegrad("hillshade", "--quiet", "--overwrite", ...words, "--azimuth", "250", "--altitude", "33", file, path("shade.pgm"));
  const maps = [["slope", {}, Float32Array, "slope.pfm"], ["aspect", {}, Float32Array, "aspect.pfm"],
    ["hillshade", { azimuth: 250, altitude: 33 }, Uint8Array, "shade.pgm"]];
  for (const [name, options, Type, output] of maps) {
    const own = unpack((await call(page, "terrain.map", { name, options, ground })).data, Type), its = samples(path(output));
    assert.equal(own.length, its.length);
    const wrong = own.findIndex((value, i) => !Object.is(value, its[i]));
    assert.equal(wrong, -1, `${basename(file)}: ${name} ${wrong}: ${own[wrong]}, not ${its[wrong]}`);
  }
}

test("maps are those of the command", async () => {
  await look(browser, "#terrain", async (page) => {
    await checkMaps(page, resolve("testdata/hills.tif"));
    for (const compress of compressions) await checkMaps(page, path(`${compress}.tif`));
    await checkMaps(page, path("hills.asc"));
    await checkMaps(page, path("degrees.asc"), { prj: "EPSG:4326" });
    await checkMaps(page, path("N46E007.hgt"));
    for (const file of ["grey.asc", "bits12.tif", "mask.tif"].map((name) => resolve("testdata/small", name)).concat(path("scaled.tif")))
      await checkMaps(page, file, { words: ["--cell-size", "12"], ground: { "cell-x": 12, "cell-y": 12 } });
  });
});

test("of drawings of a large raster the newest is done", async () => {
  await look(browser, "#terrain", async (page) => {
    await open(page, path("N46E007.hgt"));
    const area = { x: 0, y: 0, width: 1201, height: 1201, every: 1 }, looks = { strength: 0, threshold: 30 };
    const request = { light: { azimuth: 10 }, overlay: "none", ground: {}, area, looks };
    const sizes = await page.evaluate(async (argument) => {
      const seen = {};
      const all = new Promise((done) => {
        window.testWorker.onmessage = ({ data: { id, result, failure } }) => {
          seen[id] = failure?.message ?? (result && [result.width, result.height, result.preview, result.place.pixel]);
          if (Object.keys(seen).length === 3) done();
        };
      });
      const moved = { ...argument, light: { azimuth: 20 } };
      [argument, moved, { ...moved, preview: true }].forEach((each, id) => window.testWorker.postMessage({ id: id + 10, call: "terrain.draw", argument: each }));
      await all;
      return seen;
    }, request);
    assert.deepEqual(sizes, { 10: null, 11: null, 12: [400, 400, true, 3] });
    const whole = await call(page, "terrain.draw", request);
    assert.deepEqual([whole.width, whole.height, whole.preview], [1201, 1201, false]);
  });
});

test("contour lines and flow paths are those of the command", async () => {
  await look(browser, "#terrain", async (page) => {
    for (const file of [resolve("testdata/hills.tif"), path("degrees.asc")]) {
      await open(page, file, file.endsWith(".asc") ? "EPSG:4326" : "");
      const { file: own } = await call(page, "terrain.contourFile", { interval: 25, format: "svg" });
      edgegrad("contour", "--quiet", "--overwrite", "--interval", "25", file, path("lines.svg"));
      assert.equal(Buffer.from(own, "base64").toString(), readFileSync(path("lines.svg"), "utf8"));
      const { lines, points } = await call(page, "terrain.contours", { interval: 25 });
      const part = { x: 30, y: 20, width: 40, height: 50 }, window = await call(page, "terrain.contours", { interval: 25, window: part });
      const all = pointsOf(points), seen = pointsOf(window.points);
      const inside = all.filter(([x, y]) => x >= 30 && x <= 69 && y >= 20 && y <= 69);
      const words = (places) => [...new Set(places.map(([x, y]) => `${x.toFixed(9)} ${y.toFixed(9)}`))].sort();
      assert.deepEqual(words(seen), words(inside));
      assert.equal(unpack(lines, Float64Array).length / 3, readFileSync(path("lines.svg"), "utf8").match(/<path/g).length);
      for (const [column, row] of [[20, 20], [61, 33], [100, 70]]) {
        const own = await call(page, "terrain.flow", { column, row });
        const its = JSON.parse(edgegrad("descent", "--json", "--field", file, "--from-pixel", `${column},${row}`));
        const last = unpack(own.points, Float64Array).slice(-4);
        assert.deepEqual([own.distance, own.steps, own.end, own.to], [its.distance, its.steps, its.stopped_by, its.end.value]);
        assert.deepEqual([...last], [its.end.column, its.end.row, its.end.value, its.distance]);
        assert.match(edgegrad("descent", "--field", file, "--from-pixel", `${column},${row}`).toString(), new RegExp(`stopped: +${own.reason}`));
      }
    }
  });
});

test("broken files have the messages of the command", async () => {
  const head = "ncols 3\nnrows 4\nxllcorner 0\nyllcorner 0\ncellsize 10\n";
  const files = {
    "short.asc": `${head}1 2 3\n4 5`, "long.asc": `${head}1 2 3 4 5 6 7 8 9 10 11 12 13`, "word.asc": `${head}1 2 x3`,
    "key.asc": "ncols 3\nnrow 4\n", "twice.asc": "ncols 3\nncols 4\n", "lacks.asc": "ncols 3\nnrows 4\nxllcorner 0\ncellsize 10\n1 2 3",
    "rows.asc": "ncols 3\nxllcorner 0\n1 2 3", "half.asc": "ncols 3.5\nnrows 4\n1", "negative.asc": head.replace("10", "-10") + "1 2 3",
    "mixed.asc": `${head}1,5 2 3\n4 5.5 6`, "number.asc": "ncols abc\n", "N46E008.hgt": "0123456789", "empty.tif": "",
    "zero.asc": "ncols 0\nnrows 4\nxllcorner 0\nyllcorner 0\ncellsize 10\n1",
  };
  await look(browser, "#terrain", async (page) => {
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(path(name), text);
      const { stderr } = spawnSync(join(build, "edgegrad"), ["slope", name, "out.pfm"], { cwd: folder, encoding: "utf8" });
      const { failure } = await open(page, path(name));
      assert.equal(`edgegrad: ${failure}`, stderr.trim().replace(" (use --tolerate to read the rest)", ""));
    }
    writeFileSync(path("cut.tif"), readFileSync("testdata/hills.tif").subarray(0, 20000));
    assert.match((await open(page, path("cut.tif"))).failure, /^cut\.tif: truncated: its samples are incomplete/);
    assert.match((await open(page, resolve("testdata/small/cmyk.tif"))).failure, /^cmyk\.tif: has 3 colour channels, not elevations/);
    writeFileSync(path("huge.asc"), head.replace("3", "300000").replace("4", "20000"));
    assert.match((await open(page, path("huge.asc"))).failure, /^huge\.asc: has 300000 x 20000 cells, more than this page opens/);
    assert.match((await open(page, resolve("testdata/scene.png"))).failure, /is not an elevation model that this page reads/);
  });
});

test("of several terrains the first is shown, and the others can be chosen", () => look(browser, "#terrain", async (page) => {
  const about = (text) => page.locator(".terrain .about", { hasText: text }).waitFor();
  const grid = (columns) => `ncols ${columns}\nnrows 3\nxllcorner 0\nyllcorner 0\ncellsize 10\n${"1 2 3 4 5 ".repeat(columns).split(" ").slice(0, 3 * columns).join(" ")}\n`;
  writeFileSync(path("three.asc"), grid(3));
  writeFileSync(path("five.asc"), grid(5));
  writeFileSync(path("five.prj"), 'PROJCS["UTM",PROJECTION["Transverse_Mercator"],UNIT["metre",1]]');
  await about("Built-in mountains");
  await page.locator("#panel-terrain input[type=file]").setInputFiles(["three.asc", "five.asc", "five.prj"].map(path));
  await about("three.asc: 3 × 3 cells");
  const list = page.getByRole("combobox", { name: "Terrain shown, of those that were given" });
  assert.deepEqual(await list.locator("option").allTextContents(), ["1 of 2: three.asc", "2 of 2: five.asc"]);
  await list.selectOption({ index: 1 });
  await about("five.asc: 5 × 3 cells of 10 × 10 m");
}));

// Waits until a drop has been described.
const water = (page, text) => page.locator(".water", { hasText: text }).waitFor();

test("the page: open, light, keyboard, downloads", async () => {
  await look(browser, "#terrain?azimuth=200&overlay=none&contours=hidden", async (page) => {
    await water(page, /stops at/);
    await page.locator("input[type=file]").last().setInputFiles(path("short.asc"));
    await page.locator(".terrain .notice", { hasText: "short.asc: truncated after 5 of 12 values" }).waitFor();
    assert.match(await page.locator(".terrain .about").innerText(), /^Built-in mountains: 480 × 384 cells/); // what was there stays
    await page.locator("input[type=file]").last().setInputFiles(resolve("testdata/hills.tif"));
    await page.locator(".about", { hasText: "hills.tif: 200 × 160 cells of 30 × 30 m" }).waitFor();
    const dial = page.getByRole("slider", { name: /Sun/ });
    await dial.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowUp");
    assert.equal(await dial.getAttribute("aria-valuetext"), "205° (south-west), 50° high");
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Hillshade (PNG)" }).click()]);
    const words = (await page.locator(".command pre").innerText()).split("\n")[0].split(" ");
    assert.deepEqual(words, "edgegrad hillshade --azimuth 205 --altitude 50 hills.tif shade.png".split(" "));
    edgegrad("hillshade", "--quiet", "--overwrite", "--azimuth", "205", "--altitude", "50", resolve("testdata/hills.tif"), path("shade.pgm"));
    const pixels = await page.evaluate(async (png) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (c) => c.charCodeAt(0))]));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
      context.drawImage(bitmap, 0, 0);
      return [...context.getImageData(0, 0, bitmap.width, bitmap.height).data];
    }, readFileSync(await file.path()).toString("base64"));
    const its = samples(path("shade.pgm"));
    assert.ok(its.every((grey, i) => pixels[4 * i] === grey && pixels[4 * i + 1] === grey && pixels[4 * i + 3] === 255));
    await page.locator(".terrain-map").focus();
    await page.keyboard.press("Shift+ArrowLeft");
    await page.locator(".caption", { hasText: "Column 99, row 80" }).waitFor();
    await page.keyboard.press("Enter");
    await water(page, /stops at a pit: all ground around is higher/);
    await page.keyboard.press("+");
    await page.waitForFunction(() => ["azimuth=205", "drop=99%2C80", "view="].every((text) => location.hash.includes(text)));
    assert.match(await page.locator(".command pre").innerText(), /edgegrad descent --field hills\.tif --from-pixel 99,80/);
  }, { reducedMotion: "reduce" });
});

test("the page: access, decimal comma, a raster without cell size", async () => {
  await look(browser, "#terrain?overlay=aspect&azimuth=nonsense&view=240,192,3", async (page) => {
    await water(page, /stops at/);
    await page.waitForFunction(() => location.hash === "#terrain?overlay=aspect&drop=100%2C200&view=240%2C192%2C3");
    assert.match(await page.locator(".water").innerText(), /falls \d+(,\d+)? m/);
    await checkAccess(page);
    await page.locator("input[type=file]").last().setInputFiles(resolve("testdata/small/bits12.tif"));
    await page.locator(".terrain .notice", { hasText: "unknown cell size" }).waitFor();
    const size = page.getByRole("textbox", { name: /Cell size/ });
    await size.fill("12,5");
    await size.press("Enter");
    await page.locator(".about", { hasText: "12,5 × 12,5 m" }).waitFor();
    assert.match(await page.locator(".command pre").innerText(), /--cell-size 12\.5 bits12\.tif/);
    await checkAccess(page);
  }, { locale: "de-DE", colorScheme: "dark", viewport: { width: 390, height: 844 } });
});
