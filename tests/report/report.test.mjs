// SPDX-License-Identifier: MIT
// Tests the report page, made by make_page and opened from files, in a browser without network.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { accessSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

const build = resolve(process.env.BUILD || "build");
const { chromium } = createRequire(join(build, "report-tools/"))("playwright-core");
const folder = join(build, "report-pages");
const small = resolve("testdata/small");
const many = 1000;
let browser;

function findBrowser() {
  for (const place of process.env.PATH.split(delimiter))
    for (const name of ["chromium", "chromium-browser", "google-chrome"])
      try {
        accessSync(join(place, name), 1);
        return join(place, name);
      } catch { /* the next one */ }
  throw new Error("no Chromium in PATH");
}

function makePage(...words) {
  execFileSync(join(build, "tests/report/make_page"), words, { stdio: "inherit" });
}

before(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "edges"), { recursive: true });
  const pictures = ["grey.png", "rgb.jpg", "rings.png", "square.png", "1x1.png"].map((name) => join(small, name));
  makePage("pictures", join(folder, "pictures.html"), join(folder, "edges"), resolve("testdata/scene.jpg"), ...pictures,
    resolve("Makefile"), join(folder, "missing.png"));
  makePage("many", join(folder, "many.html"), String(many));
  makePage("hostile", join(folder, "hostile.html"));
  execFileSync(join(build, "edgegrad"), ["merge-report", "pictures.html", "many.html", "-o", "edges/merged.html"], { cwd: folder });
  const options = process.getuid() === 0 ? ["--no-sandbox"] : [];
  browser = await chromium.launch({ executablePath: findBrowser(), args: options });
});

after(() => browser?.close());

// Opens a page and calls check(page); fails on console messages and on files that do not load.
async function look(name, check, { allow = () => false, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const troubles = [];
  page.on("pageerror", (error) => troubles.push("error: " + error.message));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && troubles.push(message.text()));
  page.on("requestfailed", (request) => troubles.push("not loaded: " + request.url().slice(0, 200)));
  page.on("request", (request) => /^(file|data):/.test(request.url()) || troubles.push("network: " + request.url()));
  page.on("dialog", (dialog) => troubles.push("dialog: " + dialog.message()));
  await page.goto(pathToFileURL(join(folder, name)).href);
  await check(page, context);
  await context.close();
  assert.deepEqual(troubles.filter((text) => !allow(text)), []);
}

const texts = (page, selector) => page.locator(selector).allTextContents();
const names = (page) => page.locator("tbody td.name bdi").allTextContents();
const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.className);

test("the header shows the summary of the run", () => look("pictures.html", async (page) => {
  assert.equal(await page.title(), "holiday photos \u2013 edgegrad report");
  assert.deepEqual((await texts(page, "#figures dd")).slice(0, 3), ["6", "0", "2"]);
  assert.match((await texts(page, "#figures dd")).at(-1), /^[\d.,]+MP\/s$/);
  assert.equal(await page.locator("#command pre").textContent(), "edgegrad edges 'holiday photos/' edges/ --report report.html");
  assert.equal(await page.locator(".card").count(), 8);
  assert.equal(await page.locator("#stopped").isVisible(), false);
}));

test("failures show their reasons", () => look("pictures.html", async (page) => {
  assert.equal(await page.locator("#failed-title").textContent(), "2 files failed");
  const reasons = await texts(page, "#failures li span");
  assert.match(reasons[0], /^is .*not an image in a supported format/);
  assert.match(reasons[1], /^no such file/);
  await page.click(".card:has(.reason)");
  assert.equal(await page.locator("#nothing").textContent(), reasons[0]);
  assert.equal(await page.locator("#pair").isVisible(), false);
}));

