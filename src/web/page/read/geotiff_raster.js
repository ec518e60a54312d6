// SPDX-License-Identifier: MIT
// Decodes the first image of a GeoTIFF with npm's geotiff: cells, transform, coordinate system, nodata.
import "./data_fetch.js";
import { fromArrayBuffer } from "geotiff";
import { systemText } from "./geotiff_system.js";
import { elevationsOf } from "./nodata.js";

const REDUCED = 1, MASK = 4; // bits of NewSubfileType
const COLOURS = 2, PALETTE = 3; // values of PhotometricInterpretation

// Returns the value of a tag; undefined if the image lacks it. Versions of geotiff differ.
async function tagOf(image, name) {
  const tags = image.fileDirectory;
  if (!tags.loadValue)
    return tags[name];
  return tags.hasTag(name) ? tags.loadValue(name) : undefined;
}

const numberOf = (value) => Number(value?.length === undefined ? value : value[0]);

// Returns the first image that is neither a reduced copy nor a mask, and the mask of its size if there
// is one.
async function findImages(tiff) {
  let image, mask;
  const count = await tiff.getImageCount();
  for (let i = 0; i < count; i++) {
    const candidate = await tiff.getImage(i);
    const kind = numberOf(await tagOf(candidate, "NewSubfileType")) || 0;
    if (!(kind & (REDUCED | MASK)))
      image ??= candidate;
    else if (image && kind & MASK && !(kind & REDUCED) && candidate.getWidth() === image.getWidth() &&
             candidate.getHeight() === image.getHeight())
      mask ??= candidate;
  }
  if (!image)
    throw new Error("has no image of full size");
  return { image, mask };
}

// Throws if the samples are colours rather than elevations.
async function checkElevations(image) {
  const kind = numberOf(await tagOf(image, "PhotometricInterpretation"));
  if (kind === PALETTE)
    throw new Error("has a colour palette, not elevations");
  if (kind >= COLOURS && image.getSamplesPerPixel() >= 3)
    throw new Error("has 3 colour channels, not elevations");
}

// Returns the affine transform of GDAL from scale and tie point, or from the matrix; undefined without.
async function transformOf(image, isPoint) {
  const scale = await tagOf(image, "ModelPixelScale"), tie = await tagOf(image, "ModelTiepoint");
  const matrix = await tagOf(image, "ModelTransformation");
  let t;
  if (scale?.length >= 2 && tie?.length >= 6)
    t = [tie[3] - tie[0] * scale[0], scale[0], 0, tie[4] + tie[1] * scale[1], 0, -scale[1]];
  else if (matrix?.length >= 16)
    t = [matrix[3], matrix[0], matrix[1], matrix[7], matrix[4], matrix[5]];
  if (t && isPoint) {
    t[0] -= 0.5 * (t[1] + t[2]);
    t[3] -= 0.5 * (t[4] + t[5]);
  }
  return t && t.every(Number.isFinite) && t[1] * t[5] !== t[2] * t[4] ? t : undefined;
}

// Returns the items of GDAL's metadata for the first band: { unittype, scale, offset }.
async function metadataOf(image) {
  const items = {};
  const xml = String(await tagOf(image, "GDAL_METADATA") ?? "");
  for (const [, attributes, text] of xml.matchAll(/<Item\b([^>]*)>([^<]*)<\/Item>/g)) {
    const role = /\brole="([^"]*)"/.exec(attributes)?.[1], sample = /\bsample="([^"]*)"/.exec(attributes)?.[1];
    if (role && (sample ?? "0") === "0")
      items[role] = text.trim();
  }
  return items;
}

