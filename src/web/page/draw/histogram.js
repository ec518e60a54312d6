// SPDX-License-Identifier: MIT
// The histogram of the gradient, with the two thresholds to drag on it.
import { make } from "../dom.js";
import { showNumber } from "../numbers.js";

const WIDTH = 1000, HEIGHT = 260, STEP = 1.03;

function svg(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// Creates the chart. `change(name, value)` is called as a threshold, "low" or "high", is moved, in levels per pixel.
// Returns { element, show({ first, last, counts, low, high }) }.
export function createHistogram({ change }) {
  const bars = svg("path", { class: "bars" }), edges = svg("path", { class: "bars strong" }), weak = svg("path", { class: "bars weak" });
  const handles = Object.fromEntries([["low", "Low threshold"], ["high", "High threshold"]].map(([name, label]) =>
    [name, make("div", { class: `handle ${name}`, role: "slider", tabIndex: 0, "aria-label": `${label} on the histogram` })]));
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" }, bars, weak, edges);
  const plot = make("div", { class: "plot" }, drawing, handles.low, handles.high);
  const from = make("span"), to = make("span");
  const element = make("div", { class: "histogram" }, plot,
    make("div", { class: "scale" }, from, make("span", {}, "gradient, levels per pixel"), to),
    make("p", { class: "does" }, "Local maxima of the gradient by their strength. Grey ones are dropped, orange ones kept if they connect to blue ones."));
  let shown = { first: 0.1, last: 100, counts: [], low: NaN, high: NaN };

  const at = (value) => Math.min(1, Math.max(0, Math.log(value / shown.first) / Math.log(shown.last / shown.first)));
  const valueAt = (share) => Number((shown.first * (shown.last / shown.first) ** Math.min(1, Math.max(0, share))).toPrecision(3));

  for (const [name, handle] of Object.entries(handles)) {
    const move = (value) => change(name, Number(Math.min(shown.last, Math.max(shown.first, value)).toPrecision(3)));
    handle.onkeydown = (event) => {
      const ratio = STEP ** (event.shiftKey ? 5 : 1), value = shown[name];
      const next = { ArrowLeft: value / ratio, ArrowDown: value / ratio, ArrowRight: value * ratio, ArrowUp: value * ratio, Home: shown.first, End: shown.last }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      move(next);
    };
  }
  let dragged = null;
  const drag = (event) => {
    const box = plot.getBoundingClientRect(), share = (event.clientX - box.left) / box.width;
    if (!dragged) {
      const away = (name) => Math.abs(at(shown[name]) - share);
      dragged = event.target === handles.low ? "low" : event.target === handles.high ? "high" : away("low") < away("high") ? "low" : "high";
      plot.setPointerCapture(event.pointerId);
    }
    change(dragged, valueAt(share));
  };
  plot.onpointerdown = drag;
  plot.onpointermove = (event) => dragged && drag(event);
  plot.onpointerup = plot.onpointercancel = () => { dragged = null; };

  return {
    element,
    show(next) {
      shown = next;
      const most = Math.max(1, ...shown.counts);
      const outline = (least, limit) => barsOf(shown.counts, most, at(least), at(limit));
      bars.setAttribute("d", outline(shown.first, shown.low));
      weak.setAttribute("d", outline(shown.low, shown.high));
      edges.setAttribute("d", outline(shown.high, shown.last));
      from.textContent = showNumber(shown.first, 2);
      to.textContent = showNumber(shown.last, 2);
      for (const [name, handle] of Object.entries(handles)) {
        handle.style.left = `${100 * at(shown[name])}%`;
        handle.setAttribute("aria-valuemin", shown.first);
        handle.setAttribute("aria-valuemax", shown.last);
        handle.setAttribute("aria-valuenow", shown[name]);
        handle.setAttribute("aria-valuetext", `${showNumber(shown[name], 3)} levels per pixel`);
      }
    },
  };
}

// Returns the bars between two shares of the axis as a path. Heights are square roots, so that few strong edges show.
function barsOf(counts, most, from, to) {
  const step = WIDTH / counts.length;
  let path = "";
  counts.forEach((count, i) => {
    const left = Math.max(i * step, from * WIDTH), right = Math.min((i + 1) * step, to * WIDTH);
    if (count && right > left) path += `M${left.toFixed(1)} ${HEIGHT}V${(HEIGHT - Math.sqrt(count / most) * (HEIGHT - 8)).toFixed(1)}H${right.toFixed(1)}V${HEIGHT}Z`;
  });
  return path;
}
