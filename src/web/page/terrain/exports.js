// SPDX-License-Identifier: MIT
// What the part "terrain" gives away: pictures, contour lines, and the command lines that compute them.
import { announce, download, make } from "../dom.js";
import { commandLines } from "./commands.js";
import { contourPaths, drawContours, drawWater } from "./chart.js";
import { ascText, pngOf } from "./files.js";
import { hillsRaster } from "./hills.js";

// Returns the pixels of the whole map, one a cell.
function wholeMap(part, overlay) {
  const { width, height } = part.raster;
  return part.client.call("terrain.draw", { ...part.request({ x: 0, y: 0, width, height, every: 1 }), overlay, final: true });
}

// Saves the map as it is shown, one pixel a cell, with its lines.
async function saveMap(part) {
  const image = await wholeMap(part, part.state.overlay), { interval } = part, { water } = part.map.layers;
  const contours = part.state.contours === "shown" && contourPaths(await part.client.call("terrain.contours", { interval }), interval);
  download("map.png", await pngOf(image, (context) => {
    if (contours) drawContours(context, new DOMMatrix(), contours, 1);
    if (water) drawWater(context, new DOMMatrix(), water, 1);
  }));
}

// Saves the hillshade as the command writes it: grey, missing cells black.
async function saveShade(part) {
  const image = await wholeMap(part, "none");
  for (let i = 3; i < image.data.length; i += 4) image.data[i] = 255;
  download("shade.png", await pngOf(image));
}

// Saves the contour lines, as the command writes them.
async function saveContours(part) {
  const { file } = await part.client.call("terrain.contourFile", { interval: part.interval, format: "svg" });
  download("contours.svg", file);
}

// Copies the text of an element; where that is not allowed, selects it.
async function copyText(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    announce("Copied");
  } catch {
    getSelection().selectAllChildren(element);
    announce("Selected; copy it with the keyboard");
  }
}

// Creates the buttons and the command lines. Returns { element, show() }.
export function createExports(part) {
  const button = (text, save) => make("button", { type: "button", onclick: () => part.raster && save(part).catch((error) => part.fail(error)) }, text);
  const raster = button("Elevations (.asc)", async () => download("hills.asc", new Blob([ascText(hillsRaster())], { type: "text/plain" })));
  const lines = make("pre", { tabIndex: 0, role: "region", "aria-label": "Command lines" });
  const copy = make("button", { type: "button", onclick: () => copyText(lines) }, "Copy");
  const element = make("section", { class: "card controls", "aria-label": "Downloads" },
    make("div", { class: "row" }, button("Map (PNG)", saveMap), button("Hillshade (PNG)", saveShade), button("Contours (SVG)", saveContours), raster),
    make("div", { class: "control" }, make("div", { class: "name" }, "The same with the command"), make("div", { class: "command" }, lines, copy)));
  return { element, show() {
    const { state, interval, zFactor } = part;
    raster.hidden = !part.builtIn;
    lines.textContent = commandLines({ ...state, zFactor, interval: state.contours === "shown" ? interval : 0 }).join("\n");
  } };
}
