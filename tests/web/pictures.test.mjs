// SPDX-License-Identifier: MIT
// The part "pictures": its pixels and lines are those of the command, it follows mouse, keys and the language, and bad
// input leaves what was there.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build, checkAccess, folder, look, startBrowser } from "./browser.mjs";
import { scene, writePng } from "./png.mjs";

const small = join(folder, "small photo.png"), large = join(folder, "large.png"), long = join(folder, `${"long name ".repeat(15)}.png`);
let browser;

before(async () => {
  writePng(small, 320, 240, scene(320));
  writePng(large, 1500, 1100, scene(1500));
  writeFileSync(join(folder, "broken.png"), readFileSync(small).subarray(0, 600));
  writeFileSync(join(folder, "text.png"), "no picture");
  writeFileSync(join(folder, "empty.png"), "");
  writeFileSync(long, readFileSync(small));
  writeFileSync(join(folder, "hills.asc"), "ncols 3");
  browser = await startBrowser(["--use-fake-device-for-media-stream"]);
});

after(() => browser?.close());

const caption = (page) => page.locator("#panel-pictures .caption").first();
const notice = (page) => page.locator("#panel-pictures .notice");
const commands = (page) => page.locator("#panel-pictures pre").textContent();
const command = async (page) => (await commands(page)).split("\n")[0];
const slider = (page, name) => page.getByRole("slider", { name, exact: true });
const value = async (place) => Number(await place.getAttribute("aria-valuenow"));

// Waits until the edges of the whole picture are shown.
async function settled(page, text = /edges/) {
  await page.locator("#panel-pictures .caption[data-state=whole]").filter({ hasText: text }).waitFor();
}

async function open(page, file, text) {
  await page.locator("input[type=file]").setInputFiles(file);
  await settled(page, text);
}

async function saved(page, button, name) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.click(`text=${button}`)]);
  const path = join(folder, name);
  await file.saveAs(path);
  return path;
}

// Returns the number of pixels that differ between two pictures, which the browser decodes.
function differences(page, first, second) {
  return page.evaluate(async (files) => {
    const [a, b] = await Promise.all(files.map(async (text) => {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes]), { colorSpaceConversion: "none" });
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
      context.drawImage(bitmap, 0, 0);
      return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
    }));
    let count = Math.abs(a.length - b.length);
    for (let i = 0; i < a.length; i += 4) count += a[i] !== b[i] || a[i + 1] !== b[i + 1] || a[i + 2] !== b[i + 2];
    return count;
  }, [first, second].map((path) => readFileSync(path).toString("base64")));
}

// Runs the command line of the page in a shell.
function run(line, output) {
  const program = join(build, "edgegrad");
  const shell = line.replace(/^edgegrad/, `'${program}' --overwrite`).replace("edges.png", output);
  execFileSync("sh", ["-c", shell], { cwd: folder });
  return join(folder, output);
}

const STATES = ["", "sigma=1.2", "low=2.5&high=9", "high=6&thickness=3&paint=invert", "low=3", "method=boundary", "method=boundary&low=20&high=60",
  "method=ridge", "method=ridge&low=1&high=4", "method=ridge&low=2&paint=direction", "method=threshold&low=2&high=8", "paint=overlay&colour=%2300c853", "paint=direction&sigma=3"];

test("downloads are the files that the command line of the page writes", () => look(browser, "#pictures", async (page) => {
  await settled(page);
  await open(page, small, /320 × 240/);
  for (const state of STATES) {
    const before = await command(page);
    await page.evaluate((text) => { location.hash = `#pictures?${text}`; }, state);
    if (state) await page.waitForFunction((text) => document.querySelector("#panel-pictures pre").textContent !== text, before);
    const line = await command(page);
    const differing = await differences(page, await saved(page, "Download PNG", "page.png"), run(line, "command.png"));
    assert.equal(differing, 0, `${state}: ${line}`);
  }
}));

test("lines are the command's bytes", () => look(browser, "#pictures?sigma=2", async (page) => {
  await settled(page);
  await open(page, small, /320 × 240/);
  const svg = await saved(page, "Download SVG", "page.svg");
  const line = (await commands(page)).split("\n")[1];
  assert.equal(readFileSync(svg, "utf8"), readFileSync(run(line.replace("edges.svg", "edges.png"), "command.svg"), "utf8"));
}));

