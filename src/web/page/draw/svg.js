// SPDX-License-Identifier: MIT
// Makes SVG elements and saves a drawing as a file that needs no style sheet.
import { download } from "../dom.js";

const space = "http://www.w3.org/2000/svg";

// Properties that a drawing takes from the page's style sheet.
const styled = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "opacity",
  "font-size",
  "font-family",
  "font-style",
  "font-weight",
  "text-anchor",
  "dominant-baseline",
];

const textual = /^(font|text|dominant)/;

// Creates an element with attributes and children; attributes that are null or false are left out.
export function make(name, attributes = {}, ...children) {
  const element = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes))
    if (value !== null && value !== undefined && value !== false)
      element.setAttribute(key, value === true ? "" : value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

const short = (value) => Math.round(value * 100) / 100;

// Returns the data of a path through screen points [[x, y], ...]; points that are not finite interrupt it.
export function pathOf(points, closed = false) {
  let text = "",
    pen = "M";
  for (const [x, y] of points)
    if (Number.isFinite(x) && Number.isFinite(y)) {
      text += `${pen}${short(x)} ${short(y)}`;
      pen = "L";
    } else pen = "M";
  return closed && text ? text + "Z" : text;
}

// Draws an arrow as one path: its shaft and a head of two strokes.
export function arrowPath(x0, y0, x1, y1, head = 7) {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (!(length > 0.5)) return "";
  const size = Math.min(head, length * 0.6),
    ux = ((x1 - x0) / length) * size,
    uy = ((y1 - y0) / length) * size;
  const wing = (turn) => `${short(x1 - ux * 0.9 - turn * uy * 0.5)} ${short(y1 - uy * 0.9 + turn * ux * 0.5)}`;
  return `M${short(x0)} ${short(y0)}L${short(x1)} ${short(y1)}M${wing(1)}L${short(x1)} ${short(y1)}L${wing(-1)}`;
}

// Returns a mixed colour, color(srgb R G B / A), as programs that draw SVG read it.
function plainColour(value) {
  return value.replace(
    /color\(srgb ([\d.]+) ([\d.]+) ([\d.]+)[^)]*\)/g,
    (_, ...parts) =>
      `rgb(${parts
        .slice(0, 3)
        .map((part) => Math.round(part * 255))
        .join(", ")})`,
  );
}

// Copies the computed style of an element and of those below it into attributes of the clone, except what the element
// inherits and what only texts need.
function inlineStyle(element, clone, parent) {
  const style = getComputedStyle(element), isText = element.localName === "text";
  for (const name of styled) {
    const value = style.getPropertyValue(name);
    const needed = !parent || (name === "opacity" ? value !== "1" : value !== parent.getPropertyValue(name));
    if (value && (isText || (needed && !textual.test(name)))) clone.setAttribute(name, plainColour(value));
  }
  clone.removeAttribute("class");
  [...element.children].forEach((child, index) => inlineStyle(child, clone.children[index], style));
}

// Returns the text of a drawing as an SVG file of its own, without what is only there to be handled.
function fileText(drawing) {
  const clone = drawing.cloneNode(true);
  inlineStyle(drawing, clone, null);
  for (const element of clone.querySelectorAll("[data-handle]")) element.remove();
  clone.setAttribute("xmlns", space);
  const back = make("rect", { width: "100%", height: "100%", fill: getComputedStyle(document.body).backgroundColor });
  clone.prepend(make("title", {}, drawing.getAttribute("aria-label")), back);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(clone)}\n`;
}

// Offers a drawing as a download.
export function save(drawing, name) {
  download(name, new Blob([fileText(drawing)], { type: "image/svg+xml" }));
}
