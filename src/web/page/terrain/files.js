// SPDX-License-Identifier: MIT
// Files of elevations: chosen or dropped, with the .prj beside them, and downloads.
import { make } from "../dom.js";
import { checkBytes } from "../read/limits.js";

const KINDS = ".tif,.tiff,.asc,.hgt,.prj";

// Returns the raster among files, and the text of the .prj among them: { name, bytes, prj }.
async function readFiles(list) {
  const files = [...list], isPrj = ({ name }) => /\.prj$/i.test(name);
  const raster = files.find((file) => !isPrj(file)) ?? files[0], prj = files.find(isPrj);
  checkBytes(raster.name, raster.size);
  return { name: raster.name, bytes: new Uint8Array(await raster.arrayBuffer()), prj: prj && prj !== raster ? await prj.text() : "" };
}

// Creates a button that opens files; files may also be dropped on `root`. open(file) gets { name, bytes, prj }, fail(error)
// what went wrong.
export function fileOpener(root, open, fail) {
  const take = (list) => list.length && readFiles(list).then(open).catch(fail);
  const input = make("input", { type: "file", multiple: true, accept: KINDS, hidden: true, tabindex: "-1" });
  input.onchange = () => { take(input.files); input.value = ""; };
  root.addEventListener("dragover", (event) => { event.preventDefault(); root.classList.add("dropping"); });
  root.addEventListener("dragleave", () => root.classList.remove("dropping"));
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    root.classList.remove("dropping");
    take(event.dataTransfer.files);
  });
  return make("span", {}, make("button", { class: "main", type: "button", onclick: () => input.click() }, "Open a terrain …"), input);
}

// Returns a raster as an ASCII grid. Elevations are written as JavaScript writes numbers, which loses nothing.
export function ascText({ width, height, cells, transform }) {
  const [x, size, , y] = transform, lines = [];
  for (let row = 0; row < height; row++) lines.push(cells.subarray(row * width, (row + 1) * width).join(" "));
  return `ncols ${width}\nnrows ${height}\nxllcorner ${x}\nyllcorner ${y - height * size}\ncellsize ${size}\n${lines.join("\n")}\n`;
}

// Draws pixels, and what draw(context) adds, as a PNG.
export async function pngOf({ width, height, data }, draw = () => {}) {
  const canvas = make("canvas", { width, height }), context = canvas.getContext("2d");
  context.drawImage(await createImageBitmap(new ImageData(data, width, height)), 0, 0);
  draw(context);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error(`${width} × ${height} pixels are more than this browser writes; the command line below writes them`);
  return blob;
}
