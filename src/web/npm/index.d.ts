// SPDX-License-Identifier: MIT

/** An image, such as an ImageData: red, green, blue and alpha of each pixel, row by row. */
export interface Image {
  width: number;
  height: number;
  data: Uint8ClampedArray | Uint8Array;
}

/** Numbers of a raster, row by row. */
export interface Grid<Data extends ArrayLike<number> = ArrayLike<number>> {
  width: number;
  height: number;
  data: Data;
}

export interface EdgeOptions {
  /** Detector; "canny" by default. */
  method?: "canny" | "boundary" | "ridge" | "threshold";
  /** Operator: "gaussian" by default, or "sobel3", "scharr" and the like. */
  op?: string;
  /** Standard deviation of the Gaussian in pixels; chosen by the size of the image by default. */
  sigma?: number;
  /** Thresholds in levels per pixel, on the scale 0..255; chosen from the image by default. */
  low?: number;
  high?: number;
  /** Rule of automatic thresholds. */
  auto?: "outline" | "otsu" | "median";
  /** Lines that the method "ridge" marks. */
  ridges?: "both" | "bright" | "dark";
}

export interface Edges extends Grid<Uint8Array> {
  /** Thresholds and sigma that were used. */
  low: number;
  high: number;
  sigma: number;
  /** Number of edge pixels. */
  pixels: number;
  /** Such as "is constant: there are no edges". */
  warnings: string[];
}

/** Detects the edges of an image: `data` is 255 at edges, else 0, the pixels of the command `edgegrad`. Like all functions
 * here it throws a TypeError or RangeError if an argument is of another kind or size, and an EdgegradError if the library
 * refuses it. */
export function canny(image: Image, options?: EdgeOptions): Edges;

export interface TerrainOptions {
  /** Size of a cell in metres, or [width, height]. */
  cellSize: number | [number, number];
  /** Factor of the elevations; 1 by default. */
  zFactor?: number;
  /** Cells at the border or beside a missing cell: missing ("nodata") by default. */
  edges?: "nodata" | "extrapolate";
  /** Derivative formula; "horn" by default. */
  derivative?: "horn" | "zevenbergen-thorne";
}

/** Computes the slope, in degrees by default; NaN where it is missing. The first row is the northernmost. */
export function slope(elevations: Grid, options: TerrainOptions & { unit?: "degrees" | "percent" | "ratio" | "radians" }): Grid<Float32Array>;

/** Computes the direction of steepest descent, in degrees clockwise from north; NaN where the ground is flat. */
export function aspect(elevations: Grid, options: TerrainOptions & { convention?: "compass" | "trigonometric" }): Grid<Float32Array>;

/** Computes a shaded relief, 1..255; 0 where it is missing. */
export function hillshade(elevations: Grid, options: TerrainOptions & {
  /** Direction of the light: degrees clockwise from north, 315 by default, and above the horizon, 45. */
  azimuth?: number;
  altitude?: number;
  shading?: "plain" | "combined" | "multidirectional" | "igor";
}): Grid<Uint8Array>;

/** A function given by its text, such as "x^2 + y^2" or "f(x, y) = x y". */
export class Expression {
  constructor(text: string);
  /** Names of the variables, in the order of the coordinates of a point. */
  readonly variables: string[];
  /** The simplified text. */
  toString(): string;
  /** NaN or infinite where there is no finite value. */
  value(...point: number[]): number;
  gradient(...point: number[]): number[];
  /** The partial derivative by a variable. */
  derivative(variable: string): Expression;
  /** Values at many points: an array of coordinates for each variable. */
  values(...coordinates: ArrayLike<number>[]): Float64Array;
}

/** A failure: a message of one line, and for expressions where in the text, in bytes of UTF-8. */
export class EdgegradError extends Error {
  /** The eg_status of the library: 2 for options and expressions that are wrong, 3 for data, 7 out of memory. */
  status: number;
  offset?: number;
  length?: number;
}

export const version: string;
