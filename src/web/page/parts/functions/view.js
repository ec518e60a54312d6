// SPDX-License-Identifier: MIT
// Samples of a function over the ranges of its picture, and how a point of it is moved.
import { niceStep, pointUnder, roundTo } from "../../draw/plane.js";

const samples = 81;

// Returns f sampled over the ranges, with its level curves; `points` are the points of lines and areas.
export async function sampleView(app, f, range, at = [NaN, NaN]) {
  const { reply, numbers } = await app.call("functions_view", f, ...range, samples, samples, 1, ...at);
  const points = numbers.subarray(3 * samples * samples);
  return { reply, values: numbers, points, columns: samples, rows: samples, x: range.slice(0, 2), y: range.slice(2) };
}

// Returns the point [x, y] moved by an arrow key: a small step of the ranges, or ten of them.
export function steppedPoint([x, y], dx, dy, far, [x0, x1, y0, y1]) {
  const step = (span) => niceStep(span, 60) * (far ? 10 : 1);
  return [x + dx * step(x1 - x0), y + dy * step(y1 - y0)].map((value) => Number(value.toPrecision(10)));
}

// Returns the point [x, y] under a pointer, inside the ranges and rounded to what can be pointed at.
export function pointedAt(plane, drawing, event) {
  const keep = (value, [low, high]) => roundTo(Math.max(low, Math.min(high, value)), [low, high]);
  const [x, y] = pointUnder(plane, drawing, event);
  return [keep(x, plane.x), keep(y, plane.y)];
}

// Puts an angle in degrees into -180 to 179.
export const wholeTurn = (degrees) => Math.round(((((degrees + 180) % 360) + 360) % 360) - 180);
