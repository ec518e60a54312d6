// SPDX-License-Identifier: MIT
// Files of elevations: chosen or dropped, with the .prj beside them, and downloads.
import { make } from "../dom.js";
import { acceptDrops, createFileList } from "../given_files.js";
import { checkBytes } from "../read/limits.js";

const KINDS = ".tif,.tiff,.asc,.hgt,.prj";

const isPrj = ({ name }) => /\.prj$/i.test(name);
const stem = ({ name }) => name.replace(/\.[^.]*$/, "").toLowerCase();

// Returns the .prj that belongs to a raster: of the same name, else the only one there is for the only raster.
function prjOf(raster, rasters, prjs) {
  return prjs.find((prj) => stem(prj) === stem(raster)) ?? (rasters.length === 1 ? prjs[0] : undefined);
}

// Reads a raster, and the text of its .prj if there is one: { name, bytes, prj }.
async function readFile(raster, prj) {
  checkBytes(raster.name, raster.size);
  return { name: raster.name, bytes: new Uint8Array(await raster.arrayBuffer()), prj: prj ? await prj.text() : "" };
}

// Creates a button that opens files; files may also be dropped on `root`. open(file) gets { name, bytes, prj }, fail(error)
// what went wrong. Returns { element, clear() }: clear() forgets the files.
export function fileOpener(root, open, fail) {
  let prjs = new Map();
  const list = createFileList({ label: "Terrain shown, of those that were given",
    open: (raster) => readFile(raster, prjs.get(raster)).then(open).catch(fail) });
  const take = (given) => {
    const files = [...given], all = files.filter((file) => !isPrj(file)), rasters = all.length ? all : files.slice(0, 1);
    prjs = new Map(rasters.map((raster) => [raster, all.length ? prjOf(raster, rasters, files.filter(isPrj)) : undefined]));
    if (rasters.length) list.take(rasters);
  };
  const input = make("input", { type: "file", multiple: true, accept: KINDS, hidden: true, tabindex: "-1" });
  input.onchange = () => { take(input.files); input.value = ""; };
  acceptDrops(root, root, take);
  const button = make("button", { class: "main", type: "button", onclick: () => input.click() }, "Open a terrain …");
  return { element: make("span", { class: "row" }, button, list.element, input), clear: list.clear };
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
