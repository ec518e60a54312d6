// SPDX-License-Identifier: MIT
// Arrows of the gradient on the pixels of a picture, and the gradient of a pixel in words.
import { Cancelled } from "../../cancelled.js";
import { make } from "../../dom.js";
import { ARROW_SCALE } from "../../draw/viewer.js";
import { latest } from "../../latest.js";
import { showNumber } from "../../numbers.js";

const PIXELS_MOST = 40000; // of a window with arrows

// Creates the arrows of a picture. Returns { element, see(viewer, found), describe(at) }: see() follows the window that the
// viewer shows, with what was found; describe() says the gradient of a pixel, null: of none.
export function createArrows({ picture, fail }) {
  const element = make("p", { class: "caption", role: "status" });
  let arrows = null, pointed = null;

  const say = () => {
    element.textContent = pointed && arrows ? inWords(arrows, Math.floor(pointed.x), Math.floor(pointed.y)) : "";
  };
  const find = latest(async ({ viewer, found }) => {
    const window = viewer.view.window();
    if (viewer.view.scale < ARROW_SCALE || window.width * window.height > PIXELS_MOST) return;
    try {
      arrows = await picture.ask("gradient", { window, sigma: found.sigma });
      viewer.setArrows({ ...arrows, largest: Math.max(found.high * 1.5, 1e-6) });
      say();
    } catch (error) {
      if (!(error instanceof Cancelled)) fail(error.message);
    }
  });

  return {
    element,
    see(viewer, found) {
      if (found && viewer.view.scale >= ARROW_SCALE) {
        find({ viewer, found });
        return;
      }
      arrows = null;
      say();
      viewer.setArrows(null);
    },
    describe(at) {
      pointed = at;
      say();
    },
  };
}

// Says the gradient of pixel (x, y); "" if it is not among the arrows.
function inWords({ left, top, width, height, x: byX, y: byY }, x, y) {
  if (x < left || y < top || x >= left + width || y >= top + height) return "";
  const index = (y - top) * width + x - left, gx = byX[index], gy = byY[index];
  const angle = (Math.atan2(gy, gx) * 180 / Math.PI + 360) % 360;
  return `Pixel ${x}, ${y}: the brightness rises by ${showNumber(Math.hypot(gx, gy), 3)} levels per pixel ` +
    `towards ${showNumber(angle, 3)}° (0° right, 90° down).`;
}