test("a large picture has a preview, then the whole", () => look(browser, "#pictures?high=7", async (page) => {
  await settled(page);
  await page.evaluate(() => {
    window.seen = [];
    new MutationObserver(() => window.seen.push(document.querySelector("#panel-pictures .caption").textContent))
      .observe(document.querySelector("#panel-pictures .caption"), { childList: true });
  });
  await open(page, large, /1,500 × 1,100/);
  await slider(page, "Sigma").focus();
  for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowRight"); // each takes the place of the one before
  await page.locator("#panel-pictures .caption[data-state=preview]").waitFor();
  await settled(page);
  const before = await command(page);
  await slider(page, "High threshold on the histogram").focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction((text) => !document.querySelector("#panel-pictures pre").textContent.startsWith(text), before);
  assert.match((await page.evaluate(() => window.seen)).find((text) => text.includes("1,500")), /preview of 1,16\d × 85\d; the whole follows/);
  const png = await saved(page, "Download PNG", "page.png");
  assert.equal(await differences(page, png, run(await command(page), "command.png")), 0);
}));

test("thresholds move by mouse and by keys, and are in the address", () => look(browser, "#pictures", async (page) => {
  await settled(page);
  const low = slider(page, "Low threshold on the histogram"), high = slider(page, "High threshold on the histogram");
  const chosen = await value(high), edges = await caption(page).textContent();
  await high.focus();
  await page.keyboard.press("Shift+ArrowRight");
  await page.waitForFunction((text) => document.querySelector("#panel-pictures .caption").textContent !== text, edges);
  assert.ok(await value(high) > 1.1 * chosen);
  await page.waitForFunction(() => /high=/.test(location.hash));
  const box = await page.locator(".plot").boundingBox();
  await page.mouse.move(box.x + 0.2 * box.width, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.1 * box.width, box.y + 20, { steps: 3 });
  await page.mouse.up();
  assert.ok(await value(low) < 0.5 * chosen);
  await page.mouse.click(box.x + 0.95 * box.width, box.y + 20);
  assert.ok(await value(high) > 5 * chosen);
  await page.getByRole("button", { name: "High threshold: automatic" }).click();
  await page.getByRole("button", { name: "Low threshold: automatic" }).click();
  await page.waitForFunction((text) => document.querySelector("#panel-pictures .caption").textContent === text, edges);
}));

test("the divider and the picture move by mouse, wheel and keys", () => look(browser, "#pictures", async (page) => {
  await settled(page);
  const divider = page.locator(".divider"), box = await page.locator(".viewer").boundingBox();
  await divider.focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await value(divider), 52);
  await page.keyboard.press("End");
  assert.equal(await value(divider), 100);
  await page.mouse.move(box.x + box.width - 2, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 4, box.y + 40, { steps: 4 });
  await page.mouse.up();
  assert.equal(await value(divider), 25);
  await page.locator(".viewer canvas").focus();
  for (let i = 0; i < 8; i++) await page.keyboard.press("+");
  await page.keyboard.press("ArrowRight");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.locator("#panel-pictures .caption[role=status]").filter({ hasText: /Pixel \d+, \d+: the brightness rises by/ }).waitFor();
  await page.mouse.move(2, 2);
  await page.click("text=Pixels");
  await page.locator("#panel-pictures .caption[role=status]").filter({ hasText: /Pixel \d+, \d+: / }).waitFor();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.locator(".viewer canvas").focus();
  await page.keyboard.press("0");
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -300);
  await page.keyboard.up("Control");
  assert.equal(await page.locator(".viewer.closer").count(), 1);
}));

test("numbers have the decimal comma of the language", () => look(browser, "#pictures?sigma=2.5", async (page) => {
  await settled(page);
  const field = page.getByRole("textbox", { name: "Sigma, number" });
  assert.equal(await field.inputValue(), "2,5");
  await field.fill("1,75");
  await field.press("Enter");
  await page.waitForFunction(() => location.hash.includes("sigma=1.75"));
  assert.match(await command(page), /--sigma 1\.75/);
  await field.fill("many");
  await field.press("Enter");
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  assert.match(await command(page), /--sigma 1\.75/);
}, { locale: "de-DE" }));

test("bad files are refused in one line, and the picture stays", () => look(browser, "#pictures", async (page) => {
  await settled(page);
  const before = await caption(page).textContent();
  const words = {
    "text.png": /is not a picture that the browser can read/, "broken.png": /or it is damaged$/, "empty.png": /the file is empty$/,
    "hills.asc": /are opened on the tab Terrain$/,
  };
  for (const [name, text] of Object.entries(words)) {
    await page.locator("input[type=file]").setInputFiles(join(folder, name));
    await notice(page).filter({ hasText: name }).waitFor();
    assert.match(await notice(page).textContent(), text);
    assert.equal(await caption(page).textContent(), before);
  }
  await open(page, small, /320 × 240/);
  assert.equal(await notice(page).isVisible(), false);
}));

test("a sigma that the command refuses is refused with its words", () => look(browser, "#pictures?sigma=100", async (page) => {
  await settled(page);
  await page.locator("input[type=file]").setInputFiles(join(folder, "small photo.png"));
  await settled(page, /320 × 240/);
  writePng(join(folder, "tiny.png"), 9, 7, () => [1, 2, 3]);
  await page.locator("input[type=file]").setInputFiles(join(folder, "tiny.png"));
  await notice(page).filter({ hasText: "sigma 100 is too large for 9 x 7 pixels" }).waitFor();
  await page.getByRole("button", { name: "Sigma: automatic" }).click();
  await settled(page, /9 × 7/);
  assert.equal(await notice(page).isVisible(), false);
}));

