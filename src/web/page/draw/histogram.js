// SPDX-License-Identifier: MIT
// The histogram of the gradient, with the two thresholds to drag on it.
import { make } from "../dom.js";
import { showNumber } from "../numbers.js";

const WIDTH = 1000, HEIGHT = 260, STEP = 1.03;

// What is counted, by method.
const METHODS = {
  canny: { quantity: "gradient", unit: "levels per pixel",
    text: "Local maxima of the gradient by their strength. Grey ones are dropped, orange ones kept if they connect to blue ones." },
  ridge: { quantity: "strength", unit: "levels per pixel squared",
    text: "Pixels on lines by the strength of the line. Grey ones are dropped, orange ones kept if they connect to blue ones." },
  threshold: { quantity: "gradient", unit: "levels per pixel",
    text: "Local maxima of the gradient by their strength. Blue ones are marked, and all other pixels above the threshold." },
};

function svg(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// Creates the chart. `change(name, value)` is called as a threshold, "low" or "high", is moved, in levels per pixel.
// Returns { element, show({ first, last, counts, low, high, method }) }.
export function createHistogram({ change }) {
  const bars = { dropped: svg("path", { class: "bars" }), weak: svg("path", { class: "bars weak" }), strong: svg("path", { class: "bars strong" }) };
  const handles = { low: createHandle("low", "Low threshold"), high: createHandle("high", "High threshold") };
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    bars.dropped, bars.weak, bars.strong);
  const plot = make("div", { class: "plot" }, drawing, handles.low, handles.high);
  const from = make("span"), axis = make("span"), to = make("span"), does = make("p", { class: "does" });
  const element = make("div", { class: "histogram" }, plot, make("div", { class: "scale" }, from, axis, to), does);
  let shown = { first: 0.1, last: 100, counts: [], low: NaN, high: NaN };

  const at = (value) => limited(Math.log(value / shown.first) / Math.log(shown.last / shown.first), 0, 1);
  const move = (name, value) => change(name, Number(limited(value, shown.first, shown.last).toPrecision(3)));
  for (const [name, handle] of Object.entries(handles))
    handle.onkeydown = (event) => {
      const next = afterKey(event, shown[name], shown);
      if (next === undefined) return;
      event.preventDefault();
      move(name, next);
    };
  followDrag(plot, handles, (share) => {
    const away = (name) => Math.abs(at(shown[name]) - share);
    return away("low") < away("high") && !handles.low.hidden ? "low" : "high";
  }, (name, share) => move(name, shown.first * (shown.last / shown.first) ** share));

  return {
    element,
    show(next) {
      const one = next.method === "threshold", { quantity, unit, text } = METHODS[next.method] ?? METHODS.canny;
      shown = one ? { ...next, low: next.high } : next;
      handles.low.hidden = one;
      axis.textContent = `${quantity}, ${unit}`;
      does.textContent = text;
      const most = Math.max(1, ...shown.counts);
      const outline = (least, limit) => barsOf(shown.counts, most, at(least), at(limit));
      bars.dropped.setAttribute("d", outline(shown.first, shown.low));
      bars.weak.setAttribute("d", outline(shown.low, shown.high));
      bars.strong.setAttribute("d", outline(shown.high, shown.last));
      from.textContent = showNumber(shown.first, 2);
      to.textContent = showNumber(shown.last, 2);
      for (const [name, handle] of Object.entries(handles)) showHandle(handle, shown[name], at(shown[name]), shown, unit);
    },
  };
}

const limited = (value, least, most) => Math.min(most, Math.max(least, value));

function createHandle(name, label) {
  return make("div", { class: `handle ${name}`, role: "slider", tabIndex: 0, "aria-label": `${label} on the histogram` });
}

function showHandle(handle, value, share, { first, last }, unit) {
  handle.style.left = `${100 * share}%`;
  handle.setAttribute("aria-valuemin", first);
  handle.setAttribute("aria-valuemax", last);
  handle.setAttribute("aria-valuenow", value);
  handle.setAttribute("aria-valuetext", `${showNumber(value, 3)} ${unit}`);
}

// Returns the value after a key; undefined: the key has no meaning.
function afterKey({ key, shiftKey }, value, { first, last }) {
  const ratio = STEP ** (shiftKey ? 5 : 1);
  const values = {
    ArrowLeft: value / ratio, ArrowDown: value / ratio, ArrowRight: value * ratio, ArrowUp: value * ratio, Home: first, End: last,
  };
  return values[key];
}

// Follows a pointer over the plot: move(name, share) is called with the handle that is dragged, the one that is pressed or
// else nearest(share), and the share of the width.
function followDrag(plot, handles, nearest, move) {
  let dragged = null;
  const follow = (event) => {
    const box = plot.getBoundingClientRect(), share = limited((event.clientX - box.left) / box.width, 0, 1);
    if (!dragged) {
      dragged = Object.keys(handles).find((name) => handles[name] === event.target) ?? nearest(share);
      plot.setPointerCapture(event.pointerId);
    }
    move(dragged, share);
  };
  plot.onpointerdown = follow;
  plot.onpointermove = (event) => dragged && follow(event);
  plot.onpointerup = plot.onpointercancel = () => { dragged = null; };
}

// Returns the bars between two shares of the axis as a path. Heights are square roots, so that few strong edges show.
function barsOf(counts, most, from, to) {
  const step = WIDTH / counts.length;
  let path = "";
  counts.forEach((count, i) => {
    const left = Math.max(i * step, from * WIDTH), right = Math.min((i + 1) * step, to * WIDTH);
    const top = HEIGHT - Math.sqrt(count / most) * (HEIGHT - 8);
    if (count && right > left) path += `M${left.toFixed(1)} ${HEIGHT}V${top.toFixed(1)}H${right.toFixed(1)}V${HEIGHT}Z`;
  });
  return path;
}
