// SPDX-License-Identifier: MIT
// Reads pasted tables: columns separated by tabs, semicolons, commas or blanks, decimals with a point or a comma.

const isNumber = (cell) => /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(cell);

// Returns how the cells of a line are separated. A comma separates only if it cannot be a decimal comma.
function separatorOf(lines) {
  if (lines.some((line) => line.includes("\t"))) return /\t/;
  if (lines.some((line) => line.includes(";"))) return /;/;
  const commas = lines.filter((line) => line.includes(","));
  if (commas.length === 0) return /\s+/;
  const hasBlanks = (line) => /\S\s+\S/.test(line.replace(/,\s+/g, ","));
  return commas.every((line) => hasBlanks(line)) ? /\s+/ : /\s*,\s*/;
}

// Returns {names, columns, rows}, or {error: {message}} that names the first bad line.
export function readTable(text) {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
  if (lines.length === 0) return { error: { message: "the table is empty: paste two columns of numbers" } };
  const separator = separatorOf(lines),
    decimal = separator.source.includes(",") ? (cell) => cell : (cell) => cell.replace(",", ".");
  const table = lines.map((line) => line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1")));
  const width = table[0].length,
    headed = table[0].some((cell) => !isNumber(decimal(cell)));
  if (width < 2) return { error: { message: "one column only: a fit needs at least two" } };
  const names = headed
    ? table[0]
    : table[0].map((_, index) => (index === width - 1 ? "y" : width === 2 ? "x" : `x${index + 1}`));
  const body = headed ? table.slice(1) : table,
    columns = names.map(() => []);
  for (const [index, row] of body.entries()) {
    const line = index + (headed ? 2 : 1);
    if (row.length !== width) return { error: { message: `line ${line} has ${row.length} cells instead of ${width}` } };
    for (const [column, cell] of row.entries()) {
      if (!isNumber(decimal(cell)))
        return { error: { message: `line ${line}, column ${column + 1}: '${cell.slice(0, 40)}' is not a number` } };
      columns[column].push(Number(decimal(cell)));
    }
  }
  return body.length
    ? { names, columns, rows: body.length }
    : { error: { message: "the table has names but no rows" } };
}
