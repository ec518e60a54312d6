// SPDX-License-Identifier: MIT
// Which work a picture gives to its two workers, and when: with workers that answer as each test wants.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Cancelled } from "../../src/web/page/cancelled.js";
import { Picture } from "../../src/web/page/parts/pictures/picture.js";

const LONGER_THAN_PAUSE = 400; // milliseconds

// A worker that keeps its calls until they are answered: { name, argument, answer(result) }.
class Worker {
  calls = [];
  stops = 0;
  #waiting = [];
  #wanted = null;

  call(name, argument) {
    return new Promise((resolve, reject) => {
      this.#waiting.push(reject);
      this.calls.push({ name, argument, answer: resolve });
      this.#wanted?.();
    });
  }

  stop() {
    this.stops++;
    for (const reject of this.#waiting.splice(0)) reject(new Cancelled("cancelled"));
  }

  // Returns the call of that number, once it has come.
  async called(index, name) {
    while (this.calls.length <= index) await new Promise((resolve) => { this.#wanted = resolve; });
    assert.equal(this.calls[index].name, name);
    return this.calls[index];
  }
}

const found = { sigma: 2, low: 1, high: 2, autoLow: 1, autoHigh: 2, first: 0.1, last: 10 };
const settingsOf = (method, sigma, high = NaN) => ({
  state: { method, sigma }, detector: (scale = 1) => ({ method, sigma: sigma * scale }), thresholds: () => ({ high }),
});

// Opens a picture of `side` x `side` pixels in workers.
async function openPicture(side) {
  const preview = new Worker(), whole = new Worker(), picture = new Picture(preview, whole), results = [];
  const opening = picture.open("file"), width = Math.min(1000, side);
  preview.calls[0].answer({ width, wholeWidth: side, wholeHeight: side, bitmap: "small" });
  await opening;
  const find = async (settings, previewWidth) => {
    const next = preview.calls.length, finding = picture.find(settings, (one, isPreview) => results.push([settings, isPreview]), assert.fail);
    if (previewWidth) (await preview.called(next, "picture.reduce")).answer({ width: previewWidth });
    await new Promise(setImmediate);
    if (preview.calls.length > next) preview.calls.at(-1).answer(found);
    await finding;
  };
  return { preview, whole, picture, results, find };
}

// Answers that the whole is loaded, and returns the computation of its edges.
async function loadWhole(whole, index = 0) {
  (await whole.called(index, "picture.open")).answer({ bitmap: "large" });
  return whole.called(index + 1, "picture.edges");
}

test("of changes that come while the whole is computed, only the last follows", async () => {
  const { whole, results, find } = await openPicture(5000), [a, b, c] = [1, 2, 3].map((sigma) => settingsOf("canny", sigma));
  await find(a);
  const first = await loadWhole(whole);
  await find(b);
  await new Promise((resolve) => setTimeout(resolve, LONGER_THAN_PAUSE));
  await find(c);
  await new Promise((resolve) => setTimeout(resolve, LONGER_THAN_PAUSE));
  assert.equal(whole.calls.length, 2, "the worker has one computation at a time");
  first.answer(found);
  const second = await whole.called(2, "picture.edges");
  assert.equal(second.argument.detector.sigma, 3);
  second.answer(found);
  await new Promise(setImmediate);
  assert.deepEqual(results.map(([{ state }, isPreview]) => [state.sigma, isPreview]), [[1, true], [2, true], [3, true], [3, false]]);
});

test("long work on the whole is given up for a newer change", async () => {
  const { whole, results, find } = await openPicture(5000);
  await find(settingsOf("canny", 1));
  await loadWhole(whole);
  await find(settingsOf("canny", 2));
  const second = await loadWhole(whole, 2); // the worker started anew
  assert.equal(whole.stops, 1);
  second.answer(found);
  await new Promise(setImmediate);
  assert.deepEqual(results.at(-1)[1], false);
});

test("a whole that is loaded too late is not shown with another picture", async () => {
  const { preview, whole, picture, results, find } = await openPicture(5000);
  whole.stop = () => {}; // as without workers
  await find(settingsOf("canny", 1));
  const loading = await whole.called(0, "picture.open"), opening = picture.open("other");
  preview.calls.at(-1).answer({ width: 1000, wholeWidth: 4000, wholeHeight: 4000, bitmap: "other" });
  await opening;
  loading.answer({ bitmap: "large" });
  await new Promise(setImmediate);
  assert.deepEqual(picture.before, ["other"]);
  assert.deepEqual(results.map(([, isPreview]) => isPreview), [true]);
});

test("other thresholds of a picture that is not too large need no preview", async () => {
  const { preview, whole, results, find } = await openPicture(1900);
  await find(settingsOf("canny", 2, 7));
  (await loadWhole(whole)).answer(found);
  await new Promise(setImmediate);
  const previews = preview.calls.length, finding = find(settingsOf("canny", 2, 8));
  (await whole.called(2, "picture.edges")).answer(found);
  await finding;
  assert.equal(preview.calls.length, previews);
  assert.equal(results.at(-1)[1], false);
  await find(settingsOf("canny", 3, 8));
  assert.equal(preview.calls.length, previews + 1, "another sigma has a preview");
});

test("slow methods have a smaller preview", async () => {
  const { preview, whole, results, find } = await openPicture(900);
  await find(settingsOf("canny", 2));
  await find(settingsOf("boundary", 2), 500);
  assert.deepEqual(preview.calls[2].argument, { most: 250e3 });
  (await loadWhole(whole)).answer(found);
  await new Promise(setImmediate);
  await find(settingsOf("canny", 2), 900);
  assert.deepEqual(preview.calls.at(-2).argument, { most: 1e6 });
  assert.deepEqual(results.map(([{ state }, isPreview]) => [state.method, isPreview]),
    [["canny", false], ["boundary", true], ["boundary", false], ["canny", false]]);
});
