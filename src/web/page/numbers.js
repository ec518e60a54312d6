// SPDX-License-Identifier: MIT
// Numbers as the language of the browser writes them: a decimal comma where it has one.

const language = typeof navigator === "object" ? navigator.language : undefined;

// Returns the signs of a language: of the decimals, and between groups of digits.
function signsOf(tag) {
  const parts = new Intl.NumberFormat(tag, { useGrouping: true }).formatToParts(1234567.8);
  const sign = (type, other) => parts.find((part) => part.type === type)?.value ?? other;
  return { decimal: sign("decimal", "."), group: sign("group", "") };
}

// Reads a number that somebody has typed; NaN if it is none. A point is accepted for the decimals in every language.
export function readNumber(text, tag = language) {
  const { decimal, group } = signsOf(tag);
  let plain = text.trim().replace(/[\u2212\u2013]/g, "-").replace(/\s/g, "");
  if (decimal !== "." && plain.includes(decimal))
    plain = plain.replaceAll(group, "").replace(decimal, ".");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
}

// Writes a number with a number of significant digits, without zeros at the end.
export function showNumber(value, digits = 4, tag = language) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value < 0 ? "−∞" : "∞";
  const size = Math.abs(value);
  if (size && (size >= 1e7 || size < 1e-4)) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    return `${showNumber(Number(mantissa), digits, tag)} × 10${superscript(exponent)}`;
  }
  return new Intl.NumberFormat(tag, { maximumSignificantDigits: digits, useGrouping: size >= 10000 }).format(value);
}

// Writes a whole number with groups of digits.
export function showCount(value, tag = language) {
  return new Intl.NumberFormat(tag, { maximumFractionDigits: 0 }).format(value);
}

function superscript(exponent) {
  return [...String(Number(exponent))].map((letter) => letter === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[letter]).join("");
}

// Returns the sign of the decimals.
export function decimalSign(tag = language) {
  return signsOf(tag).decimal;
}

// Writes digits that the library has printed, none more and none less, with the sign of the decimals.
export function showDigits(text, tag = language) {
  return text.replace(/(\d)\.(?=\d)/g, `$1${decimalSign(tag)}`).replace(/^-/, "\u2212");
}
