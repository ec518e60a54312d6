// SPDX-License-Identifier: MIT
// Packs the page into one file, and the npm package. `make web` runs it:
//   pack.mjs --wasm FILE --modules FOLDER --version V --out FOLDER
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";

const names = { wasm: { type: "string" }, modules: { type: "string" }, version: { type: "string" }, out: { type: "string" } };
const { values: given } = parseArgs({ options: names });
const project = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const source = (path) => join(project, "src/web", path);
const text = (path) => readFileSync(source(path), "utf8");
const packed = gzipSync(readFileSync(given.wasm), { level: 9 }); // the library, compiled

// Bundles a module and those that it imports.
function bundle(path, ...options) {
  const command = ["--bundle", "--minify", "--target=es2022", "--charset=utf8", "--log-level=warning", "--legal-comments=none",
    ...(options.length ? options : ["--format=iife"]), source(path)];
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
  const script = closed(bundle("page/index.js"), "script");
  const css = closed(style(), "style");
  const parts = {
    script, style: css, policy: policy(script, css), version: given.version,
    wasm: packed.toString("base64"), sample: readFileSync(join(project, "testdata/coffee.jpg")).toString("base64"),
  };
  const page = text("page/index.html").replace(/\{\{(\w+)\}\}/g, (whole, name) => parts[name] ?? whole);
  writeFileSync(join(given.out, "index.html"), page);
}

// The npm package: one module, which contains the compiled library.
function writePackage() {
  const folder = join(given.out, "npm"), own = (name) => join(folder, name);
  mkdirSync(folder);
  writeFileSync(own("edgegrad.wasm.gz"), packed);
  const code = bundle("npm/index.mjs", "--format=esm", "--loader:.gz=binary", "--platform=neutral",
    `--alias:edgegrad.wasm.gz=${resolve(own("edgegrad.wasm.gz"))}`);
  rmSync(own("edgegrad.wasm.gz"));
  writeFileSync(own("index.mjs"), `// SPDX-License-Identifier: MIT\n${code}\n`);
  for (const name of ["index.d.ts", "README.md"]) writeFileSync(own(name), text(join("npm", name)));
  writeFileSync(own("LICENSE"), readFileSync(join(project, "LICENSE")));
  const description = { ...JSON.parse(text("npm/package.json")), version: given.version };
  writeFileSync(own("package.json"), `${JSON.stringify(description, null, 2)}\n`);
}

rmSync(given.out, { recursive: true, force: true });
mkdirSync(given.out, { recursive: true });
writePage();
writePackage();
