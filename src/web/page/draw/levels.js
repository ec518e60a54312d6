// SPDX-License-Identifier: MIT
// Level curves, the areas between them, and arrows of the gradient, of an answer of functions_view() or functions_loss().
import { arrowPath, make, pathOf } from "./svg.js";

// Returns `count` screen points of the answer from number `first` on.
function screenPoints(plane, points, first, count) {
  const list = [];
  for (let i = first; i < first + count; i++) list.push([plane.px(points[2 * i]), plane.py(points[2 * i + 1])]);
  return list;
}

// Draws the areas, darker the lower they are, or the reverse.
export function drawAreas(plane, view) {
  const group = make("g", { class: "areas", "clip-path": plane.clipping, "aria-hidden": true });
  const { levels, areas } = view.reply,
    count = levels.length;
  for (const area of areas) {
    const band = area.low === null ? 0 : levels.indexOf(area.low) + 1;
    let first = area.first,
      data = "";
    for (const ring of area.rings) {
      data += pathOf(screenPoints(plane, view.points, first, ring), true);
      first += ring;
    }
    const part = count > 0 ? band / count : 0;
    group.append(
      make("path", {
        d: data,
        "fill-rule": "evenodd",
        class: "area",
        "fill-opacity": (0.42 * (1 - part) ** 1.3).toFixed(3),
      }),
    );
  }
  return group;
}

// Draws the level curves; that of the point, if there is one, is left to drawOwnLevel().
export function drawLevels(plane, view) {
  const group = make("g", { class: "levels", "clip-path": plane.clipping, "aria-hidden": true });
  for (const line of view.reply.lines)
    if (line.level !== view.reply.own || view.reply.levels.includes(line.level))
      group.append(
        make("path", {
          class: "level",
          d: pathOf(screenPoints(plane, view.points, line.first, line.count), line.closed),
        }),
      );
  return group;
}

// Draws the level curve through the point.
export function drawOwnLevel(plane, view) {
  const data = view.reply.lines
    .filter((line) => line.level === view.reply.own)
    .map((line) => pathOf(screenPoints(plane, view.points, line.first, line.count), line.closed))
    .join("");
  return make("path", { class: "own-level", d: data, "clip-path": plane.clipping, "aria-hidden": true });
}

// Returns the size below which nine tenths of the gradients are, so that a pole does not make all other arrows dots.
function usualSize(sizes) {
  const sorted = sizes.filter(Number.isFinite).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.9)] || 0;
}

// Draws about one arrow of the gradient every 44 pixels; the longest ones have 0.8 of that. They point uphill on the
// screen, by the pixels of each axis.
export function drawArrows(plane, view) {
  const { columns, rows, values } = view,
    cells = columns * rows,
    arrows = [];
  const scale = [plane.px(1) - plane.px(0), plane.py(1) - plane.py(0)];
  const stepX = Math.max(1, Math.round(columns / ((plane.frame.right - plane.frame.left) / 44)));
  const stepY = Math.max(1, Math.round(rows / ((plane.frame.bottom - plane.frame.top) / 44)));
  for (let row = stepY >> 1; row < rows; row += stepY)
    for (let column = stepX >> 1; column < columns; column += stepX) {
      const at = row * columns + column,
        gx = values[cells + at],
        gy = values[2 * cells + at];
      const dx = gx * scale[0],
        dy = gy * scale[1];
      arrows.push({
        x: plane.px(plane.x[0] + (column / (columns - 1)) * (plane.x[1] - plane.x[0])),
        y: plane.py(plane.y[0] + (row / (rows - 1)) * (plane.y[1] - plane.y[0])),
        size: Math.hypot(gx, gy),
        turn: Math.atan2(dy, dx),
      });
    }
  const usual = usualSize(arrows.map((arrow) => arrow.size));
  const data =
    usual > 0
      ? arrows
          .map(({ x, y, size, turn }) => {
            const length = 35 * Math.min(1, Math.sqrt(size / usual));
            return length > 2
              ? arrowPath(
                  x - (length / 2) * Math.cos(turn),
                  y - (length / 2) * Math.sin(turn),
                  x + (length / 2) * Math.cos(turn),
                  y + (length / 2) * Math.sin(turn),
                  6,
                )
              : "";
          })
          .join("")
      : "";
  return make("path", { class: "field", d: data, "clip-path": plane.clipping, "aria-hidden": true });
}
