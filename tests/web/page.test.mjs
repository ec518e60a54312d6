// SPDX-License-Identifier: MIT
// The page as a whole: accessible, small, without a network, and clear where a browser is too old.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build, checkAccess, look, startBrowser } from "./browser.mjs";

const PARTS = ["pictures", "terrain", "functions"], BYTES_MOST = 1.5e6;
let browser;

before(async () => { browser = await startBrowser(); });
after(() => browser?.close());

const ready = (page, part) => page.locator(`#panel-${part}`).waitFor();

for (const colorScheme of ["light", "dark"])
  for (const part of PARTS)
    test(`${part}, ${colorScheme}: axe finds no violation`, () => look(browser, `#${part}`, async (page) => {
      await ready(page, part);
      await page.waitForTimeout(500);
      await checkAccess(page);
    }, { colorScheme, bypassCSP: true }));

test("nothing is wider than a narrow screen, and nothing is lost on a wide one", async () => {
  for (const width of [360, 820, 3840])
    for (const part of PARTS)
      await look(browser, `#${part}`, async (page) => {
        await ready(page, part);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${part} at ${width}: ${wide} pixels too wide`);
      }, { viewport: { width, height: 900 } });
});

test("tabs are changed by keys, and are in the address", () => look(browser, "", async (page) => {
  await page.getByRole("tab", { name: "Pictures" }).focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Terrain");
  assert.match(await page.evaluate(() => location.hash), /^#terrain/);
  await page.keyboard.press("End");
  assert.equal(await page.locator("#panel-functions").isVisible(), true);
  await page.keyboard.press("Home");
  assert.equal(await page.locator("#panel-pictures").isVisible(), true);
}));

test("an address that means nothing opens the first part", () => look(browser, "#nothing?method=7&sigma=x&low=-1&colour=red", async (page) => {
  await page.locator("#panel-pictures .caption[data-state=whole]").waitFor();
}));

test("the page is one small file whose policy forbids the network", () => {
  const page = readFileSync(join(build, "web/index.html"), "utf8");
  assert.ok(statSync(join(build, "web/index.html")).size <= BYTES_MOST, "the page is too large");
  const policy = page.match(/Content-Security-Policy" content="([^"]+)"/)[1];
  assert.match(policy, /default-src 'none'; connect-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval'(?!;)|https?:|\*/.test(policy.replace("'wasm-unsafe-eval'", "")) ? /./ : /^$/);
});

test("a request is refused by the policy", () => look(browser, "#terrain", async (page) => {
  assert.equal(await page.evaluate(() => fetch("data:,x").then(() => "sent", () => "refused")), "refused");
}, { allow: (text) => /Content Security Policy|Fetch API|not loaded: data/.test(text) }));

test("without SIMD one line says what to do", () => look(browser, "", async (page) => {
  assert.match(await page.locator("#notice").textContent(), /^WebAssembly of this browser has no SIMD.*update it\.$/);
}, { before: (page) => page.addInitScript(() => { WebAssembly.validate = () => false; }) }));

test("without WebAssembly as well", () => look(browser, "", async (page) => {
  assert.match(await page.locator("#notice").textContent(), /^This browser has no WebAssembly/);
}, { before: (page) => page.addInitScript(() => { delete window.WebAssembly; }) }));
