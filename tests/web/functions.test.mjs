// SPDX-License-Identifier: MIT
// Tests the part about functions: its numbers and words are the command's, and it can be used without a mouse.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build, checkAccess, edgegrad, folder, look, startBrowser } from "./browser.mjs";

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

const link = (values) => `#functions?${new URLSearchParams(values)}`;
const json = (...words) =>
  JSON.parse(spawnSync(join(build, "edgegrad"), [...words, "--json"], { encoding: "utf8" }).stdout);
const plain = (text) => text.replaceAll("\u2212", "-");

// Returns the value that stands beside a name in a list of numbers.
async function beside(page, name, within = ".numbers") {
  const row = page
    .locator(`${within} dl > div`)
    .filter({ has: page.locator(`dt:text-is("${name}")`) })
    .first();
  await row.waitFor();
  return plain(await row.locator("dd").textContent());
}

// Rounds a number of the command's JSON, which has 20 digits, to the seven that the page shows.
const seven = (value) => String(Number(value.toPrecision(7)));

// Waits until a view is drawn.
async function ready(page, picture = ".drawing path.level") {
  await page.locator(picture).first().waitFor({ state: "attached" });
}

// Goes to another state of the part, as by a link. The part is built anew, so nothing of the old state is left.
async function visit(page, values) {
  const old = await page.locator(".panel").elementHandle();
  await page.evaluate((fragment) => {
    location.hash = fragment;
  }, link(values));
  await page.waitForFunction((element) => !element.isConnected, old);
}

const points = [
  ["x^2 + 3*y^2", "1", "1"],
  ["sin(x)*cos(y)", "0.3", "pi/5"],
  ["(1 - x)^2 + 100*(y - x^2)^2", "-0.5", "1.25"],
  ["exp(x*y)/(1 + x^2)", "0.7", "-0.4"],
  ["x^2 - y^2", "0", "0"],
];

test("value, derivatives, gradient, plane and slope are the command's", async () => {
  await look(browser, link({}), async (page) => {
    for (const [f, x, y] of points) {
      await visit(page, { f, x, y, angle: 30 });
      const told = json("surface", f, "--at", `x=${x},y=${y}`, "--along", "cos(30*pi/180),sin(30*pi/180)");
      const vector = (numbers) => `(${numbers.map(seven).join(", ")})`;
      assert.equal(await beside(page, "f"), seven(told.value));
      for (const name of ["x", "y"]) {
        const { formula, value } = told.partials[name];
        assert.equal(
          await beside(page, `\u2202f/\u2202${name}`),
          formula === seven(value) ? formula : `${formula} = ${seven(value)}`,
        );
      }
      assert.equal(await beside(page, "\u2207f"), vector(told.gradient.vector));
      assert.ok((await beside(page, "|\u2207f|")).startsWith(seven(told.gradient.norm)));
      assert.equal(await beside(page, "slope"), seven(told.along.slope));
      assert.equal(await beside(page, "eigenvalues"), vector(told.hessian.eigenvalues));
      const report = edgegrad("surface", f, "--at", `x=${x},y=${y}`).toString();
      assert.equal(await beside(page, "tangent plane"), report.match(/^ {2}tangent +(z = .*)$/m)[1]);
      assert.equal(await beside(page, "verdict"), report.match(/^ {2}verdict +(.*)$/m)[1]);
    }
  });
});

test("points without a gradient have the command's message", async () => {
  const kinks = [
    ["sqrt(x^2 + y^2)", "0", "0"],
    ["x*y/(x^2 + y^2)", "0", "0"],
    ["ln(x) + y", "-1", "0"],
    ["1/x + y", "0", "1"],
    ["abs(x) + y", "0", "1"],
    ["floor(x) + y", "1", "0"],
    ["sqrt(x) + y", "0", "0"],
  ];
  await look(browser, link({}), async (page) => {
    for (const [f, x, y] of kinks) {
      await visit(page, { f, x, y });
      const { stderr } = spawnSync(join(build, "edgegrad"), ["surface", f, "--at", `x=${x},y=${y}`], {
        encoding: "utf8",
      });
      const expected = stderr.trim().replace(/^edgegrad: /, "");
      const message = page.locator(".message.plain");
      // Until the new formula is judged, the message of the one before is there.
      await message.filter({ hasText: expected }).waitFor({ timeout: 10000 }).catch(() => {});
      assert.equal(await message.textContent(), expected);
      await page.getByText("There is no gradient here").waitFor();
    }
  });
});

