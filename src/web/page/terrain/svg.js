// SPDX-License-Identifier: MIT
// Contour lines as SVG: the bytes that edgegrad contour writes, see src/io/vector/svg.c.
import { forEachLine } from "./levels.js";

const SCALE = 1e4; // four decimal places

// Returns a coordinate with four decimal places, rounded as the command does: half to even.
function coordinate(value) {
  const scaled = value * SCALE, below = Math.floor(scaled), rest = scaled - below;
  const units = rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
  const whole = Math.floor(units / SCALE), part = units - whole * SCALE;
  return part ? `${whole}.${String(part).padStart(4, "0").replace(/0+$/, "")}` : String(whole);
}

// Returns the commands of a path. Points that the digits do not distinguish from the one before are left out.
function pathText(points, closed, from, to) {
  const words = [], end = closed ? to - 1 : to;
  for (let i = from; i < end; i++) {
    const word = `${coordinate(points[2 * i] + 0.5)} ${coordinate(points[2 * i + 1] + 0.5)}`;
    if (word !== words.at(-1) || (i === end - 1 && words.length === 1)) words.push(word);
  }
  return `M${words.join("L")}${closed ? "Z" : ""}`;
}

// Returns the file of contour lines, see engine/terrain.js, of a raster of width x height cells.
export function contourSvg(contours, width, height) {
  const out = ['<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n` +
    "<metadata>edgegrad</metadata>\n" +
    '<g fill="none" stroke="#8b4513" stroke-width="0.6" stroke-linejoin="round">\n'];
  forEachLine(contours, (level, closed, from, to) => {
    const name = String(level).replace(/[.+]/g, "_");
    out.push(`<path class="level-${name}" data-level="${level}" d="${pathText(contours.points, closed, from, to)}"/>\n`);
  });
  out.push("</g>\n</svg>\n");
  return out.join("");
}
