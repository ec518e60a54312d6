// SPDX-License-Identifier: MIT
// The state of the page in the fragment of its address, so that each state is a link: #part?name=value&name=value.

// Reads a fragment: the part, and its values by name.
export function readFragment(fragment) {
  const [part, query = ""] = fragment.replace(/^#/, "").split("?", 2);
  return { part, values: Object.fromEntries(new URLSearchParams(query)) };
}

// Writes the fragment of a part; values that are undefined, null or "" are left out.
export function writeFragment(part, values) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== null && value !== "" && !Number.isNaN(value)) query.set(name, value);
  const text = query.toString();
  return `#${part}${text ? `?${text}` : ""}`;
}

// Puts the state into the address. An address that is too long for the browser stays as it was.
export function putState(part, values) {
  try {
    history.replaceState(null, "", writeFragment(part, values));
  } catch { /* the page works without it */ }
}

let timer = 0;

// Puts the state into the address, soon: browsers limit how often that may be done.
export function keepState(part, values) {
  clearTimeout(timer);
  timer = setTimeout(() => putState(part, values), 150);
}
