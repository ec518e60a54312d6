// SPDX-License-Identifier: MIT
// Plays steps: a button and a slider of steps. With reduced motion there is no button, only the slider.
import { make } from "../dom.js";
import { makeSlider } from "./field.js";

const duration = 4000; // milliseconds for all steps, at most
const pace = 90; // milliseconds a step, at most

// Creates a player. show(step) draws a step.
export function makePlayer(show) {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let last = 0, step = 0, frame = 0;
  const slider = makeSlider({ label: "Step", min: 0, max: 0, step: 1, value: 0, show: (value) => `${value} of ${last}`, input: (value) => {
    stop();
    step = value;
    show(step);
  } });
  const button = make("button", { type: "button", class: "play", onclick: () => frame ? stop() : play() }, "Play");
  const element = make("div", { class: "player" }, button, slider.element);
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
      step = Math.min(last, from + Math.floor((now - began) / each));
      slider.set(step);
      show(step);
      frame = step < last && element.isConnected ? requestAnimationFrame(next) : 0;
      if (!frame) stop();
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
