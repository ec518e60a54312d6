// SPDX-License-Identifier: MIT
// Packs the page into one file, and the npm package. `make web` runs it:
//   pack.mjs --wasm FILE --modules FOLDER --version V --out FOLDER
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const names = { wasm: { type: "string" }, modules: { type: "string" }, version: { type: "string" }, out: { type: "string" } };
const { values: given } = parseArgs({ options: names });
const project = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const source = (path) => join(project, "src/web", path);
const text = (path) => readFileSync(source(path), "utf8");
const base64 = (path) => readFileSync(path).toString("base64");

// Bundles a module and those that it imports.
function bundle(path, format = "iife") {
  const command = ["--bundle", "--minify", `--format=${format}`, "--target=es2022", "--charset=utf8", "--log-level=warning",
    "--legal-comments=none", source(path)];
  return execFileSync("esbuild", command, { encoding: "utf8", env: { ...process.env, NODE_PATH: resolve(given.modules) } }).trim();
}

// Joins the styles: style.css first, because the parts build on it.
function style() {
  const names = readdirSync(source("page")).filter((name) => name.endsWith(".css") && name !== "style.css").sort();
  const css = ["style.css", ...names].map((name) => text(join("page", name))).join("");
  return execFileSync("esbuild", ["--minify", "--loader=css", "--charset=utf8"], { encoding: "utf8", input: css }).trim();
}

const hash = (content) => `'sha256-${createHash("sha256").update(content).digest("base64")}'`;

// The policy of the page: no network, no code but its own. Styles that scripts set on elements are no text of the page.
function policy(script, css) {
  return [
    "default-src 'none'", "connect-src 'none'", "base-uri 'none'", "form-action 'none'",
    `script-src ${hash(script)} 'wasm-unsafe-eval'`, `style-src ${hash(css)}`,
    "worker-src blob:", "img-src data: blob:", "media-src blob: mediastream:",
  ].join("; ");
}

// Text inside <script> or <style>, which its end tag would close.
function closed(content, name) {
  if (content.includes(`</${name}`)) throw new Error(`</${name} in a text that becomes a ${name}`);
  return content;
}

function writePage() {
  const script = closed(bundle("page/main.js"), "script"), worker = closed(bundle("page/worker.js"), "script");
  const css = closed(style(), "style");
  const parts = {
    script, worker, style: css, policy: policy(script, css), version: given.version,
    wasm: base64(given.wasm), sample: base64(join(project, "testdata/coffee.jpg")),
  };
  const page = text("page/index.html").replace(/\{\{(\w+)\}\}/g, (whole, name) => parts[name] ?? whole);
  writeFileSync(join(given.out, "index.html"), page);
}

rmSync(given.out, { recursive: true, force: true });
mkdirSync(given.out, { recursive: true });
writePage();
