// SPDX-License-Identifier: MIT
// A sun to drag: its direction around the dial, its height towards the middle.
import { make } from "../dom.js";
import { directionName } from "./colours.js";

const RADIUS = 46; // of the horizon, in units of the drawing
const STEP = 5, FINE = 1; // degrees of an arrow key

const SVG = "http://www.w3.org/2000/svg";
function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function drawDial() {
  const svg = shape("svg", { viewBox: "-60 -60 120 120", "aria-hidden": "true" });
  svg.append(shape("circle", { r: RADIUS, class: "horizon" }));
  for (const altitude of [30, 60]) svg.append(shape("circle", { r: RADIUS * (1 - altitude / 90), class: "ring" }));
  for (let degrees = 0; degrees < 360; degrees += 45)
    svg.append(shape("line", { x1: 0, y1: -RADIUS + (degrees % 90 ? 4 : 7), x2: 0, y2: -RADIUS, class: "tick", transform: `rotate(${degrees})` }));
  const ray = shape("line", { x1: 0, y1: 0, class: "ray" }), sun = shape("circle", { r: 7.5, class: "sun" });
  svg.append(ray, sun);
  return { svg, ray, sun };
}

// Creates the sun: { azimuth, altitude, change(azimuth, altitude) }. Returns { element, set(azimuth, altitude) }.
export function sunControl({ azimuth, altitude, change }) {
  const { svg, ray, sun } = drawDial();
  const element = make("div", { class: "dial", role: "slider", tabindex: "0", "aria-label": "Sun: arrow keys turn it and raise it",
    "aria-valuemin": "0", "aria-valuemax": "360" }, svg);
  for (const [letter, place] of [["N", "north"], ["E", "east"], ["S", "south"], ["W", "west"]])
    element.append(make("span", { class: `point ${place}`, "aria-hidden": "true" }, letter));

  function show() {
    const turn = azimuth * Math.PI / 180, far = RADIUS * (1 - altitude / 90);
    const x = far * Math.sin(turn), y = -far * Math.cos(turn);
    sun.setAttribute("cx", x);
    sun.setAttribute("cy", y);
    ray.setAttribute("x2", x);
    ray.setAttribute("y2", y);
    element.setAttribute("aria-valuenow", String(Math.round(azimuth)));
    element.setAttribute("aria-valuetext", `${Math.round(azimuth)}° (${directionName(azimuth)}), ${Math.round(altitude)}° high`);
  }

  function set(nextAzimuth, nextAltitude, quiet) {
    azimuth = (nextAzimuth % 360 + 360) % 360;
    altitude = Math.min(90, Math.max(0, nextAltitude));
    show();
    if (!quiet) change(azimuth, altitude);
  }

  function follow(event) {
    const box = svg.getBoundingClientRect(), unit = box.width / 120;
    const x = (event.clientX - box.left) / unit - 60, y = (event.clientY - box.top) / unit - 60;
    const far = Math.min(1, Math.hypot(x, y) / RADIUS);
    set(far < 0.02 ? azimuth : Math.round(Math.atan2(x, -y) * 180 / Math.PI), Math.round(90 * (1 - far)));
  }

  element.onpointerdown = (event) => {
    element.setPointerCapture(event.pointerId);
    follow(event);
  };
  element.onpointermove = (event) => element.hasPointerCapture(event.pointerId) && follow(event);
  element.onkeydown = (event) => {
    const step = event.shiftKey ? FINE : STEP;
    const [dx, dy] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] }[event.key] ?? [0, 0];
    if (!dx && !dy) return;
    event.preventDefault();
    set(azimuth + dx, altitude + dy);
  };
  show();
  return { element, set: (a, b) => set(a, b, true) };
}
