// SPDX-License-Identifier: MIT
// The command that computes the same as the page, to copy.
import { make } from "../../dom.js";
import { box } from "./layout.js";

// Creates it; set(text) changes the command.
export function makeCommand(title = "The same by the command") {
  const text = make("pre", { tabindex: 0, role: "region", "aria-label": "Command" });
  async function copy() {
    await navigator.clipboard?.writeText(text.textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  }
  const button = make("button", { type: "button", onclick: copy }, "Copy");
  return { element: box("", make("h2", {}, title), box("command", text, button)),
    set: (command) => { text.textContent = command; } };
}