test("the slider moves by mouse and by keys, arrows and buttons go on, Esc closes", () => look("pictures.html", async (page) => {
  await page.focus(".card >> nth=0");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.index), "1");
  await page.keyboard.press("Enter");
  const handle = page.locator("#handle"), value = async () => Number(await handle.getAttribute("aria-valuenow"));
  const clip = () => page.locator("#before").evaluate((image) => getComputedStyle(image).clipPath);
  assert.equal(await focused(page), "handle");
  assert.equal(await value(), 50);
  await page.keyboard.press("ArrowRight");
  assert.equal(await value(), 52);
  await page.keyboard.press("Shift+ArrowLeft");
  assert.equal(await value(), 42);
  assert.match(await clip(), /inset\(0(px|%)? calc\(?.*58%|inset\(0px 58% 0px 0px\)/);
  await page.keyboard.press("End");
  assert.equal(await value(), 100);
  const box = await page.locator("#pair").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 3);
  await page.mouse.down();
  assert.equal(await value(), 50);
  await page.mouse.move(box.x + box.width / 4, box.y + 20, { steps: 4 });
  assert.equal(await value(), 25);
  await page.mouse.move(box.x - 300, box.y + 20);
  assert.equal(await value(), 0);
  await page.mouse.up();
  await page.mouse.move(box.x + box.width / 2, box.y + 20);
  assert.equal(await value(), 0);
  const name = () => page.locator("#viewer-name").textContent();
  const first = await name();
  await page.keyboard.press("ArrowDown");
  assert.notEqual(await name(), first);
  await page.click("[data-step='-1']");
  assert.equal(await name(), first);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#viewer").isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.index), "1");
}));

test("the slider follows a finger", () => look("pictures.html", async (page) => {
  await page.tap(".card >> nth=1");
  const box = await page.locator("#pair").boundingBox();
  await page.touchscreen.tap(box.x + box.width * 0.8, box.y + box.height / 2);
  assert.equal(await page.locator("#handle").getAttribute("aria-valuenow"), "80");
}, { hasTouch: true }));

test("files are shown if they can be loaded, else thumbnails", async () => {
  const open = async (page) => {
    await page.click(".card:has-text('scene.jpg')");
    await page.waitForTimeout(400);
    return page.evaluate(() => ["before", "after"].map((id) => {
      const image = document.getElementById(id);
      return [image.dataset.shown, image.naturalWidth > 0, image.src.slice(0, 5)];
    }));
  };
  await look("pictures.html", async (page) => {
    assert.deepEqual(await open(page), [["full", true, "file:"], ["full", true, "file:"]]);
    assert.equal(await page.locator("#open-output").getAttribute("href"), "edges/scene.jpg.png");
  });
  renameSync(join(folder, "edges"), join(folder, "gone"));
  try {
    await look("pictures.html", async (page) => {
      assert.deepEqual(await open(page), [["full", true, "file:"], ["small", true, "data:"]]);
    }, { allow: (text) => /edges\/scene|ERR_FILE_NOT_FOUND/.test(text) });
  } finally {
    renameSync(join(folder, "gone"), join(folder, "edges"));
  }
});

test("columns sort, numbers as numbers, missing ones last", () => look("many.html", async (page) => {
  await page.click("[data-view=table]");
  assert.deepEqual((await names(page)).slice(0, 3), ["set 0/picture-0.jpg", "set 0/picture-5.jpg", "set 0/picture-10.jpg"]);
  const head = (name) => page.locator("th", { hasText: name });
  await head("Input").locator("button").click();
  assert.equal(await head("Input").getAttribute("aria-sort"), "ascending");
  assert.equal(await page.locator("th[aria-sort]").count(), 1);
  const sizes = await texts(page, "tbody td.input");
  assert.deepEqual(sizes.slice(0, 3), ["1\u00a0KB", "1.98\u00a0KB", "2.95\u00a0KB"]);
  await head("Input").locator("button").press("Enter");
  assert.equal(await head("Input").getAttribute("aria-sort"), "descending");
  assert.equal((await names(page))[0], `set ${(many - 1) % 5}/picture-${many - 1}.jpg`);
  for (const way of ["ascending", "descending"]) {
    await head("Pixels").locator("button").click();
    assert.equal(await head("Pixels").getAttribute("aria-sort"), way);
    assert.match((await texts(page, "tbody td.pixels"))[0], /1000/);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.waitForTimeout(150);
    assert.deepEqual((await texts(page, "tbody td.pixels")).slice(-3), ["", "", ""]);
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForTimeout(150);
  }
  await page.selectOption("#sort", "name");
  assert.match((await names(page))[0], /^set 4\/picture-99[0-9]/);
  await page.click("#turn");
  assert.equal((await names(page))[0], "set 0/picture-0.jpg");
}));

