// SPDX-License-Identifier: MIT
// Elements of the page.

// Creates an element with properties and children, which may be lists: make("p", { class: "muted", onclick }, "text", child).
// `class`, `role`, `aria-...`, `data-...` and the like are attributes, the rest properties.
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (key in element && !key.includes("-") && key !== "role" && key !== "list") element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.flat(2).filter((child) => child !== undefined && child !== null));
  return element;
}

// Says a text to screen readers, once it has settled.
export function announce(text) {
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => { document.getElementById("status").textContent = text; }, 400);
}

// Saves bytes as a file.
export function download(name, blob) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

let last = 0;

// Returns an id that no other element has.
export function newId(word) {
  return `${word}-${++last}`;
}

// Returns the colours of the page, which drawings on a canvas follow: colours("accent").
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
