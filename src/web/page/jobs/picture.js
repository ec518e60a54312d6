// SPDX-License-Identifier: MIT
// Jobs of the part "pictures": a picture is decoded and loaded once, and its edges are computed for each change.
import { EngineError } from "../../engine/load.js";
import { countMagnitudes, edgeLines, edgePixels, findEdges, gradientOf, loadImage } from "../../engine/image.js";

const PIXELS_MOST = 120e6, SIDE_MOST = 32767; // what browsers hold in a canvas, and the module in its memory

const STORED = { colorSpaceConversion: "none", premultiplyAlpha: "none" }; // colours as they are in the file

// Returns why the browser has not decoded a file.
function whyUndecoded({ name = "", size }) {
  if (!size) return "the file is empty";
  if (/\.(asc|hgt)$/i.test(name)) return "elevation models are opened on the tab Terrain";
  if (/\.tiff?$/i.test(name)) return "browsers do not read TIFF pictures: convert it to PNG; elevation models are opened on the tab Terrain";
  return "this file is not a picture that the browser can read (PNG, JPEG, WebP, GIF, BMP ...), or it is damaged";
}

// Decodes a file with the browser.
async function decode(file) {
  try {
    return await createImageBitmap(file, { ...STORED, imageOrientation: "from-image" });
  } catch {
    throw new EngineError(whyUndecoded(file), 3);
  }
}

function checkSize({ width, height }) {
  if (width * height > PIXELS_MOST || Math.max(width, height) > SIDE_MOST)
    throw new EngineError(`${width} × ${height} pixels are more than a browser can hold; the command has no such limit`, 6);
}

// Returns the pixels of a bitmap, reduced to at most `most` of them.
function pixelsOf(bitmap, most) {
  const scale = Math.min(1, Math.sqrt(most / (bitmap.width * bitmap.height)));
  const width = Math.max(1, Math.round(bitmap.width * scale)), height = Math.max(1, Math.round(bitmap.height * scale));
  const surface = typeof OffscreenCanvas === "function" ? new OffscreenCanvas(width, height) : document.createElement("canvas");
  Object.assign(surface, { width, height });
  const context = surface.getContext("2d", { willReadFrequently: true });
  if (!context) throw new EngineError(`not enough memory for ${width} × ${height} pixels`, 7);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

// Returns true if a pixel is not opaque.
function isTransparent({ data }) {
  for (let i = 3; i < data.length; i += 4)
    if (data[i] < 255) return true;
  return false;
}

export function pictureJobs(engine) {
  let image = null, opened = null; // opened: pixels of a preview
  return {
    // Decodes a file and loads it, reduced to at most `most` pixels. Returns the picture to show and its whole size.
    async open({ file, most }) {
      const decoded = await decode(file);
      checkSize(decoded);
      const pixels = pixelsOf(decoded, most);
      image = loadImage(engine, pixels);
      opened = Number.isFinite(most) ? pixels : null;
      const bitmap = await createImageBitmap(pixels), whole = { wholeWidth: decoded.width, wholeHeight: decoded.height };
      decoded.close();
      return { ...image, ...whole, bitmap, transparent: isTransparent(pixels) };
    },

    // Loads a preview that is open, reduced further to at most `most` pixels.
    async reduce({ most }) {
      const bitmap = await createImageBitmap(opened, STORED);
      image = loadImage(engine, pixelsOf(bitmap, most));
      bitmap.close();
      return image;
    },

    // Loads pixels, as of a frame of a camera.
    load(pixels) {
      image = loadImage(engine, pixels);
      return image;
    },

    // Detects edges; the arguments are those of findEdges(). Returns the edges as a bitmap, and the histogram of the
    // gradient around the thresholds: { first, last, counts }.
    async edges({ detector, thresholds, bins = 72 }) {
      const found = findEdges(engine, detector, thresholds);
      const bitmap = await createImageBitmap(new ImageData(edgePixels(engine, image), image.width, image.height));
      const first = Math.max(found.autoHigh / 40, 1e-3), last = Math.max(found.autoHigh * 12, first * 10);
      const counts = Float64Array.from(countMagnitudes(engine, first, last, bins));
      return { ...found, ...image, bitmap, first, last, counts };
    },

    // Writes the lines of the edges as a vector file.
    lines({ detector, thresholds, format }) {
      return edgeLines(engine, detector, thresholds, format);
    },

    // Computes the gradient in a window of the picture.
    gradient({ window, sigma }) {
      const { x, y } = gradientOf(engine, window, sigma);
      return { ...window, x: x.slice(), y: y.slice() };
    },
  };
}
