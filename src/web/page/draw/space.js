// SPDX-License-Identifier: MIT
// A view of the surface z = f in space with the tangent plane at a point. Cells are painted from back to front, those of
// the plane among those of the surface, so that each hides what is behind it.
import { make } from "./svg.js";

const cells = 40,
  planeCells = 10,
  planeReach = 0.42,
  mostRise = 0.6,
  flat = 0.72;

// Returns the middle 94 % of the values, widened to all if that is not much more.
function usualRange(values) {
  const sorted = [...values].filter(Number.isFinite).sort((a, b) => a - b),
    n = sorted.length;
  if (n === 0) return [0, 1];
  const low = sorted[0],
    high = sorted[n - 1],
    top = sorted[Math.floor(n * 0.9)],
    bottom = sorted[Math.floor(n * 0.1)];
  const range = [
    low < bottom - (top - bottom) ? bottom - (top - bottom) : low,
    high > top + (top - bottom) ? top + (top - bottom) : high,
  ];
  return range[1] > range[0] ? range : [range[0] - 1, range[0] + 1];
}

// Returns the function that projects (u, v, w), each in -1 .. 1, to [x, y, depth].
function projection(size, azimuth, elevation) {
  const a = (azimuth * Math.PI) / 180,
    e = (elevation * Math.PI) / 180,
    scale = Math.min(size.width / 2.95, size.height / 2.85);
  return (u, v, w) => {
    const across = -u * Math.sin(a) + v * Math.cos(a),
      away = u * Math.cos(a) + v * Math.sin(a);
    return [
      size.width / 2 + scale * across,
      size.height / 2 - scale * (w * Math.cos(e) - away * Math.sin(e)),
      -(away * Math.cos(e) + w * Math.sin(e)),
    ];
  };
}

// Adds a quadrilateral of corners [u, v, w]. `edge` corners are those of the mesh.
function addCell(list, project, corners, kind, shade) {
  if (corners.some((corner) => !Number.isFinite(corner[2]))) return;
  const points = corners.map((corner) => project(...corner));
  list.push({ points, kind, shade, depth: points.reduce((sum, point) => sum + point[2], 0) / points.length });
}

// Returns how much light a cell gets from above left, 0 to 1.
function shadeOf([a, b, c]) {
  const p = [b[0] - a[0], b[1] - a[1], b[2] - a[2]],
    q = [c[0] - a[0], c[1] - a[1], c[2] - a[2]];
  const n = [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
  const light = [-0.45, 0.35, 0.82],
    length = Math.hypot(...n) || 1,
    sign = n[2] < 0 ? -1 : 1;
  return Math.max(0, (sign * (n[0] * light[0] + n[1] * light[1] + n[2] * light[2])) / length);
}

function surfaceCells(list, project, view, height) {
  const { columns, rows, values } = view,
    stepX = (columns - 1) / cells,
    stepY = (rows - 1) / cells;
  const corner = (i, j) => {
    const column = Math.round(i * stepX),
      row = Math.round(j * stepY),
      w = height(values[row * columns + column]);
    return [(2 * column) / (columns - 1) - 1, (2 * row) / (rows - 1) - 1, w];
  };
  for (let j = 0; j < cells; j++)
    for (let i = 0; i < cells; i++) {
      const corners = [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)];
      const w = corners.map((one) => one[2]);
      if (Math.min(...w) > flat || Math.max(...w) < -flat) continue;
      for (const one of corners) one[2] = Math.max(-flat, Math.min(flat, one[2]));
      addCell(list, project, corners, "cell", shadeOf(corners));
    }
}

// Adds the tangent plane z = value + gradient . step around the point: a square, smaller where it is steep.
function planeParts(list, project, { point, value, gradient }, view, height) {
  const place = (at, [low, high]) => (2 * (at - low)) / (high - low) - 1;
  const u0 = place(point[0], view.x),
    v0 = place(point[1], view.y);
  const rise =
    Math.abs(height(value + (gradient[0] * (view.x[1] - view.x[0])) / 2) - height(value)) +
    Math.abs(height(value + (gradient[1] * (view.y[1] - view.y[0])) / 2) - height(value));
  const reach = Math.min(planeReach, mostRise / rise);
  const corner = (i, j) => {
    const du = reach * ((2 * i) / planeCells - 1),
      dv = reach * ((2 * j) / planeCells - 1);
    const z =
      value + (gradient[0] * du * (view.x[1] - view.x[0])) / 2 + (gradient[1] * dv * (view.y[1] - view.y[0])) / 2;
    return [u0 + du, v0 + dv, height(z)];
  };
  for (let j = 0; j < planeCells; j++)
    for (let i = 0; i < planeCells; i++) {
      const corners = [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)];
      addCell(list, project, corners, "tangent-cell", 1);
    }
}

// Draws the box's floor with the corner of the axes.
function floor(project) {
  const ground = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([u, v]) => project(u, v, -flat - 0.06).slice(0, 2));
  return make("path", {
    class: "floor",
    d: `M${ground.map((point) => point.map((n) => n.toFixed(1)).join(" ")).join("L")}Z`,
  });
}

// Draws the view and returns its nodes. `tangent`: {point, value, gradient} or null; `eye`: {azimuth, elevation} in degrees.
export function drawSpace({ width, height, view, tangent, marked, eye }) {
  const project = projection({ width, height }, eye.azimuth, eye.elevation);
  const [low, high] = usualRange(view.values.subarray(0, view.columns * view.rows));
  const rise = (z) => flat * ((2 * (z - low)) / (high - low) - 1),
    list = [];
  surfaceCells(list, project, view, rise);
  if (tangent) planeParts(list, project, tangent, view, rise);
  list.sort((a, b) => b.depth - a.depth);
  const group = make("g", { class: "space", "aria-hidden": true }, floor(project));
  for (const { points, kind, shade } of list)
    group.append(
      make("path", {
        class: kind === "cell" ? `cell shade-${Math.min(9, Math.floor(shade * 10))}` : kind,
        d: `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`,
      }),
    );
  if (marked && Number.isFinite(marked[2])) {
    const place = (at, [from, to]) => (2 * (at - from)) / (to - from) - 1;
    const [x, y] = project(place(marked[0], view.x), place(marked[1], view.y), rise(marked[2]));
    group.append(make("circle", { class: "mark", cx: x.toFixed(1), cy: y.toFixed(1), r: 5 }));
  }
  return [group];
}
