// SPDX-License-Identifier: MIT
// The command that computes the same as the page, to copy.
import { make } from "../dom.js";

// Creates it; set(text) changes the command.
export function makeCommand(title = "The same by the command") {
  const text = make("pre", { tabindex: 0, role: "region", "aria-label": "Command" });
  const button = make("button", { type: "button", onclick: async () => {
    await navigator.clipboard?.writeText(text.textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  } }, "Copy");
  const element = make("div", {}, make("h2", {}, title), make("div", { class: "command" }, text, button));
  return { element, set: (command) => { text.textContent = command; } };
}
