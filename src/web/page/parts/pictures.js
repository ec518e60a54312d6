// SPDX-License-Identifier: MIT
// The part "pictures": edges of a picture, live.
import { Cancelled } from "../cancelled.js";
import { Client, embedded } from "../client.js";
import { announce, make } from "../dom.js";
import { createHistogram } from "../draw/histogram.js";
import { createViewer } from "../draw/viewer.js";
import { latest } from "../latest.js";
import { showCount, showNumber } from "../numbers.js";
import { createArrows } from "./pictures/arrows.js";
import { createFiles } from "./pictures/files.js";
import { createInput } from "./pictures/input.js";
import { Picture, previewPixels } from "./pictures/picture.js";
import { createSettings } from "./pictures/settings.js";

const LABEL = "The picture and its edges. Arrow keys move it, plus and minus zoom, 0 shows it whole.";

// A line for what went wrong, or a note about the picture.
function createNotice() {
  const element = make("p", { class: "notice", role: "alert", hidden: true });
  let lasting = false;
  return {
    element,
    // `stays`: until another picture is open, else until edges are found.
    show(text, stays = false) {
      element.textContent = text;
      element.hidden = false;
      lasting = stays;
    },
    clear(opened = false) {
      if (opened || !lasting) element.hidden = true;
    },
  };
}

function create(root, app) {
  const picture = new Picture(new Client(), new Client()), notice = createNotice();
  const fail = (text) => notice.show(text, true);
  let name = "coffee.jpg", found = null, after = [], follows = false, autoSigma = NaN;

  const settings = createSettings({ change });
  const arrows = createArrows({ picture, fail: notice.show });
  const files = createFiles({ picture, settings, fail: notice.show });
  const histogram = createHistogram({ change: (which, value) => settings.set(which, value) });
  const viewer = createViewer({ label: LABEL, moved: () => arrows.see(viewer, found), pointed: arrows.describe });
  const input = createInput({
    root, place: viewer.element, open, sample: openSample, frame, framePixels: () => previewPixels(settings.state.method), fail,
  });
  const caption = make("p", { class: "caption" });
  root.append(make("div", { class: "part" },
    make("div", { class: "figure stack tight" },
      make("div", { class: "row apart" }, input.element, viewer.tools), notice.element, viewer.element, caption, arrows.element),
    make("section", { class: "settings card controls", "aria-label": "Settings" },
      ...settings.before, histogram.element, ...settings.after),
    files.element));

  // ---- pictures ----

  async function open(file, title) {
    try {
      const { transparent } = await picture.open(file);
      notice.clear(true);
      if (transparent) fail("Parts of the picture are transparent: the browser knows the colours there only roughly.");
      show(title);
    } catch (error) {
      fail(`${title}: ${error.message}`);
    }
  }

  function openSample() {
    return open(new Blob([embedded("sample")], { type: "image/jpeg" }), "coffee.jpg");
  }

  // Shows a frame of the camera with its edges.
  async function frame(pixels) {
    try {
      await picture.take(pixels);
      notice.clear(true);
      await show("camera.png");
    } catch (error) {
      fail(error.message);
    }
  }

  function show(title) {
    name = title;
    found = null;
    after = [];
    follows = false;
    autoSigma = NaN;
    return update();
  }

  // ---- edges ----

  // Follows a setting; the thresholds on the histogram at once, before the edges are known.
  function change() {
    const { low, high } = settings.state;
    if (found) histogram.show({ ...found, method: settings.state.method, low: Number.isNaN(low) ? found.low : low, high: Number.isNaN(high) ? found.high : high });
    app.changed();
    update();
  }

  function update() {
    files.show(name);
    return find();
  }

  const find = latest(async () => {
    try {
      await picture.find(settings, present, (error) => notice.show(error.message));
    } catch (error) {
      if (!(error instanceof Cancelled)) notice.show(error.message); // another picture was opened
    }
  });

  // Shows what was found; `isPreview`: the whole picture is still to come, to which the preview belongs.
  function present(next, isPreview) {
    notice.clear();
    after = follows && !isPreview ? [after[0], next.bitmap] : [next.bitmap];
    follows = isPreview;
    if (Number.isNaN(settings.state.sigma)) autoSigma = next.sigma;
    found = { ...next, autoSigma };
    settings.show(found);
    histogram.show({ ...found, method: settings.state.method });
    viewer.show({ size: picture.size, before: picture.before, after });
    caption.textContent = inWords(next, picture.size, isPreview);
    caption.dataset.state = isPreview ? "preview" : "whole";
    if (!isPreview) announce(caption.textContent);
    arrows.see(viewer, found);
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

// Says what was found in a picture.
function inWords(found, { width, height }, preview) {
  const size = `${showCount(width)} × ${showCount(height)} pixels`, share = 100 * found.pixels / (found.width * found.height);
  const notes = found.warnings.length ? ` Note: ${found.warnings.join("; ")}.` : "";
  return preview
    ? `${size}. A preview of ${showCount(found.width)} × ${showCount(found.height)}; the whole follows.${notes}`
    : `${size}, ${showCount(found.pixels)} of them edges (${showNumber(share, 3)} %).${notes}`;
}

export const pictures = { id: "pictures", title: "Pictures", create };
