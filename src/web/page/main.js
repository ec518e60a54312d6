// SPDX-License-Identifier: MIT
// The page: three parts in tabs, of which one is shown, and the state of it in the address.
import { whyUnable } from "../engine/load.js";
import { make } from "./dom.js";
import { refuseStrayDrops } from "./given_files.js";
import { keepState, putState, readFragment } from "./state.js";
import { pictures } from "./parts/pictures.js";
import { terrain } from "./parts/terrain.js";
import { functions } from "./parts/functions.js";

// A part: { id, title, create(root, app) }. create() builds it in an element once it is first shown, and returns
// { open(values), values(), hide() }: takes the state of an address, and gives that of the part, by name; hide() is
// called when another part is shown, and may be missing.
const parts = [pictures, terrain, functions];
const shown = new Map(); // parts that have been created, by id
let current = null;

const panels = new Map();

function buildTabs() {
  const tabs = document.querySelector(".tabs"), main = document.getElementById("main");
  for (const { id, title } of parts) {
    const tab = make("button", { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}`, onclick: () => show(id) }, title);
    const panel = make("div", { role: "tabpanel", id: `panel-${id}`, "aria-labelledby": `tab-${id}`, hidden: true });
    tabs.append(tab);
    main.append(panel);
    panels.set(id, { tab, panel });
  }
  tabs.addEventListener("keydown", moveTab);
}

// Arrow keys, Home and End go to another tab.
function moveTab(event) {
  const at = parts.findIndex(({ id }) => id === current), last = parts.length - 1;
  const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  show(parts[next].id);
  panels.get(current).tab.focus();
}

// Shows a part, with the state of an address or the one it has.
function show(id, values) {
  if (current && current !== id) shown.get(current)?.hide?.();
  current = id;
  for (const [other, { tab, panel }] of panels) {
    tab.setAttribute("aria-selected", String(other === id));
    tab.tabIndex = other === id ? 0 : -1;
    panel.hidden = other !== id;
  }
  const part = parts.find((other) => other.id === id);
  document.title = `${part.title} – edgegrad`;
  if (!shown.has(id)) {
    const app = { changed: () => id === current && keepState(id, shown.get(id)?.values() ?? {}) };
    shown.set(id, part.create(panels.get(id).panel, app));
    shown.get(id).open(values ?? {});
  } else if (values) shown.get(id).open(values);
  if (!values) putState(id, shown.get(id).values());
}

function openAddress() {
  const { part, values } = readFragment(location.hash);
  if (panels.has(part) || !current) show(panels.has(part) ? part : parts[0].id, values);
}

// Builds the page; of a browser that cannot compute it says so.
export function begin() {
  const trouble = whyUnable();
  if (trouble) {
    const notice = document.getElementById("notice");
    notice.textContent = trouble;
    notice.hidden = false;
    return;
  }
  buildTabs();
  openAddress();
  addEventListener("hashchange", openAddress);
  refuseStrayDrops();
}
