// SPDX-License-Identifier: MIT
// A drawing that fits its column: a title, an SVG element that stays the same while it is redrawn, and a button that saves
// it. Handles are kept apart from what is redrawn, so that they keep focus and pointer.
import { make } from "../../dom.js";
import { make as shape, save } from "../../draw/svg.js";
import { box } from "./layout.js";

// Creates a figure. height(width) is that of the drawing; draw(width, height) returns its nodes; `file` names the download;
// `handles`: elements that stay; `label`: what it shows, for screen readers.
export function makeFigure({ title, label, file, height, draw, handles = [] }) {
  const layers = shape("g"), role = handles.length ? "group" : "img";
  const svg = shape("svg", { class: "drawing", role, "aria-label": label }, layers, shape("g", {}, handles));
  const button = make("button", { type: "button", class: "save", title: `Save “${title}” as an SVG file`,
    onclick: () => save(svg, file) }, "Save SVG");
  const sheet = box("sheet", svg);
  const element = make("figure", { class: "figure" }, make("figcaption", {}, make("span", {}, title), button), sheet);
  let width = 0;

  function render() {
    if (width === 0) return;
    const tall = Math.round(height(width)), size = { width, height: tall, viewBox: `0 0 ${width} ${tall}` };
    for (const [name, value] of Object.entries(size)) svg.setAttribute(name, value);
    layers.replaceChildren(...draw(width, tall));
  }

  new ResizeObserver(() => {
    const now = Math.floor(sheet.clientWidth);
    if (now === 0 || now === width) return;
    width = now;
    render();
  }).observe(sheet);
  return { element, svg, render, describe: (text) => svg.setAttribute("aria-label", text) };
}
