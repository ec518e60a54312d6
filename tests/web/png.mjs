// SPDX-License-Identifier: MIT
// Writes pictures as PNG for the tests.
import { writeFileSync } from "node:fs";
import { deflateSync } from "node:zlib";

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  let crc = 0xffffffff;
  for (const byte of body) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  const length = Buffer.alloc(4), check = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  check.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return Buffer.concat([length, body, check]);
}

// Writes a picture of colours: colour(x, y) returns [red, green, blue].
export function writePng(path, width, height, colour) {
  const rows = Buffer.alloc(height * (1 + 3 * width)), head = Buffer.alloc(13);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows.set(colour(x, y), y * (1 + 3 * width) + 1 + 3 * x);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  writeFileSync(path, Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows, { level: 1 })), chunk("IEND", Buffer.alloc(0))]));
}

// A picture with shapes, soft shades and noise, the same in each run.
export function scene(width) {
  let seed = 7;
  return (x, y) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    const noise = (seed >>> 16) % 12, u = x / width, v = y / width;
    const disc = Math.hypot(u - 0.35, v - 0.3) < 0.18 ? 90 : 0, stripes = u > 0.6 && Math.floor(v * 24) % 2 ? 70 : 0;
    return [40 + disc + noise + 60 * u, 60 + stripes + noise, 120 - disc / 2 + 50 * v + noise].map((value) => Math.max(0, Math.min(255, Math.round(value))));
  };
}
