// SPDX-License-Identifier: MIT
// The surface z = f with the tangent plane, to turn by dragging or by two sliders.
import { onDrag } from "../../draw/handle.js";
import { drawSpace } from "../../draw/space.js";
import { makeSlider } from "./field.js";
import { makeFigure } from "./figure.js";
import { wholeTurn } from "./view.js";

const lowest = -60, highest = 90; // degrees of the eye above the plane

// Reads the eye of a link, "AZIMUTH,ELEVATION".
function readEye(text) {
  const [azimuth, elevation] = (text ?? "").split(",").map(Number);
  const valid = Number.isFinite(azimuth) && elevation >= lowest && elevation <= highest;
  return valid ? { azimuth: wholeTurn(azimuth), elevation } : { azimuth: -60, elevation: 30 };
}

// Creates the view. now: {point, view}, what is shown. Returns {elements, render()}.
export function makePointSpace(app, now) {
  const eye = readEye(app.state.get("eye"));

  function draw(width, height) {
    if (!now.view) return [];
    const place = now.point.point.map((one) => one.value), value = now.point.value.value;
    const gradient = now.point.gradient?.vector.map((one) => one.value);
    const tangent = gradient ? { point: place, value, gradient } : null;
    return drawSpace({ width, height, view: now.view, tangent, marked: [...place, value], eye });
  }

  const figure = makeFigure({ title: "Tangent plane", label: "The surface z = f with its tangent plane",
    file: "tangent-plane.svg", height: (width) => Math.min(width * 0.78, 400), draw });

  function look() {
    app.state.set({ eye: `${eye.azimuth},${eye.elevation}` });
    figure.render();
  }

  function makeTurn(label, key, min, max) {
    const input = (value) => {
      eye[key] = value;
      look();
    };
    return makeSlider({ label, min, max, step: 1, value: eye[key], show: (value) => `${app.show(String(value))}°`, input });
  }
  const turns = makeTurn("Turn", "azimuth", -180, 180), tilts = makeTurn("Tilt", "elevation", lowest, highest);

  let grip = null; // where the pointer went down, and the eye then
  figure.svg.addEventListener("pointerdown", (event) => {
    grip = { x: event.clientX, y: event.clientY, ...eye };
  });
  onDrag(figure.svg, (event) => {
    if (!grip || event.type === "click") return;
    eye.azimuth = wholeTurn(grip.azimuth - (event.clientX - grip.x) / 2);
    eye.elevation = Math.round(Math.max(lowest, Math.min(highest, grip.elevation + (event.clientY - grip.y) / 3)));
    turns.set(eye.azimuth);
    tilts.set(eye.elevation);
    look();
  });
  return { elements: [figure.element, turns.element, tilts.element], render: figure.render };
}
