// SPDX-License-Identifier: MIT
// Levels of contour lines.

const LINES = 22; // about as many levels as the automatic rule aims at

// Returns 1, 2 or 5 times a power of ten: the interval of contour lines for a range of elevations.
export function automaticInterval(lowest, highest) {
  const aim = (highest - lowest) / LINES;
  if (!(aim > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(aim)), ratio = aim / power;
  return Number(((ratio < 1.5 ? 1 : ratio < 3.5 ? 2 : ratio < 7.5 ? 5 : 10) * power).toPrecision(1));
}

// Returns true if a level is one of the thicker lines, every fifth.
export const isIndexLevel = (level, interval) => Math.round(level / interval) % 5 === 0;

// Calls visit(level, closed, from, to) for each line of contours(), see engine/terrain.js: its points are `from` to `to`.
export function forEachLine({ lines }, visit) {
  for (let i = 0, from = 0; i < lines.length; i += 3) {
    const to = from + lines[i + 1];
    visit(lines[i], lines[i + 2] === 1, from, to);
    from = to;
  }
}
