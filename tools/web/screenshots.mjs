// SPDX-License-Identifier: MIT
// Makes the screenshots of docs/WEB.md: each part of the page at two widths, light and dark. Run by `make web-pictures`.
//   BUILD=FOLDER node tools/web/screenshots.mjs FOLDER
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { address, startBrowser } from "../../tests/web/browser.mjs";

const parts = [
  ["pictures", "#pictures?paint=overlay"],
  ["terrain", "#terrain"],
  ["functions", "#functions?x=1&y=1"],
  ["descent", "#functions?view=descent"],
];
const sizes = [[1440, 900], [390, 844]];
const settled = 1500; // milliseconds after the network is idle, for the last worker's answer

async function shoot(browser, [name, fragment], [width, height], colorScheme, folder) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale: "en-GB", reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(address + fragment);
  await page.waitForTimeout(settled);
  await page.screenshot({ path: join(folder, `web-${name}-${width}-${colorScheme}.jpg`), quality: 80, type: "jpeg" });
  await context.close();
}

const folder = process.argv[2];
if (!folder) throw new Error("usage: node tools/web/screenshots.mjs FOLDER");
mkdirSync(folder, { recursive: true });
const browser = await startBrowser();
for (const part of parts)
  for (const size of sizes) for (const scheme of ["light", "dark"]) await shoot(browser, part, size, scheme, folder);
await browser.close();
