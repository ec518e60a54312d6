"use strict";
/* Reads the records in the page and formats their values. */

/* Reads one record per element. Thumbnails stay in the page's text until they are shown, to save memory. */
function readRecords() {
  const files = [];
  for (const element of document.querySelectorAll("script.record")) {
    const record = parse(element);
    if (!record || typeof record.name !== "string") continue;
    record.pictures = Boolean(record.before || record.after);
    delete record.before;
    delete record.after;
    if (record.outcome === "current" && !record.seconds) delete record.seconds; /* not computed in this run */
    record.pixels = record.width > 0 && record.height > 0 ? record.width * record.height : undefined;
    record.title = visible(record.name);
    record.text = (record.name + "\n" + (record.reason || "")).toLowerCase();
    record.element = element;
    files.push(record);
  }
  return files;
}

function readRuns() {
  return [...document.querySelectorAll("script.run")].map(parse).filter(Boolean);
}

function parse(element) {
  try {
    return JSON.parse(element.textContent);
  } catch {
    return null;
  }
}

/* Returns { before, after }: URLs of the thumbnails, undefined if there is none. */
function previews(record) {
  if (!record.pictures) return {};
  const full = parse(record.element) || {};
  const url = (text) => (/^[A-Za-z0-9+/]+=*$/.test(text || "") ? "data:image/jpeg;base64," + text : undefined);
  return { before: url(full.before), after: url(full.after) };
}

/* Returns the URL of a file relative to this page, or undefined. Accepts only plain relative paths. */
function place(record, key) {
  if (typeof record[key] !== "string") return undefined;
  const path = (record.folder || "") + record[key];
  return /^[\w\-.~%/]+$/.test(path) && !path.startsWith("//") ? path : undefined;
}

/* Returns the path if browsers can show the format of the file, else undefined. */
function showable(path) {
  return /\.(jpe?g|png|gif|webp|bmp)$/i.test(path || "") ? path : undefined;
}

/* Replaces invisible and bidirectional control characters by visible ones. */
function visible(text) {
  return text
    .replace(/[\0-\x1f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replace(/\x7f/g, "\u2421")
    .replace(/[\x80-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
      (c) => "\u27e8U+" + c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0") + "\u27e9");
}

/* ---- numbers ---- */

const known = (value) => typeof value === "number" && isFinite(value);
const grouped = new Intl.NumberFormat("en", { useGrouping: true });

function figures(value, digits) {
  return new Intl.NumberFormat("en", { maximumSignificantDigits: digits, useGrouping: true }).format(value);
}

function bytes(value) {
  if (!known(value) || value <= 0) return "";
  const units = ["B", "KB", "MB", "GB", "TB"];
  let unit = 0;
  for (; value >= 999.5 && unit < 4; unit++) value /= 1000;
  return figures(value, unit ? 3 : 4) + "\u00a0" + units[unit];
}

function duration(seconds) {
  if (!known(seconds)) return "";
  if (seconds > 0 && seconds < 0.001) return "< 1\u00a0ms";
  if (seconds < 0.9995) return figures(seconds * 1000, 3) + "\u00a0ms";
  if (seconds < 99.95) return figures(seconds, 3) + "\u00a0s";
  const whole = Math.round(seconds), minutes = Math.floor(whole / 60);
  if (minutes < 60) return minutes + "\u00a0min " + (whole % 60) + "\u00a0s";
  return grouped.format(Math.floor(minutes / 60)) + "\u00a0h " + (minutes % 60) + "\u00a0min";
}

const size = (record) => (record.pixels ? record.width + "\u00a0\u00d7\u00a0" + record.height : "");
const percent = (share) => (known(share) ? (share * 100).toFixed(2) + "\u00a0%" : "");
const level = (value) => (known(value) ? figures(value, 4) : "");
const outcomeWord = { done: "done", current: "up to date", failed: "failed" };

/* ---- the run ---- */

/* Returns the seconds in which at least one run was active: shards on several machines overlap. */
function timeOf(runs) {
  const spans = runs.filter((run) => known(run.seconds))
    .map((run) => [run.started || 0, (run.started || 0) + run.seconds]).sort((a, b) => a[0] - b[0]);
  let total = 0, end = -Infinity;
  for (const [from, to] of spans) {
    total += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return total;
}

function summaryOf(files, runs) {
  const count = { done: 0, current: 0, failed: 0 };
  let pixels = 0;
  for (const file of files) {
    count[file.outcome]++;
    if (file.outcome === "done") pixels += file.pixels || 0;
  }
  const seconds = timeOf(runs);
  return { ...count, files: files.length, megapixels: pixels / 1e6, seconds };
}

/* Quotes a word for a shell. */
function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'";
}

/* ---- elements ---- */

const byId = (id) => document.getElementById(id);

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function picture(url, className, then) {
  const image = make("img", className);
  image.alt = "";
  image.decoding = "async";
  image.draggable = false;
  image.addEventListener("error", () => (then ? then(image) : image.remove()), { once: true });
  image.src = url;
  return image;
}
