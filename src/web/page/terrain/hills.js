// SPDX-License-Identifier: MIT
// The elevation model that the page opens with: a valley between mountains by a formula, the same on every machine.

const WIDTH = 480, HEIGHT = 384, CELL = 20; // metres

// Returns a hash of two integers and a seed, 0 to 2^32 - 1.
function scramble(x, y, seed) {
  let h = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77) ^ Math.imul(seed, 0xc2b2ae3d);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

// Slopes of the noise at lattice points: eight directions, which need no sine.
const SLOPES = [[1, 0], [0.7071, 0.7071], [0, 1], [-0.7071, 0.7071], [-1, 0], [-0.7071, -0.7071], [0, -1], [0.7071, -0.7071]];

function corner(x, y, dx, dy, seed) {
  const [a, b] = SLOPES[scramble(x, y, seed) >>> 29];
  return a * dx + b * dy;
}

const fade = (t) => t * t * t * (t * (6 * t - 15) + 10);

// Returns gradient noise (Perlin 2002), about -1 to 1.
function noise(x, y, seed) {
  const x0 = Math.floor(x), y0 = Math.floor(y), dx = x - x0, dy = y - y0, u = fade(dx), v = fade(dy);
  const top = corner(x0, y0, dx, dy, seed) * (1 - u) + corner(x0 + 1, y0, dx - 1, dy, seed) * u;
  const bottom = corner(x0, y0 + 1, dx, dy - 1, seed) * (1 - u) + corner(x0 + 1, y0 + 1, dx - 1, dy - 1, seed) * u;
  return 1.5 * (top * (1 - v) + bottom * v);
}

// Returns noise with creases, 0 to 1: where one octave is high, the next one is rough (Musgrave 1989).
function ridges(x, y, octaves, rough, seed) {
  let sum = 0, total = 0, weight = 1, crest = 1;
  for (let i = 0; i < octaves; i++) {
    const ridge = (1 - Math.abs(noise(x, y, seed + i))) ** 2;
    sum += weight * ridge * crest;
    total += weight;
    crest = Math.min(1, 1.6 * ridge);
    x = 2.03 * x + 3.3;
    y = 2.03 * y + 8.9;
    weight *= rough;
  }
  return sum / total;
}

// Returns 0 at the river and 1 on the mountains, by the distance from the river in kilometres.
function walls(distance) {
  const t = Math.min(1, Math.max(0, (Math.abs(distance) - 0.05) / 2.4));
  return t * t * (3 - 2 * t);
}

// Returns the elevation in metres; x and y are kilometres from the north-west corner.
function elevation(x, y) {
  const bentX = x + 0.3 * noise(0.6 * x, 0.6 * y, 101), bentY = y + 0.3 * noise(0.6 * x + 50, 0.6 * y, 102);
  const river = 2.2 + 0.34 * x + 0.5 * noise(0.35 * x, 7.3, 103);
  const side = walls(bentY - river);
  return 900 - 24 * x + side * (160 + 1150 * ridges(0.3 * bentX + 3, 0.3 * bentY + 5, 5, 0.4, 104));
}

// Returns the raster, see read/raster_file.js. Elevations are in sixteenths of a metre, which floats hold exactly.
export function hillsRaster() {
  const cells = new Float32Array(WIDTH * HEIGHT);
  for (let row = 0, i = 0; row < HEIGHT; row++)
    for (let column = 0; column < WIDTH; column++)
      cells[i++] = Math.round(16 * elevation((column + 0.5) * CELL / 1000, (row + 0.5) * CELL / 1000)) / 16;
  return { width: WIDTH, height: HEIGHT, cells, transform: [640000, CELL, 0, 5200000, 0, -CELL],
    system: "EPSG:32632", metres: 1, warnings: [] };
}