test("files can be dropped and pasted", () => look(browser, "#pictures", async (page) => {
  await settled(page);
  const give = (kind, name) => page.evaluate(({ text, kind, name }) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)), data = new DataTransfer();
    data.items.add(new File([bytes], name, { type: "image/png" }));
    if (kind === "drop") document.querySelector(".viewer").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
    else document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data }));
  }, { text: readFileSync(small).toString("base64"), kind, name });
  for (const kind of ["drop", "paste"]) {
    await give(kind, `${kind}.png`);
    await page.locator("#panel-pictures pre").filter({ hasText: `edgegrad ${kind}.png` }).waitFor();
  }
}));

test("of several pictures the first is shown, and the others can be chosen", () => look(browser, "#pictures", async (page) => {
  await settled(page);
  const list = page.getByRole("combobox", { name: "Picture shown, of those that were given" });
  await page.locator("#panel-pictures input[type=file]").setInputFiles([small, join(folder, "text.png"), large]);
  await settled(page, /320 × 240/);
  assert.deepEqual(await list.locator("option").allTextContents(), ["1 of 3: small photo.png", "2 of 3: text.png", "3 of 3: large.png"]);
  await list.selectOption({ index: 1 });
  await notice(page).filter({ hasText: "text.png" }).waitFor();
  await list.selectOption({ index: 2 });
  await settled(page, /1,500 × 1,100/);
  await checkAccess(page);
  await page.locator("#panel-pictures input[type=file]").setInputFiles([long, small]);
  await settled(page, /320 × 240/);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "a long name is cut");
  await page.getByRole("button", { name: "Sample" }).click();
  await settled(page, /600 × 400/);
  assert.equal(await list.isVisible(), false);
}, { bypassCSP: true, viewport: { width: 360, height: 800 } }));

test("a file that is dropped where nothing takes it does not replace the page", () => look(browser, "#functions", async (page) => {
  await page.locator("#panel-functions").waitFor();
  const isKept = await page.evaluate(() => ["dragover", "drop"].map((name) => {
    const data = new DataTransfer();
    data.items.add(new File(["x"], "x.png", { type: "image/png" }));
    return !document.querySelector("h1").dispatchEvent(new DragEvent(name, { dataTransfer: data, bubbles: true, cancelable: true }));
  }));
  assert.deepEqual(isKept, [true, true]);
}));

test("boundary has a smaller preview, and the whole follows", () => look(browser, "#pictures?method=boundary", async (page) => {
  await settled(page);
  await page.locator("#panel-pictures input[type=file]").setInputFiles(large);
  await caption(page).filter({ hasText: /A preview of 58\d × 42\d/ }).waitFor();
  await settled(page, /1,500 × 1,100/);
  const png = await saved(page, "Download PNG", "page.png");
  assert.equal(await differences(page, png, run(await command(page), "command.png")), 0);
}));

test("the histogram says what it counts", () => look(browser, "#pictures?method=ridge", async (page) => {
  await settled(page);
  const high = slider(page, "High threshold on the histogram");
  assert.match(await high.getAttribute("aria-valuetext"), /levels per pixel squared$/);
  assert.equal(await page.getByRole("radio", { name: "Direction" }).isDisabled(), true);
  await page.getByRole("radio", { name: "Threshold" }).check({ force: true });
  await page.locator(".histogram").filter({ hasText: "Blue ones are marked" }).waitFor();
  assert.equal(await slider(page, "Low threshold on the histogram").isVisible(), false);
}));

test("the camera shows its edges, and a picture can be kept", () => look(browser, "#pictures", async (page) => {
  await settled(page);
  await page.click("text=Camera");
  await page.locator("#panel-pictures pre").filter({ hasText: "camera.png" }).waitFor();
  await page.click("text=Keep this picture");
  await page.locator("#panel-pictures button[aria-pressed=false]").filter({ hasText: "Camera" }).waitFor();
  await settled(page);
}, { permissions: ["camera"] }));

test("a camera that is refused is named", () => look(browser, "#pictures", async (page) => {
  await settled(page);
  await page.click("text=Camera");
  await notice(page).filter({ hasText: "The camera was refused" }).waitFor();
}, {
  before: (page) => page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
  }),
}));

test("without workers the page computes itself", () => look(browser, "#pictures", async (page) => {
  await settled(page);
  assert.match(await caption(page).textContent(), /600 × 400 pixels, 5,4\d\d of them edges/);
}, { before: (page) => page.addInitScript(() => { delete window.Worker; }) }));
