// SPDX-License-Identifier: MIT
// Draws the map on a canvas: the painted image, contour lines, paths of water, the cursor.
import { forEachLine, isIndexLevel } from "./levels.js";

const LINE = "#6b3d14", WATER = "#0b5bd3", CASING = "#ffffff";
const WIDE = 900; // pixels of the page from which contour lines have their full width
const BLOCKY = 6; // pixels a cell from which cells are drawn as squares

// Returns two paths in cells, of the thin and of the thick contour lines, which are `side` cells apart.
export function contourPaths(contours, interval) {
  const { points, side } = contours, thin = new Path2D(), thick = new Path2D();
  const at = (value) => (value + 0.5) * side;
  forEachLine(contours, (level, closed, from, to) => {
    const path = isIndexLevel(level, interval) ? thick : thin;
    path.moveTo(at(points[2 * from]), at(points[2 * from + 1]));
    for (let i = from + 1; i < to; i++) path.lineTo(at(points[2 * i]), at(points[2 * i + 1]));
    if (closed) path.closePath();
  });
  return { thin, thick };
}

// Returns the path of a flow path in cells, up to a distance from its start, and its last point.
function flowPath({ points }, distance) {
  const path = new Path2D();
  let last = { x: points[0] + 0.5, y: points[1] + 0.5 };
  path.moveTo(last.x, last.y);
  for (let i = 4; i < points.length; i += 4) {
    const next = { x: points[i] + 0.5, y: points[i + 1] + 0.5 }, step = points[i + 3] - points[i - 1];
    const part = step > 0 ? Math.min(1, (distance - points[i - 1]) / step) : 1;
    last = { x: last.x + part * (next.x - last.x), y: last.y + part * (next.y - last.y) };
    path.lineTo(last.x, last.y);
    if (part < 1) break;
  }
  return { path, last };
}

function stroke(context, path, matrix, colour, width) {
  const placed = new Path2D();
  placed.addPath(path, matrix);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke(placed);
}

function drawImage(context, view, { bitmap, place: { x, y, pixel } }) {
  const from = view.matrix.transformPoint({ x, y });
  const to = view.matrix.transformPoint({ x: x + bitmap.width * pixel, y: y + bitmap.height * pixel });
  context.imageSmoothingEnabled = view.scale * view.unit < BLOCKY || pixel > 1;
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, from.x, from.y, to.x - from.x, to.y - from.y);
}

// Draws a flow path, see engine/terrain.js.
export function drawWater(context, matrix, path, unit) {
  const { path: way, last } = flowPath(path, path.shown ?? Infinity), end = matrix.transformPoint(last);
  context.lineJoin = context.lineCap = "round";
  stroke(context, way, matrix, CASING, 5 * unit);
  stroke(context, way, matrix, WATER, 2.6 * unit);
  drawDot(context, end, 5 * unit, WATER, CASING, 2 * unit);
  drawDot(context, matrix.transformPoint({ x: path.points[0] + 0.5, y: path.points[1] + 0.5 }), 4 * unit, CASING, WATER, 2.4 * unit);
}

function drawDot(context, { x, y }, radius, fill, edge, width) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.strokeStyle = edge;
  context.lineWidth = width;
  context.fill();
  context.stroke();
}

function drawCursor(context, { x, y }, unit) {
  for (const [colour, width] of [[CASING, 4], ["#101214", 1.6]]) {
    context.strokeStyle = colour;
    context.lineWidth = width * unit;
    context.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      context.moveTo(x + 5 * unit * dx, y + 5 * unit * dy);
      context.lineTo(x + 15 * unit * dx, y + 15 * unit * dy);
    }
    context.stroke();
  }
}

// Draws contour lines, { thin, thick }. `matrix` leads from cells to the canvas, `unit` is the pixels of the canvas in a pixel
// of the page. Lines of a narrow map are thinner.
export function drawContours(context, matrix, contours, unit) {
  const width = unit * Math.min(1, Math.max(0.6, context.canvas.width / unit / WIDE));
  context.lineJoin = "round";
  context.globalAlpha = 0.72;
  stroke(context, contours.thin, matrix, LINE, 0.7 * width);
  stroke(context, contours.thick, matrix, LINE, 1.5 * width);
  context.globalAlpha = 1;
}

// Draws all: image { bitmap, place }, lines (a canvas), water (a flow path, of which `shown` is the distance to draw), and a
// cursor (a place in cells); each may be null.
export function drawChart(context, view, { image, lines, water, cursor }) {
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  if (image) drawImage(context, view, image);
  if (lines) context.drawImage(lines, 0, 0);
  if (water) drawWater(context, view.matrix, water, view.unit);
  if (cursor) drawCursor(context, view.matrix.transformPoint(cursor), view.unit);
}
