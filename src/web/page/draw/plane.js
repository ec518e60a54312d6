// SPDX-License-Identifier: MIT
// A plane with axes: the transform between coordinates and pixels, ticks, grid lines.
import { make } from "./svg.js";

// Returns a round step such that `span` has about `count` of them.
export function niceStep(span, count) {
  const raw = span / count,
    power = 10 ** Math.floor(Math.log10(raw)),
    rest = raw / power;
  return (rest < 1.5 ? 1 : rest < 3.5 ? 2 : rest < 7.5 ? 5 : 10) * power;
}

// Returns the ticks of a range; at most 40, whatever the range.
function ticksOf([low, high], count) {
  const step = niceStep(high - low, count), first = Math.ceil(low / step - 1e-9), ticks = [];
  for (let i = 0; i < 40 && (first + i) * step <= high + step * 1e-9; i++) ticks.push((first + i) * step);
  return { step, ticks };
}

// Writes a tick with the digits that its step needs, the decimal separator being `point`.
function tickText(value, step, point = ".") {
  const size = Math.abs(value), decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  if (size < step / 1000) return "0";
  const digits = Math.min(16, Math.max(1, Math.floor(Math.log10(size) + 1e-9) - Math.floor(Math.log10(step) + 1e-9) + 1));
  const text = size < 1e7 && step >= 1e-5 ? value.toFixed(decimals) : value.toExponential(digits - 1).replace("e+", "e");
  return text.replace(/^-/, "\u2212").replace(".", point);
}

// Returns the frame of a plane in a drawing: beside the ticks, and with one scale for both axes if the ranges are alike, so
// that a gradient is perpendicular to the level curve on the screen as well.
function frameOf(x, y, width, height, widest) {
  const frame = { left: 16 + 7 * widest, right: width - 18, top: 10, bottom: height - 36 };
  const across = frame.right - frame.left,
    up = frame.bottom - frame.top,
    ratio = (x[1] - x[0]) / (y[1] - y[0]);
  if (ratio < 0.4 || ratio > 2.5) return frame;
  const fit = Math.min(across, up * ratio),
    rest = across - fit;
  frame.left += rest / 2;
  frame.right -= rest / 2;
  frame.top = frame.bottom - fit / ratio;
  return frame;
}

// Returns the height of a drawing of this width for a plane of these ranges.
export function planeHeight(width, x, y, most = 660) {
  const ratio = (x[1] - x[0]) / (y[1] - y[0]);
  return Math.min(most, ratio < 0.4 || ratio > 2.5 ? width * 0.8 : (width - 40) / ratio + 46);
}

// Creates a plane: `x`, `y` ranges, size in pixels, `point` the decimal separator of the ticks, the names of the axes;
// `equal` false: the scales of the axes differ.
export function makePlane({ x, y, width, height, point = ".", labels = ["x", "y"], equal = true }) {
  const guess = ticksOf(y, Math.max(3, Math.round((height - 46) / 85))),
    widest = Math.max(2, ...guess.ticks.map((tick) => tickText(tick, guess.step).length));
  const frame = equal
    ? frameOf(x, y, width, height, widest)
    : { left: 16 + 7 * widest, right: width - 18, top: labels[1].length > 1 ? 24 : 10, bottom: height - 36 };
  const px = (value) => frame.left + ((value - x[0]) / (x[1] - x[0])) * (frame.right - frame.left);
  const py = (value) => frame.bottom - ((value - y[0]) / (y[1] - y[0])) * (frame.bottom - frame.top);
  const ux = (pixel) => x[0] + ((pixel - frame.left) / (frame.right - frame.left)) * (x[1] - x[0]);
  const uy = (pixel) => y[0] + ((frame.bottom - pixel) / (frame.bottom - frame.top)) * (y[1] - y[0]);
  const id = `clip-${(makePlane.count = (makePlane.count || 0) + 1)}`;
  const clip = make(
    "clipPath",
    { id },
    make("rect", { x: frame.left, y: frame.top, width: frame.right - frame.left, height: frame.bottom - frame.top }),
  );
  return {
    x,
    y,
    width,
    height,
    frame,
    px,
    py,
    ux,
    uy,
    clip,
    clipping: `url(#${id})`,
    axes: () => axes({ x, y, frame, px, py, point, labels }),
  };
}

// Draws frame, grid lines, ticks and the names of the axes.
function axes({ x, y, frame, px, py, point, labels }) {
  const group = make("g", { class: "axes", "aria-hidden": true });
  const across = ticksOf(x, Math.max(3, Math.round((frame.right - frame.left) / 85)));
  const up = ticksOf(y, Math.max(3, Math.round((frame.bottom - frame.top) / 85)));
  for (const tick of across.ticks)
    group.append(
      make("line", {
        class: tick === 0 ? "zero" : "grid",
        x1: px(tick),
        x2: px(tick),
        y1: frame.top,
        y2: frame.bottom,
      }),
      make("text", { x: px(tick), y: frame.bottom + 16, "text-anchor": "middle" }, tickText(tick, across.step, point)),
    );
  for (const tick of up.ticks)
    group.append(
      make("line", {
        class: tick === 0 ? "zero" : "grid",
        x1: frame.left,
        x2: frame.right,
        y1: py(tick),
        y2: py(tick),
      }),
      make("text", { x: frame.left - 7, y: py(tick) + 4, "text-anchor": "end" }, tickText(tick, up.step, point)),
    );
  group.append(
    make("rect", {
      class: "frame",
      x: frame.left,
      y: frame.top,
      width: frame.right - frame.left,
      height: frame.bottom - frame.top,
    }),
    make("text", { class: "name", x: frame.right, y: frame.bottom + 32, "text-anchor": "end" }, labels[0]),
    make(
      "text",
      { class: "name", x: Math.max(2, frame.left - 44), y: labels[1].length > 1 ? frame.top - 10 : frame.top + 10 },
      labels[1],
    ),
  );
  return group;
}

// Returns the point of the plane under a pointer, whatever the size of the drawing on the screen.
export function pointUnder(plane, drawing, event) {
  const box = drawing.getBoundingClientRect();
  return [
    plane.ux(((event.clientX - box.left) / box.width) * plane.width),
    plane.uy(((event.clientY - box.top) / box.height) * plane.height),
  ];
}

// Rounds a coordinate to what a pixel can tell: a thousandth of the range.
export function roundTo(value, [low, high]) {
  const unit = 10 ** Math.floor(Math.log10((high - low) / 500));
  return Number((Math.round(value / unit) * unit).toPrecision(12));
}
