// SPDX-License-Identifier: MIT
// A drawing that fits its column: a title, an SVG element that stays the same while it is redrawn, and a button that saves
// it. Handles are kept apart from what is redrawn, so that they keep focus and pointer.
import { make } from "../dom.js";
import { make as shape, save } from "../draw/svg.js";

// Creates a figure. height(width) is that of the drawing; draw(width, height) returns its nodes; `file` names the download;
// `handles`: elements that stay; `label`: what it shows, for screen readers.
export function makeFigure({ title, label, file, height, draw, handles = [] }) {
  const layers = shape("g"), top = shape("g", {}, handles);
  const svg = shape("svg", { class: "drawing", role: handles.length ? "group" : "img", "aria-label": label }, layers, top);
  const button = make("button", { type: "button", class: "save", title: `Save “${title}” as an SVG file`, onclick: () => save(svg, file) }, "Save SVG");
  const frame = make("div", { class: "sheet" }, svg);
  const element = make("figure", { class: "figure" }, make("figcaption", {}, make("span", {}, title), button), frame);
  const figure = { element, svg, width: 0, height: 0, render, describe: (text) => svg.setAttribute("aria-label", text) };

  function render() {
    if (figure.width > 0) layers.replaceChildren(...draw(figure.width, figure.height));
  }

  new ResizeObserver(() => {
    const width = Math.floor(frame.clientWidth);
    if (width === 0 || width === figure.width) return;
    figure.width = width;
    figure.height = Math.round(height(width));
    for (const [name, value] of [["width", width], ["height", figure.height], ["viewBox", `0 0 ${width} ${figure.height}`]]) svg.setAttribute(name, value);
    render();
  }).observe(frame);
  return figure;
}
