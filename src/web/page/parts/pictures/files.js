// SPDX-License-Identifier: MIT
// What is taken from the page: the command line, the edges as PNG, their lines as SVG.
import { Cancelled } from "../../cancelled.js";
import { announce, download, make } from "../../dom.js";
import { showCount } from "../../numbers.js";

// Creates the section. Returns { element, show(name) }: show() says the commands for a picture of that name.
export function createFiles({ picture, settings, fail }) {
  const command = make("pre", { tabIndex: 0, role: "region", "aria-label": "Command line" });
  const copy = make("button", { type: "button", onclick: () => copyCommand(command, copy) }, "Copy");
  const asked = () => ({ detector: settings.detector(), thresholds: settings.thresholds() });
  const button = (text, save) => make("button", { type: "button", onclick: () => save().catch((error) => fail(whyUnsaved(error))) }, text);

  async function savePng() {
    const { bitmap } = await picture.ask("edges", asked());
    const canvas = make("canvas", { width: bitmap.width, height: bitmap.height });
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    bitmap.close();
    canvas.toBlob((file) => file ? download("edges.png", file) : fail("the browser cannot write a PNG of this size"), "image/png");
  }

  async function saveSvg() {
    const { file, lines } = await picture.ask("lines", { ...asked(), format: "svg" });
    download("edges.svg", file);
    announce(`${showCount(lines)} lines saved`);
  }

  const element = make("section", { class: "more card stack tight" },
    make("h2", {}, "The same with the command"), make("div", { class: "command" }, command, copy),
    make("div", { class: "row" }, button("Download PNG", savePng), button("Download SVG of the lines", saveSvg)));
  return { element, show(name) { command.textContent = [settings.words(name, "edges.png"), settings.words(name, "edges.svg")].join("\n"); } };
}

const whyUnsaved = (error) =>
  error instanceof Cancelled ? "The file was given up for a newer change: ask for it once more." : error.message;

async function copyCommand(command, button) {
  try {
    await navigator.clipboard.writeText(command.textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  } catch {
    getSelection().selectAllChildren(command); // without access to the clipboard, it is marked to be copied
  }
}
