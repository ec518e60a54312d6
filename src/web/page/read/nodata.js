// SPDX-License-Identifier: MIT
// Missing cells: the rules of src/io/pixels/nodata.c.

const FLOAT_MAX = 3.4028234663852886e38;
const BELOW = 0.999, ABOVE = 1.001; // the shortest usual texts of the largest floats are 3.4e+38, 1.8e+308

// Returns the range [low, high] of values that a nodata value stands for; `single`: samples are floats.
export function nodataRange(nodata, single) {
  const size = Math.abs(nodata), value = single ? Math.fround(nodata) : nodata;
  const between = (inner, outer) => nodata < 0 ? [-outer, -inner] : [inner, outer];
  if (single && size > BELOW * FLOAT_MAX)
    return between(BELOW * FLOAT_MAX, Infinity);
  if (size > BELOW * Number.MAX_VALUE)
    return between(BELOW * Number.MAX_VALUE, Infinity);
  if (size > BELOW * FLOAT_MAX && size < ABOVE * FLOAT_MAX)
    return between(BELOW * FLOAT_MAX, ABOVE * FLOAT_MAX);
  return [value, value];
}

// Returns elevations as floats, or as doubles if the samples need them or have a scale and offset:
// value = sample * scale + offset, NaN for missing ones.
export function elevationsOf(samples, nodata, scale = 1, offset = 0) {
  const scaled = scale !== 1 || offset !== 0;
  const single = samples instanceof Float32Array;
  const wide = scaled || samples.BYTES_PER_ELEMENT > 4 || (samples.BYTES_PER_ELEMENT === 4 && !single);
  const [low, high] = nodata === undefined ? [NaN, NaN] : nodataRange(nodata, single);
  const out = wide ? new Float64Array(samples.length) : new Float32Array(samples.length);
  for (let i = 0; i < out.length; i++) {
    const value = samples[i];
    out[i] = value >= low && value <= high ? NaN : scaled ? value * scale + offset : value;
  }
  return out;
}
