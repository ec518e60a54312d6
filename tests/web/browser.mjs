// SPDX-License-Identifier: MIT
// What the tests of the page share: a browser, the page in it, and the command.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { accessSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

export const build = resolve(process.env.BUILD || "build");
export const folder = join(build, "web-tests"); // files that tests make
export const address = pathToFileURL(join(build, "web/index.html")).href;
const { chromium } = createRequire(join(build, "report-tools/"))("playwright-core");
mkdirSync(folder, { recursive: true });

function findBrowser() {
  for (const place of process.env.PATH.split(delimiter))
    for (const name of ["chromium", "chromium-browser", "google-chrome"])
      try {
        accessSync(join(place, name), 1);
        return join(place, name);
      } catch { /* the next one */ }
  throw new Error("no Chromium in PATH");
}

export function startBrowser(args = []) {
  const options = process.getuid() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: findBrowser(), args: [...options, ...args] });
}

// Opens the page with a fragment and calls check(page). Fails on messages in the console, on failed requests, and on
// any request over a network. `before(page)` runs before the page is loaded, `allow(text)` lets a message pass.
export async function look(browser, fragment, check, { before, allow = () => false, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB", ...options });
  const page = await context.newPage();
  const troubles = [];
  page.on("pageerror", (error) => troubles.push("error: " + error.message));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && troubles.push(message.text()));
  page.on("requestfailed", (request) => troubles.push("not loaded: " + request.url().slice(0, 200)));
  page.on("request", (request) => /^(file|data|blob):/.test(request.url()) || troubles.push("network: " + request.url()));
  await before?.(page, context);
  await page.goto(address + fragment);
  await check(page, context);
  await context.close();
  assert.deepEqual(troubles.filter((text) => !allow(text)), []);
}

// Runs the command and returns its standard output.
export function edgegrad(...words) {
  return execFileSync(join(build, "edgegrad"), words, { encoding: "buffer" });
}

// Checks the page, as it is now, with axe.
export async function checkAccess(page) {
  await page.evaluate(readFileSync(join(build, "web-tools/node_modules/axe-core/axe.min.js"), "utf8"));
  const { violations } = await page.evaluate(() => window.axe.run());
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`), []);
}