test("the contact sheet shows inputs beside outputs, in little space", async () => {
  await look("pictures.html", async (page) => {
    const heights = [await page.locator("#grid").evaluate((box) => box.offsetHeight)];
    await page.click("[data-view=contact]");
    assert.equal(await page.locator("#grid").isVisible(), false);
    assert.equal(await page.locator(".pair-card").count(), 8);
    await page.waitForFunction(() => [...document.querySelectorAll(".pair-card img")].every((image) => image.naturalWidth > 0));
    const pair = page.locator(".pair-card", { hasText: "scene.jpg" });
    const [before, after] = await pair.locator("img").evaluateAll((images) => images.map((image) => image.getBoundingClientRect().toJSON()));
    assert.ok(before.right <= after.left && before.top === after.top);
    heights.push(await page.locator("#contact").evaluate((box) => box.offsetHeight));
    assert.ok(heights[1] < heights[0] / 2, `${heights}`);
    assert.equal(await page.locator(".pair-card .reason").count(), 2);
    await page.fill("#search", "scene");
    assert.equal(await page.locator(".pair-card").count(), 1);
    await pair.click();
    assert.equal(await page.locator("#viewer-name").textContent(), await pair.locator(".name").textContent());
    await page.keyboard.press("Escape");
    assert.ok(await page.evaluate(() => document.activeElement.classList.contains("pair-card")));
    await page.click("[data-view=grid]");
    assert.equal(await page.locator("#contact").isVisible(), false);
  });
  await look("many.html", async (page) => {
    await page.click("[data-view=contact]");
    assert.ok(await page.locator(".pair-card").count() < many);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.waitForTimeout(150);
    assert.equal(await page.locator(".pair-card .name").last().textContent(), `set ${(many - 1) % 5}/picture-${many - 1}.jpg`);
  });
  await look("many.html", async (page) => { /* the other files show no entry of the sheet until it is chosen */
    assert.equal(await page.locator(".pair-card").count(), 0);
  });
});

test("search and outcomes filter", () => look("many.html", async (page) => {
  await page.fill("#search", "PICTURE-99 set");
  assert.equal(await page.locator("#count").textContent(), "11 of 1,000 files");
  assert.equal(await page.locator(".card").count(), 11);
  await page.click("[data-outcome=failed]");
  const failed = [99, ...Array.from({ length: 10 }, (_, i) => 990 + i)].filter((n) => n % 7 === 3);
  assert.equal(await page.locator(".card").count(), failed.length);
  await page.fill("#search", "stops early");
  assert.equal(await page.locator("#count").textContent(), "143 of 1,000 files");
  await page.fill("#search", "no such thing");
  assert.equal(await page.locator("#count").textContent(), "No matches.");
  assert.equal(await page.locator(".card").count(), 0);
  await page.fill("#search", "");
  await page.click("[data-outcome=all]");
  await page.click("#failures button.link");
  assert.equal(await page.locator("[data-outcome=failed]").getAttribute("aria-pressed"), "true");
  assert.equal(await page.locator("tbody td.name small >> nth=0").textContent(), "is damaged: the picture data stops early");
}));

test("the theme follows the system and the switch, which is stored", () => look("pictures.html", async (page) => {
  const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = (colour) => colour.match(/\d+/g).slice(0, 3).every((part) => part > 200);
  assert.equal(light(await back()), false);
  await page.emulateMedia({ colorScheme: "light" });
  await page.waitForFunction(() => document.documentElement.dataset.theme === "light");
  assert.equal(light(await back()), true);
  await page.click("#theme");
  assert.equal(light(await back()), false);
  assert.equal(await page.locator("#theme").getAttribute("aria-pressed"), "true");
  await page.reload();
  assert.equal(light(await back()), false);
}, { colorScheme: "dark" }));

// The limits are wide; they catch work that grows with the number of records.
for (const view of ["grid", "table"])
  test(`a thousand records stay fluid as ${view === "grid" ? "pictures" : "a table"}`, () => look("many.html", async (page) => {
    await page.click(`[data-view=${view}]`);
    const walk = () => page.evaluate(async () => {
      const frames = [], next = () => new Promise(requestAnimationFrame);
      let images = 0, elements = 0, last = await next();
      const bottom = document.body.scrollHeight - innerHeight, steps = 120;
      for (let i = 1; i <= steps; i++) {
        scrollTo(0, (bottom * i) / steps);
        const now = await next();
        frames.push(now - last);
        last = now;
        images = Math.max(images, document.images.length);
        elements = Math.max(elements, document.querySelectorAll("main *").length);
      }
      frames.sort((a, b) => a - b);
      return { images, elements, bottom, usual: frames[steps / 2], slow: frames[Math.floor(steps * 0.95)] };
    });
    let seen = await walk();
    const fluid = () => seen.usual < 60 && seen.slow < 250;
    for (let i = 0; i < 3 && !fluid(); i++) seen = await walk(); /* the machine may be busy with other things */
    assert.ok(seen.bottom > 10000, `only ${seen.bottom} pixels to scroll`);
    assert.ok(seen.images < 120, `${seen.images} pictures at a time`);
    assert.ok(seen.elements < 1500, `${seen.elements} elements at a time`);
    assert.ok(fluid(), `frames of ${seen.usual} and ${seen.slow} ms`);
    const last = view === "grid" ? ".card >> nth=-1" : "tbody td.name >> nth=-1";
    await page.waitForTimeout(150);
    assert.match(await page.locator(last).textContent(), /picture-999|picture-994/);
  }));