// Returns scale and offset of the elevations: those of GDAL's metadata, or the z of scale and tie point
// if the coordinate system has a vertical part.
async function scaleOf(image, keys, items) {
  const size = await tagOf(image, "ModelPixelScale"), tie = await tagOf(image, "ModelTiepoint");
  const vertical = keys.VerticalCSTypeGeoKey || keys.VerticalGeoKey || keys.VerticalUnitsGeoKey;
  let scale = 1, offset = 0;
  if (vertical && image.getSamplesPerPixel() === 1 && size?.[2] && tie?.length >= 6) {
    scale = size[2];
    offset = tie[5] - tie[2] * scale;
  }
  if (Number(items.scale))
    scale = Number(items.scale);
  if (items.offset && Number.isFinite(Number(items.offset)))
    offset = Number(items.offset);
  return [scale, offset];
}

// Returns a band of an image in the byte order of this machine.
async function cellsOf(image, index = 0) {
  const [band] = await image.readRasters({ samples: [index] });
  if (typeof band[0] === "bigint")
    throw new Error("has samples of 64-bit integers, which this page does not read");
  return band;
}

// Returns true if the second band of an image is an alpha channel.
async function hasAlpha(image) {
  const kind = numberOf(await tagOf(image, "ExtraSamples"));
  return image.getSamplesPerPixel() === 2 && (kind === 1 || kind === 2);
}

// Sets the cells that a mask, or an alpha channel, leaves out to NaN.
function applyMask(cells, shown) {
  for (let i = 0; i < cells.length; i++)
    if (!shown[i])
      cells[i] = NaN;
}

// Returns the nodata value as a number; undefined without one.
async function nodataOf(image) {
  const text = await tagOf(image, "GDAL_NODATA");
  const value = text === undefined ? NaN : Number(String(text).replace(/\0.*$/s, "").trim() || NaN);
  return Number.isNaN(value) ? undefined : value;
}

// Units of elevation in GDAL's metadata, in metres.
const UNITS = {
  m: 1, metre: 1, metres: 1, meter: 1, meters: 1, ft: 0.3048, foot: 0.3048, feet: 0.3048, km: 1000, cm: 0.01,
  "us survey foot": 1200 / 3937, "us survey feet": 1200 / 3937, us_ft: 1200 / 3937, "us-ft": 1200 / 3937, sft: 1200 / 3937,
};

// Returns what a reader should know of the image.
function warningsOf(bands, unit) {
  const warnings = [];
  if (bands > 1)
    warnings.push(`has ${bands} bands; the first is used`);
  if (unit && !UNITS[unit.toLowerCase()])
    warnings.push(`the unit of elevations '${unit}' is not known and taken as metres`);
  return warnings;
}

async function decode(bytes, checkSize) {
  const tiff = await fromArrayBuffer(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const { image, mask } = await findImages(tiff);
  const width = image.getWidth(), height = image.getHeight();
  checkSize(width, height);
  await checkElevations(image);
  const keys = (image.getGeoKeys ? image.getGeoKeys() : image.geoKeys) ?? {};
  const items = await metadataOf(image);
  const cells = elevationsOf(await cellsOf(image), await nodataOf(image), ...await scaleOf(image, keys, items));
  if (cells.length !== width * height)
    throw new Error("its samples are incomplete");
  const alpha = await hasAlpha(image);
  if (mask || alpha)
    applyMask(cells, mask ? await cellsOf(mask) : await cellsOf(image, 1));
  return {
    width, height, cells,
    transform: await transformOf(image, keys.GTRasterTypeGeoKey === 2),
    system: systemText(keys),
    metres: UNITS[items.unittype?.toLowerCase()],
    warnings: warningsOf(alpha ? 1 : image.getSamplesPerPixel(), items.unittype),
  };
}

// Returns the raster of a GeoTIFF, see raster_file.js. checkSize(width, height) throws for one that is
// too large, before it is decoded.
export async function readGeotiff(name, bytes, checkSize) {
  try {
    return await decode(bytes, checkSize);
  } catch (error) {
    const text = String((error.errors?.[0] ?? error).message ?? "truncated: its samples are incomplete").split("\n")[0];
    if (text.startsWith(`${name}: `))
      throw error;
    throw new Error(/^(has|its|truncated:) /.test(text) ? `${name}: ${text}` : `${name}: this TIFF cannot be read: ${text}`);
  }
}
