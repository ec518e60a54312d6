// SPDX-License-Identifier: MIT
// Waits until changes have settled.

// Returns a function that calls `work` when it has not been called for `delay` milliseconds.
export function settle(work, delay) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...values), delay);
  };
}
