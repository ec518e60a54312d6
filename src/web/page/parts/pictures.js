// SPDX-License-Identifier: MIT
// The part "pictures": edges of a picture, live.
import { embedded } from "../client.js";
import { announce, download, make } from "../dom.js";
import { ARROW_SCALE, createViewer } from "../draw/viewer.js";
import { createHistogram } from "../draw/histogram.js";
import { latest } from "../latest.js";
import { showCount, showNumber } from "../numbers.js";
import { createInput } from "./pictures/input.js";
import { Picture } from "./pictures/picture.js";
import { createSettings } from "./pictures/settings.js";

function create(root, app) {
  const picture = new Picture();
  let name = "coffee.jpg", found = null, arrows = null, after = [], autoSigma = NaN;

  // ---- elements ----

  const viewer = createViewer({ label: "The picture and its edges. Arrow keys move it, plus and minus zoom, 0 shows it whole.", moved: () => seeArrows(), pointed: describe });
  const caption = make("p", { class: "caption" }), pixel = make("p", { class: "caption", role: "status" });
  const notice = make("p", { class: "notice", role: "alert", hidden: true });
  const settings = createSettings({ change });
  const histogram = createHistogram({ change: (which, value) => settings.set(which, value) });
  const input = createInput({ place: viewer.element, open, sample: openSample, frame, fail: (text) => fail(text, true) });
  const command = make("pre", { tabIndex: 0, role: "region", "aria-label": "Command line" });
  const copy = make("button", { type: "button", onclick: copyCommand }, "Copy");
  root.append(make("div", { class: "part" },
    make("div", { class: "figure stack tight" },
      make("div", { class: "row apart" }, input.element, viewer.tools), notice, viewer.element, caption, pixel),
    make("section", { class: "settings card controls", "aria-label": "Settings" }, ...settings.before, histogram.element, ...settings.after),
    make("section", { class: "more card stack tight" },
      make("h2", {}, "The same with the command"), make("div", { class: "command" }, command, copy),
      make("div", { class: "row" },
        make("button", { type: "button", onclick: savePng }, "Download PNG"),
        make("button", { type: "button", onclick: saveSvg }, "Download SVG of the lines")))));

  // ---- pictures ----

  // Follows a setting; the thresholds on the histogram at once, before the edges are known.
  function change() {
    const { low, high } = settings.state;
    if (found) histogram.show({ ...found, low: Number.isNaN(low) ? found.low : low, high: Number.isNaN(high) ? found.high : high });
    app.changed();
    update();
  }

  // Shows what went wrong, or a note about the picture; `lasting`: until another picture is open.
  function fail(text, lasting = false) {
    notice.textContent = text;
    notice.hidden = false;
    notice.dataset.lasting = lasting;
  }

  function succeed(opened = false) {
    if (opened || notice.dataset.lasting === "false") notice.hidden = true;
  }

  async function open(file, title) {
    try {
      const opened = await picture.open(file);
      name = title;
      succeed(true);
      if (opened.transparent) fail("Parts of the picture are transparent: the browser knows the colours there only roughly.", true);
      await show();
    } catch (error) {
      fail(`${title}: ${error.message}`, true);
    }
  }

  function openSample() {
    return open(new Blob([embedded("sample")], { type: "image/jpeg" }), "coffee.jpg");
  }

  // Shows a frame of the camera with its edges.
  async function frame(pixels) {
    try {
      await picture.take(pixels);
      name = "camera.png";
      succeed(true);
      await show();
    } catch (error) {
      fail(error.message);
    }
  }

  function show() {
    after = [];
    arrows = null;
    autoSigma = NaN;
    viewer.setArrows(null);
    return update();
  }

  // ---- edges ----

  function update() {
    command.textContent = settings.words(name, "edges.png");
    return find();
  }

  const find = latest(async () => {
    try {
      const next = await picture.findPreview(settings);
      succeed();
      after = [next.bitmap];
      present(next, picture.reduced);
      picture.findWhole(settings, (whole) => { after = [after[0], whole.bitmap]; present(whole, false); }, (error) => fail(error.message));
    } catch (error) {
      fail(error.message);
    }
  });

  // Shows what was found; `preview`: the whole picture is still to come.
  function present(next, preview) {
    if (Number.isNaN(settings.state.sigma)) autoSigma = next.sigma;
    found = { ...next, autoSigma };
    settings.show(found);
    histogram.show(found);
    viewer.show({ size: picture.size, before: picture.before, after });
    const { width, height } = picture.size, size = `${showCount(width)} × ${showCount(height)} pixels`;
    const share = 100 * next.pixels / (next.width * next.height);
    caption.textContent = preview
      ? `${size}. A preview of ${showCount(next.width)} × ${showCount(next.height)}; the whole follows.`
      : `${size}, ${showCount(next.pixels)} of them edges (${showNumber(share, 3)} %).`;
    caption.dataset.state = preview ? "preview" : "whole";
    if (next.warnings.length) caption.textContent += ` Note: ${next.warnings.join("; ")}.`;
    if (!preview) announce(caption.textContent);
    seeArrows();
  }

  // ---- arrows ----

  const findArrows = latest(async () => {
    const window = viewer.view.window();
    if (viewer.view.scale < ARROW_SCALE || !found || window.width * window.height > 40000) return;
    try {
      arrows = await picture.ask("gradient", { window, sigma: found.sigma });
      viewer.setArrows({ ...arrows, largest: Math.max(found.high * 1.5, 1e-6) });
    } catch (error) {
      fail(error.message);
    }
  });

  function seeArrows() {
    if (viewer.view.scale >= ARROW_SCALE) findArrows();
    else {
      arrows = null;
      pixel.textContent = "";
      viewer.setArrows(null);
    }
  }

  // Says the gradient of a pixel in words; null: of none.
  function describe(at) {
    const x = Math.floor(at?.x), y = Math.floor(at?.y);
    const column = x - arrows?.left, row = y - arrows?.top;
    if (!at || !(column >= 0 && column < arrows.width && row >= 0 && row < arrows.height)) {
      pixel.textContent = "";
      return;
    }
    const gx = arrows.x[row * arrows.width + column], gy = arrows.y[row * arrows.width + column];
    const angle = (Math.atan2(gy, gx) * 180 / Math.PI + 360) % 360;
    pixel.textContent = `Pixel ${x}, ${y}: the brightness rises by ${showNumber(Math.hypot(gx, gy), 3)} levels per pixel towards ` +
      `${showNumber(angle, 3)}° (0° right, 90° down).`;
  }

  // ---- files ----

  async function savePng() {
    try {
      const whole = await picture.ask("edges", { detector: settings.detector(), thresholds: settings.thresholds() });
      const canvas = make("canvas", { width: whole.width, height: whole.height });
      canvas.getContext("2d").drawImage(whole.bitmap, 0, 0);
      whole.bitmap.close();
      canvas.toBlob((file) => file ? download("edges.png", file) : fail("the browser cannot write a PNG of this size"), "image/png");
    } catch (error) {
      fail(error.message);
    }
  }

  async function saveSvg() {
    try {
      const { file, lines } = await picture.ask("lines", { detector: settings.detector(), thresholds: settings.thresholds(), format: "svg" });
      download("edges.svg", file);
      announce(`${showCount(lines)} lines saved`);
    } catch (error) {
      fail(error.message);
    }
  }

  async function copyCommand() {
    try {
      await navigator.clipboard.writeText(command.textContent);
      copy.textContent = "Copied";
      setTimeout(() => { copy.textContent = "Copy"; }, 1500);
    } catch {
      getSelection().selectAllChildren(command); // without access to the clipboard, it is marked to be copied
    }
  }

  let began = false;
  return {
    open(values) {
      settings.read(values);
      if (began) update();
      else openSample();
      began = true;
    },
    values: () => settings.values(),
    hide: () => input.stop(),
  };
}

export const pictures = { id: "pictures", title: "Pictures", create };
