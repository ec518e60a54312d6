// SPDX-License-Identifier: MIT
// Measures what a change takes in the page's module, in Node: processor time in milliseconds, the least of several runs.
//   bench.mjs MODULE.wasm
import { readFileSync } from "node:fs";
import { start } from "../../src/web/engine/load.js";
import { edgePixels, findEdges, loadImage } from "../../src/web/engine/image.js";

const engine = await start(await WebAssembly.compile(readFileSync(process.argv[2])));

// Returns an image with waves, squares and noise.
function image(width, height) {
  const data = new Uint8ClampedArray(4 * width * height);
  let seed = 1;
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i += 4) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      const value = 128 + 60 * Math.sin(x / 23 + y / 41) + ((seed >>> 16) & 15) + (((x >> 6) ^ (y >> 6)) & 1 ? 40 : 0);
      data[i] = value;
      data[i + 1] = 0.9 * value;
      data[i + 2] = 255 - value;
      data[i + 3] = 255;
    }
  return { width, height, data };
}

function least(runs, work) {
  let best = Infinity;
  for (let i = 0; i < runs; i++) {
    const before = process.cpuUsage();
    work(i);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best.toFixed(0).padStart(6);
}

for (const [width, height] of [[625, 400], [1250, 800], [6000, 4000]]) {
  const picture = image(width, height);
  const rows = {
    "load the picture": () => loadImage(engine, picture),
    "sigma 3, another each time": (i) => findEdges(engine, { sigma: 3 + i / 1000 }),
    "sigma 1, another each time": (i) => findEdges(engine, { sigma: 1 + i / 1000 }),
    "other thresholds": (i) => findEdges(engine, { sigma: 3 }, { low: 2 + i, high: 5 + i }),
    "pixels for the screen": () => edgePixels(engine, picture),
    "method ridge, another sigma each time": (i) => findEdges(engine, { method: "ridge", sigma: 2 + i / 1000 }),
    "method ridge, other thresholds": (i) => findEdges(engine, { method: "ridge", sigma: 2 }, { low: 1 + i, high: 4 + i }),
    "method boundary, another sigma each time": (i) => findEdges(engine, { method: "boundary", sigma: 4 + i / 1000 }),
    "method boundary, other thresholds": (i) => findEdges(engine, { method: "boundary", sigma: 4 }, { low: 20 + i, high: 60 + i }),
  };
  console.log(`${width * height / 1e6} megapixels`);
  for (const [name, work] of Object.entries(rows)) console.log(`${least(5, work)} ms  ${name}`);
}
