// SPDX-License-Identifier: MIT
// Plays steps: a button and a slider of steps. With reduced motion there is no button, only the slider.
import { make } from "../../dom.js";
import { makeSlider } from "./field.js";
import { box } from "./layout.js";

const duration = 4000, pace = 90; // most milliseconds for all steps, and for one

// Creates a player. show() draws its `step`.
export function makePlayer(show) {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let last = 0, step = 0, frame = 0;

  function go(to) {
    step = to;
    show();
  }

  const slider = makeSlider({ label: "Step", min: 0, max: 0, step: 1, value: 0, show: (value) => `${value} of ${last}`,
    input: (value) => {
      stop();
      go(value);
    } });
  const button = make("button", { type: "button", class: "play", onclick: () => frame ? stop() : play() }, "Play");
  const element = box("player", button, slider.element);
  const showButton = () => { button.hidden = still.matches; };
  still.addEventListener("change", showButton);
  showButton();

  function stop() {
    cancelAnimationFrame(frame);
    frame = 0;
    button.textContent = "Play";
  }

  function play() {
    if (still.matches) return;
    const from = step >= last ? 0 : step, began = performance.now(), each = Math.min(pace, duration / Math.max(1, last));
    button.textContent = "Pause";
    const next = (now) => {
      go(Math.min(last, from + Math.max(0, Math.floor((now - began) / each))));
      slider.set(step);
      if (step >= last || !element.isConnected) stop();
      else frame = requestAnimationFrame(next);
    };
    frame = requestAnimationFrame(next);
  }

  // Takes another number of steps and shows the last one; the same number while it plays goes on playing.
  function setSteps(count) {
    if (frame && count === last) return;
    stop();
    last = step = count;
    slider.range.max = count;
    slider.set(count);
  }
  return { element, setSteps, play, get step() { return step; } };
}