test("the slope along the gradient is its length, along the level curve 0", () =>
  look(browser, link({ f: "x^2 + x*y + 2*y^2", x: "0.3", y: "0.7" }), async (page) => {
    await ready(page);
    await page.getByRole("button", { name: "Along \u2207f" }).click();
    await page.waitForFunction(() => location.hash.includes("angle=gradient"));
    const norm = seven(json("surface", "x^2 + x*y + 2*y^2", "--at", "x=0.3,y=0.7").gradient.norm);
    await page.locator(".numbers dd b.large", { hasText: norm }).waitFor();
    await page.getByRole("button", { name: "Along the level curve" }).click();
    await page.waitForFunction(() => [...document.querySelectorAll(".numbers dd b.large")].at(0).textContent === "0");
  }));

test("the chain rule is the command's", () =>
  look(browser, link({ view: "chain", f: "x^2*y + y", xt: "t*cos(t)", yt: "exp(t/3)", t: "1.5" }), async (page) => {
    await ready(page);
    const told = json("surface", "x^2*y + y", "--with", "x=t*cos(t)", "--with", "y=exp(t/3)", "--at", "t=1.5");
    const cells = (row) => page.locator(`.numbers tbody tr:nth-child(${row}) td`).allTextContents();
    for (const [index, path] of told.chain.paths.entries()) {
      const [, factors, product] = (await cells(index + 1)).map(plain);
      assert.equal(
        factors,
        path.factors.map((factor) => (factor < 0 ? `(${seven(factor)})` : seven(factor))).join(" \u00b7 "),
      );
      assert.equal(product, seven(path.product));
    }
    assert.equal(plain(await page.locator(".numbers tfoot td").textContent()), seven(told.partials.t.value));
    const slider = page.getByRole("slider", { name: "t along the curve" });
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => location.hash.includes("t=1.51"));
  }));

const runs = [
  ["x^2 + 10*y^2", "5,5", "0.11"],
  ["x^2 + 10*y^2", "5,5", "0.09"],
  ["(1 - x)^2 + 100*(y - x^2)^2", "-1.2,1", "0.001"],
  ["x^2 - y^2", "1,0", "0.1"],
];

test("descent ends where the command ends, for its reasons", async () => {
  await look(browser, link({}), async (page) => {
    for (const [f, start, rate] of runs) {
      await visit(page, {
        view: "descent",
        f,
        sx: start.split(",")[0],
        sy: start.split(",")[1],
        rate,
        methods: "gd,adam",
        range: "-6,6,-6,6",
      });
      await page.locator(".run").first().waitFor();
      for (const method of ["gd", "adam"]) {
        const told = json("descent", f, "--from", start, "--rate", rate, "--method", method);
        const card = plain(await page.locator(`.run.${method}`).textContent());
        assert.ok(card.includes(`${told.steps} step`), card);
        for (const number of [told.value, told.x.x, told.x.y])
          assert.ok(card.includes(general(number)), `${general(number)} in ${card}`);
        for (const text of [...told.remarks, told.end].filter(Boolean))
          assert.ok(card.includes(text), `${text} in ${card}`);
      }
    }
  });
});

// Writes a number as %.7g does.
const general = (value) => execFileSync("printf", ["%.7g", String(value)], { encoding: "utf8" });

test("divergence is shown and explained", () =>
  look(
    browser,
    link({ view: "descent", f: "x^2 + 10*y^2", sx: "5", sy: "5", rate: "0.11", methods: "gd" }),
    async (page) => {
      await page.locator(".run.gd .verdict", { hasText: "diverges" }).waitFor();
      await page
        .getByText("rate 0.11 exceeds 2/\u03bbmax = 0.1 here; try --rate 0.0909: it converges in 138 steps")
        .waitFor();
      const rate = page.getByRole("slider", { name: "Learning rate" });
      await rate.focus();
      for (let i = 0; i < 20; i++) await page.keyboard.press("ArrowLeft");
      await page.locator(".run.gd .verdict", { hasText: "reached a minimum" }).waitFor();
    },
  ));

test("a fit is the command's", () =>
  look(
    browser,
    link({
      view: "fit",
      model: "a*exp(b*x)",
      fit: "a=40,b=-0.1",
      fitters: "lm",
      table: "x;y\n0;61,8\n2;48,9\n4;40,3\n6;31,9\n8;26,4\n10;20,7\n12;17,3\n14;13,6",
    }),
    async (page) => {
      await page.locator(".run.lm").waitFor();
      const file = join(folder, "cooling.csv");
      writeFileSync(file, "x,y\n0,61.8\n2,48.9\n4,40.3\n6,31.9\n8,26.4\n10,20.7\n12,17.3\n14,13.6\n");
      const told = json("descent", "--model", "a*exp(b*x)", "--data", file, "--target", "y", "--from", "a=40,b=-0.1");
      for (const name of ["a", "b"]) assert.ok((await beside(page, name, ".run.lm")).startsWith(general(told.x[name])));
      assert.equal(await beside(page, "mean squared error", ".run.lm"), general(told.value));
      assert.equal(await page.locator(".data circle").count(), 8);
      await page.locator(".areas path").first().waitFor({ state: "attached" });
      await page.getByLabel(/^Table/).fill("x\ty\n1\t2\n3\tfour");
      await page.getByText("line 3, column 2: 'four' is not a number").waitFor();
      assert.equal(await page.locator(".data circle").count(), 8);
    },
  ));

