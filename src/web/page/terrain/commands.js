// SPDX-License-Identifier: MIT
// Command lines that compute what the page shows.

// Returns a word as a shell takes it.
export const quoted = (word) => /^[\w.,/+:=@%-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

const decimal = (value) => String(Number(value.toPrecision(10)));

// Returns the options that say how cells are measured, those that the file does not give.
function groundWords({ crs, "cell-x": x, "cell-y": y }) {
  return [crs && crs !== "unknown" ? `--crs ${crs}` : "", x ? `--cell-size ${x === y ? decimal(x) : `${decimal(x)},${decimal(y)}`}` : ""];
}

const line = (...words) => ["edgegrad", ...words].filter(Boolean).join(" ");

// Returns the command lines for a state of the part: { file, ground, azimuth, altitude, light, zFactor, overlay, threshold,
// unit, interval (0: no contours), drop: [column, row] or null }.
export function commandLines(state) {
  const file = quoted(state.file), ground = groundWords(state.ground);
  const lines = [line("hillshade", ...lightWords(state), state.zFactor ? `--z-factor ${decimal(state.zFactor)}` : "", ...ground,
    file, "shade.png")];
  if (state.overlay === "slope")
    lines.push(line("slope", state.unit === "percent" ? "--unit percent" : "", ...ground, file, "slope.tif"),
      line("slope", `--threshold ${decimal(state.threshold)}`, ...ground, file, "steep.png"));
  if (state.overlay === "aspect") lines.push(line("aspect", ...ground, file, "aspect.tif"));
  if (state.interval) lines.push(line("contour", `--interval ${decimal(state.interval)}`, file, "contours.svg"));
  if (state.drop)
    lines.push(line("descent", `--field ${file}`, `--from-pixel ${state.drop.map(decimal).join(",")}`, ...ground));
  return lines;
}

function lightWords({ light, azimuth, altitude }) {
  if (light === "multidirectional") return ["--multidirectional", altitude === 45 ? "" : `--altitude ${decimal(altitude)}`];
  return [azimuth === 315 ? "" : `--azimuth ${decimal(azimuth)}`, altitude === 45 ? "" : `--altitude ${decimal(altitude)}`];
}
