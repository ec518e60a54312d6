/* The page: its state, and the functions that show it. */

const files = readRecords(), runs = readRuns();
const state = { text: "", outcome: "all", sort: "name", down: false, view: "grid" };
let shown = [];

/* ---- colours ---- */

function themes() {
  const dark = matchMedia("(prefers-color-scheme: dark)"), button = byId("theme");
  let chosen = null;
  try {
    chosen = localStorage.getItem("edgegrad-theme");
  } catch { /* file: pages may have no storage */ }
  const apply = () => {
    const theme = chosen || (dark.matches ? "dark" : "light");
    document.documentElement.dataset.theme = theme;
    button.setAttribute("aria-pressed", theme === "dark");
  };
  dark.addEventListener("change", apply);
  button.addEventListener("click", () => {
    chosen = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("edgegrad-theme", chosen);
    } catch { /* the theme lasts as long as the page */ }
    apply();
  });
  apply();
}

/* ---- header and summary ---- */

function showHead() {
  const first = runs[0] || {}, names = [...new Set(runs.map((run) => visible(String(run.name || ""))))].filter(Boolean);
  const title = names.length ? names.slice(0, 2).join(", ") + (names.length > 2 ? ` and ${names.length - 2} more` : "") : "edgegrad report";
  byId("title").textContent = title;
  document.title = title + " \u2013 edgegrad report";
  const started = Math.min(...runs.map((run) => run.started || Infinity));
  byId("when").textContent = [
    started < Infinity ? new Date(started * 1000).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" }) : "",
    runs.length > 1 ? runs.length + " runs" : "",
  ].filter(Boolean).join(" \u00b7 ");
  byId("maker").textContent = "Made by edgegrad " + (first.version || "");
  byId("stopped").hidden = !runs.some((run) => run.stopped);
  const commands = runs.map((run) => (run.command || []).map((word) => visible(quoted(String(word)))).join(" ")).filter(Boolean);
  byId("command").hidden = !commands.length;
  byId("command").querySelector("div").append(...commands.map((text) => make("pre", "", text)));
}

function showFigures() {
  const s = summaryOf(files, runs), speed = s.seconds > 0 && s.megapixels > 0 ? s.megapixels / s.seconds : 0;
  const [time, ...unit] = s.seconds < 99.95 ? duration(s.seconds).split("\u00a0") : [duration(s.seconds)];
  const list = [
    ["done", "Done", grouped.format(s.done)], ["current", "Up to date", grouped.format(s.current)],
    ["failed", "Failed", grouped.format(s.failed)],
    ["", "Megapixels", figures(s.megapixels, s.megapixels < 1000 ? 3 : 4)], ["", "Time", time || "0", unit.join(" ")],
    ["", "Speed", speed ? figures(speed, 3) : "\u2013", speed ? "MP/s" : ""],
  ];
  byId("figures").replaceChildren(...list.map(([kind, name, value, after]) => {
    const box = make("div", kind + (value === "0" && kind ? " none" : "")), number = make("dd", "", value);
    if (after) number.append(make("small", "", after));
    box.append(make("dt", "", name), number);
    return box;
  }));
  for (const kind of ["done", "current", "failed"]) {
    const part = make("i", kind);
    part.style.flex = String(s[kind]);
    byId("shares").append(part);
  }
  return s;
}

function showFailures(failed) {
  const box = byId("failures"), most = 3, more = box.querySelector("button");
  box.hidden = !failed.length;
  byId("failed-title").textContent = failed.length === 1 ? "One file failed" : grouped.format(failed.length) + " files failed";
  box.querySelector("ul").replaceChildren(...failed.slice(0, most).map((record) => {
    const item = make("li");
    item.append(make("bdi", "", record.title), make("span", "", visible(record.reason || "")));
    return item;
  }));
  more.hidden = failed.length <= most;
  more.textContent = `Show all ${grouped.format(failed.length)}`;
  more.addEventListener("click", () => {
    Object.assign(state, { outcome: "failed", view: "table" });
    show();
    byId("outcomes").scrollIntoView({ block: "start" });
  });
}

/* ---- list of files ---- */

const viewer = new Viewer((index) => views[state.view].focus(index));
const open = (record) => viewer.open(shown, record);
const grid = new Grid(byId("grid"), open, CARD);
const contact = new Grid(byId("contact"), open, PAIR);
const block_writer = new Sheet(byId("block_writer"), open, (key) => {
  Object.assign(state, { down: state.sort === key && !state.down, sort: key });
  show();
});

const views = { grid, contact, table: block_writer };

function press(group, key, value) {
  for (const button of byId(group).querySelectorAll("button"))
    button.setAttribute("aria-pressed", button.dataset[key] === value);
}

function show() {
  const words = state.text.toLowerCase().split(/\s+/).filter(Boolean);
  shown = sorted(files.filter((file) => (state.outcome === "all" || file.outcome === state.outcome) &&
    words.every((word) => file.text.includes(word))), state.sort, state.down);
  byId("grid").hidden = state.view !== "grid";
  byId("contact").hidden = state.view !== "contact";
  byId("block_writer").hidden = state.view !== "table";
  byId("sort").value = state.sort;
  press("outcomes", "outcome", state.outcome);
  press("views", "view", state.view);
  byId("count").textContent = !files.length ? "No files." : !shown.length ? "No matches."
    : shown.length === files.length ? "" : `${grouped.format(shown.length)} of ${grouped.format(files.length)} files`;
  views[state.view].show(shown, state.sort, state.down);
}

function update(all) {
  views[state.view].update(all);
}

function wire(summary) {
  let waiting = 0;
  const later = () => (waiting ||= requestAnimationFrame(() => {
    waiting = 0;
    update();
  }));
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later);
  const counts = { all: summary.files, done: summary.done, current: summary.current, failed: summary.failed };
  const words = { all: "All", done: "Done", current: "Up to date", failed: "Failed" };
  for (const key of Object.keys(words)) {
    if (key !== "all" && !counts[key]) continue;
    const button = make("button", "", words[key]);
    button.type = "button";
    button.dataset.outcome = key;
    button.append(make("b", "", grouped.format(counts[key])));
    byId("outcomes").append(button);
  }
  byId("outcomes").addEventListener("click", (event) => choose("outcome", event));
  byId("views").addEventListener("click", (event) => choose("view", event));
  byId("search").addEventListener("input", (event) => {
    state.text = event.target.value;
    show();
  });
  for (const column of columns) byId("sort").append(new Option(column.head, column.key));
  byId("sort").addEventListener("change", (event) => {
    state.sort = event.target.value;
    show();
  });
  byId("turn").addEventListener("click", () => {
    state.down = !state.down;
    show();
  });
  addEventListener("beforeprint", () => update(true));
  addEventListener("afterprint", () => update());
}

function choose(key, event) {
  const value = event.target.closest("button")?.dataset[key];
  if (!value) return;
  state[key] = value;
  show();
}

themes();
showHead();
const summary = showFigures();
showFailures(sorted(files.filter((file) => file.outcome === "failed"), "name", false));
wire(summary);
show();