test("hostile names are shown as text", () => look("hostile.html", async (page) => {
  const shown = new Set(await texts(page, ".card .name"));
  for (const name of ["</script><script>window.broken=1</script>", "<img src=x onerror=window.broken=2>", "\"><svg onload=window.broken=3>",
    "quote\"apostrophe'back\\slash", "two\u240alines\u2409and\u241b[31mred", "wrong \\xff\\xfe bytes", "separators \u27e8U+2028\u27e9 and \u27e8U+2029\u27e9",
    "turned \u27e8U+202E\u27e9gnp.exe", "<!--<script>", "\u{1f3d4} \u5c71.jpg"])
    assert.ok(shown.has(name), name);
  assert.equal(await page.locator("h1").textContent(), "<img src=x onerror=window.broken=7>");
  await page.click("[data-view=table]");
  await page.click("tbody tr >> nth=1");
  const links = new Set();
  for (let i = 0; i < 12; i++) {
    for (const link of await page.locator("#viewer a[href]").all()) links.add(await link.evaluate((a) => a.href));
    await page.keyboard.press("ArrowDown");
  }
  assert.ok(links.size >= 6);
  for (const link of links) assert.match(link, /^file:\/\/\//);
  assert.equal(await page.evaluate(() => window.broken), undefined);
  assert.equal(await page.evaluate(() => document.querySelectorAll("script:not([type])").length), 1);
  assert.equal(await page.evaluate(() => document.querySelectorAll("script.record").length), 12);
}, { allow: (text) => /not loaded: file:|ERR_FILE_NOT_FOUND/.test(text) }));

test("links of merged pages lead to the same files", () => look("edges/merged.html", async (page) => {
  assert.equal(await page.locator("[data-outcome=all] b").textContent(), "1,008");
  assert.match(await page.locator("#when").textContent(), /2 runs/);
  await page.fill("#search", "scene.jpg");
  await page.click(".card");
  await page.waitForTimeout(400);
  assert.deepEqual(await page.evaluate(() => ["before", "after"].map((id) => document.getElementById(id).dataset.shown)), ["full", "full"]);
}));

test("nothing overflows a narrow window", () => look("many.html", async (page) => {
  for (const view of ["grid", "table"]) {
    await page.click(`[data-view=${view}]`);
    assert.equal(await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth > 0), false, view);
    if (view === "table") {
      const [block_writer, last] = await page.evaluate(() => [document.getElementById("block_writer"), [...document.querySelectorAll("tbody tr:nth-child(3) td")]
        .findLast((cell) => cell.offsetWidth)].map((one) => one.getBoundingClientRect().right));
      assert.ok(block_writer - last < 3, "the table leaves room at its end");
    }
    await page.locator(view === "grid" ? ".card >> nth=1" : "td.name button >> nth=1").click();
    const stage = await page.locator("#pair").boundingBox();
    assert.ok(stage.x >= 0 && stage.x + stage.width <= 360 && stage.height > 100);
    await page.keyboard.press("Escape");
  }
}, { viewport: { width: 360, height: 700 } }));

test("all records are printed", () => look("many.html", async (page) => {
  await page.fill("#search", "0/PICTURE");
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await page.locator(".card").count(), many / 5);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.ok((await page.locator(".card").count()) < 60);
}));

test("every control has a name", () => look("pictures.html", async (page) => {
  await page.click("[data-view=table]");
  await page.click("tbody tr >> nth=1");
  const nameless = await page.evaluate(() => [...document.querySelectorAll("button, input, select, [role=slider], a[href]")]
    .filter((one) => !(one.textContent.trim() || one.ariaLabel || one.labels?.length)).map((one) => one.outerHTML));
  assert.deepEqual(nameless, []);
}));
