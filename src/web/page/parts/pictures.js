// SPDX-License-Identifier: MIT
// The part "pictures": edges of an image, live.
import { Client, embedded } from "../client.js";
import { choiceControl, numberControl } from "../controls.js";
import { announce, make } from "../dom.js";
import { showCount } from "../numbers.js";

function create(root, app) {
  const client = new Client();
  const options = {};
  const canvas = make("canvas", { role: "img", "aria-label": "Edges of the picture" });
  const caption = make("p", { class: "caption" });
  const change = (name) => (value) => { options[name] = value; app.changed(); update(); };
  const method = choiceControl({ label: "Method", options: [["canny", "Canny", "Edges one pixel wide."], ["boundary", "Boundary", "Boundaries of objects."]], change: change("method") });
  const sigma = numberControl({ label: "Sigma", does: "Blur before the gradient: larger values drop noise and fine detail.", unit: "px", min: 0.5, max: 30, log: true, automatic: true, change: change("sigma") });
  root.append(make("div", { class: "part" }, make("div", { class: "stack" }, make("figure", { class: "frame" }, canvas), caption),
    make("div", { class: "card controls" }, method.element, sigma.element)));

  async function load(blob) {
    const bitmap = await createImageBitmap(blob);
    const surface = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    surface.drawImage(bitmap, 0, 0);
    const { width, height, data } = surface.getImageData(0, 0, bitmap.width, bitmap.height);
    await client.call("edges.load", { width, height, data }, [data.buffer]);
    await update();
  }

  async function update() {
    const { mask, width, height, pixels, sigma: used } = await client.call("edges.find", options);
    const image = new ImageData(width, height);
    new Uint32Array(image.data.buffer).forEach((_, i, out) => { out[i] = mask[i] ? 0xffffffff : 0xff000000; });
    Object.assign(canvas, { width, height });
    canvas.getContext("2d").putImageData(image, 0, 0);
    sigma.choose(used);
    caption.textContent = `${showCount(pixels)} edge pixels`;
    announce(caption.textContent);
  }

  load(new Blob([embedded("sample")], { type: "image/jpeg" }));
  return {
    open(values) { Object.assign(options, values); },
    values: () => options,
  };
}

export const pictures = { id: "pictures", title: "Pictures", create };
