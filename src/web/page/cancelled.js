// SPDX-License-Identifier: MIT
// A job that was given up because another took its place.
export class Cancelled extends Error {}