test("a formula half typed has the command's message, and the picture stays", () =>
  look(browser, link({ f: "x^2 + y^2" }), async (page) => {
    await ready(page);
    const field = page.getByRole("textbox", { name: "Function" });
    for (const text of ["x^2 +", "x^2 + sin(", "x^2 + q", "1/2x", ""]) {
      await field.fill(text);
      const { stderr } = spawnSync(join(build, "edgegrad"), ["surface", text, "--at", "x=1,y=1"], { encoding: "utf8" });
      const message = page.locator(".formula .message span");
      await page.waitForFunction(
        (old) =>
          document.querySelector(".formula input").getAttribute("aria-invalid") === "true" &&
          document.querySelector(".formula .message span").textContent !== old,
        await field.getAttribute("data-last"),
      );
      const words = await message.textContent();
      if (text.includes("q")) assert.match(words, /unknown name 'q'/);
      else assert.equal(words, stderr.split("\n")[0].replace(/^edgegrad: /, ""));
      await field.evaluate((input, last) => input.setAttribute("data-last", last), words);
      assert.ok((await page.locator(".drawing path.level").count()) > 3);
      assert.match(await page.evaluate(() => location.hash), /f=x%5E2\+%2B\+y%5E2/);
    }
    await field.fill("x*y");
    await page.locator(".numbers code", { hasText: "y" }).first().waitFor();
    await page.waitForFunction(() => location.hash.includes("f=x*y"));
    assert.equal(await field.getAttribute("aria-invalid"), "false");
  }));

test("the point and the direction move by keys, and keep the focus", () =>
  look(browser, link({ f: "x^2 + 3*y^2", x: "1", y: "1" }), async (page) => {
    await ready(page);
    const point = page.getByRole("slider", { name: "Point" });
    await point.focus();
    for (const key of ["ArrowRight", "ArrowUp", "Shift+ArrowLeft"]) await page.keyboard.press(key);
    await page.waitForFunction(() => /x=0\.1&y=1\.1&/.test(location.hash));
    await page.waitForFunction(() =>
      document.activeElement.getAttribute("aria-valuetext").startsWith("x = 0.1, y = 1.1, f = 3.64"),
    );
    assert.equal(await page.getByLabel("x", { exact: true }).inputValue(), "0.1");
    const needle = page.getByRole("slider", { name: "Direction in degrees" });
    await needle.focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Shift+ArrowUp");
    await page.waitForFunction(() => location.hash.includes("angle=46"));
    assert.equal(await needle.getAttribute("aria-valuenow"), "46");
  }));

test("the point is dragged, and a click starts the descent", () =>
  look(browser, link({ f: "x^2 + 3*y^2" }), async (page) => {
    await ready(page);
    const box = await page.locator(".drawing").first().boundingBox();
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.4);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.7, { steps: 5 });
    await page.mouse.up();
    await page.waitForFunction(() => {
      const values = new URLSearchParams(location.hash.split("?")[1]);
      return Number(values.get("x")) < -0.5 && Number(values.get("y")) < -0.5;
    });
    await page.getByRole("tab", { name: "Descent" }).click();
    await page.locator(".run").first().waitFor();
    // The animation may have ended before anybody looks, so the page itself notes that it ran.
    await page.evaluate(() => {
      const button = document.querySelector(".play");
      const watch = () => { window.hasPlayed ||= button.textContent === "Pause"; };
      new MutationObserver(watch).observe(button, { subtree: true, childList: true, characterData: true });
    });
    const map = await page.locator(".drawing").first().boundingBox();
    await page.mouse.click(map.x + map.width * 0.7, map.y + map.height * 0.3);
    await page.waitForFunction(() => Number(new URLSearchParams(location.hash.split("?")[1]).get("sx")) < 2.4);
    await page.waitForFunction(() => window.hasPlayed);
  }));

test("with reduced motion there is a slider of steps only", () =>
  look(
    browser,
    link({ view: "descent" }),
    async (page) => {
      await page.locator(".run").first().waitFor();
      assert.equal(await page.locator(".play").isVisible(), false);
      const steps = page.getByRole("slider", { name: "Step", exact: true });
      await steps.focus();
      await page.keyboard.press("Home");
      assert.equal(await steps.getAttribute("aria-valuetext"), "0 of 521");
    },
    { reducedMotion: "reduce" },
  ));

