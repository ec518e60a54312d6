// SPDX-License-Identifier: MIT
// Files that are given to a part: dropped on it, or several at once, of which one is shown.
import { make } from "./dom.js";

const hasFiles = ({ dataTransfer }) => dataTransfer.types.includes("Files");

// Calls take(files) with files that are dropped on an element; `marked` has the class "dropping" while they are over it.
export function acceptDrops(element, marked, take) {
  element.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    marked.classList.add("dropping");
  });
  element.addEventListener("dragleave", ({ relatedTarget }) => element.contains(relatedTarget) || marked.classList.remove("dropping"));
  element.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    marked.classList.remove("dropping");
    if (event.dataTransfer.files.length) take(event.dataTransfer.files);
  });
}

// Keeps files that are dropped where nothing takes them from replacing the page.
export function refuseStrayDrops() {
  addEventListener("dragover", (event) => {
    if (event.defaultPrevented || !hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "none";
  });
  addEventListener("drop", (event) => hasFiles(event) && event.preventDefault());
}

// Creates a list of several files that were given at once. Returns { element, take(files), clear() }: take() opens the first
// with open(file), and lists all of them, to choose another; clear() hides the list.
export function createFileList({ label, open }) {
  let files = [];
  const list = make("select", { "aria-label": label, hidden: true, onchange: () => open(files[list.selectedIndex]) });
  const clear = () => {
    files = [];
    list.replaceChildren();
    list.hidden = true;
  };
  return {
    element: list,
    clear,
    take(given) {
      clear();
      files = [...given];
      list.append(...files.map(({ name }, i) => make("option", {}, `${i + 1} of ${files.length}: ${name}`)));
      list.hidden = files.length < 2;
      open(files[0]);
    },
  };
}