test("numbers have the language's decimal comma", () =>
  look(
    browser,
    link({ f: "x^2 + 3*y^2", x: "0.5", y: "-0.25" }),
    async (page) => {
      await ready(page);
      assert.equal(await beside(page, "\u2207f"), "(1; -1,5)");
      const field = page.getByLabel("x", { exact: true });
      assert.equal(await field.inputValue(), "0,5");
      await field.fill("1,25");
      await page.waitForFunction(() => location.hash.includes("x=1.25"));
    },
    { locale: "de-DE" },
  ));

test("a picture is saved as an SVG file of its own", () =>
  look(browser, link({ f: "x^2 - y^2" }), async (page) => {
    await ready(page);
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save SVG" }).first().click();
    const text = readFileSync(await (await saved).path(), "utf8");
    assert.match(text, /^<\?xml .*<svg [^>]*xmlns=/s);
    assert.match(text, /stroke="rgb\(/);
    assert.doesNotMatch(text, /class=|var\(|data-handle/);
  }));

test("nothing hinders access, in either theme and width", () =>
  look(browser, link({}), async (page) => {
    for (const [view, colorScheme, width] of [
      ["point", "light", 1440],
      ["chain", "dark", 390],
      ["descent", "dark", 1440],
      ["fit", "light", 390],
    ]) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await visit(page, { view });
      await ready(page, ".areas path");
      await page.waitForTimeout(200);
      await checkAccess(page);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    }
  }));

test("the chain rule is not claimed where a derivative is missing", () =>
  look(browser, link({}), async (page) => {
    for (const [f, xt, yt, words] of [
      ["abs(x) + y", "t", "t", "f: at x = 0, y = 0 the expression is not differentiable"],
      ["x + y", "abs(t)", "t", "x(t): at t = 0 the expression is not differentiable: it has a kink"],
      ["floor(x)*y", "t", "1 + t", "f: at x = 0, y = 1 the expression is not continuous"],
      ["x + y", "t", "ln(t - 1)", "y(t): at t = 0 the expression has no value"],
      ["x + y", "t*ln(t)", "t", "x(t): at t = 0 the expression has no value, but tends to a limit from the side where it has values"],
    ]) {
      await visit(page, { view: "chain", f, xt, yt, t: "0" });
      await page.locator(".message.plain", { hasText: words }).waitFor();
      assert.equal(await page.locator(".numbers table").count(), 0);
    }
  }));

test("a table that is dropped is fitted", () => look(browser, link({ view: "fit" }), async (page) => {
  const table = page.getByRole("textbox", { name: /^Table/ });
  await table.waitFor();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(["x;y\n0;1\n1;3\n2;5\n"], "table.csv", { type: "text/csv" }));
    document.querySelector(".function-fit textarea").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await page.waitForFunction(() => location.hash.includes("table=x%3By"));
  assert.match(await table.inputValue(), /^x;y/);
}));

test("a link to nonsense shows the first example or a message", () =>
  look(browser, "#functions?view=nothing&range=5,1,nan&x=1/0&y=((&rate=-3&steps=-7&angle=up", async (page) => {
    await page.getByText("1/0 is not a finite number").waitFor();
    assert.equal(await page.getByRole("textbox", { name: "Function" }).inputValue(), "x^2 + 3*y^2");
    await page.getByLabel("x", { exact: true }).fill("1");
    await page.locator(".labelled .message mark").waitFor();
    await page.getByLabel("y", { exact: true }).fill("1");
    await page.locator(".numbers b.large", { hasText: "4" }).first().waitFor();
  }));

test("the eye of the view in space is turned by keys, and part of the link", () =>
  look(browser, link({ f: "x^2 - y^2", eye: "20,50" }), async (page) => {
    await ready(page);
    const tilt = page.getByRole("slider", { name: "Tilt" });
    assert.equal(await tilt.getAttribute("aria-valuetext"), "50°");
    await tilt.focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => location.hash.includes("eye=20%2C51"));
  }));

test("a finger drags the point, and taps elsewhere", () =>
  look(
    browser,
    link({ f: "x^2 + 3*y^2" }),
    async (page) => {
      await ready(page);
      const box = await page.locator(".drawing").first().boundingBox();
      await page.touchscreen.tap(box.x + box.width * 0.3, box.y + box.height * 0.3);
      await page.waitForFunction(() => Number(new URLSearchParams(location.hash.split("?")[1]).get("x")) < -0.5);
    },
    { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } },
  ));
