// SPDX-License-Identifier: MIT
// Limits how often something is done.

// Returns a function that calls `work` when it has not been called for `delay` milliseconds.
export function settle(work, delay) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...values), delay);
  };
}

// Returns a function that runs the asynchronous `work` once at a time, and once more at the end if it was called meanwhile.
export function latest(work) {
  let running = false,
    waiting = false;
  return async function run() {
    if (running) {
      waiting = true;
      return;
    }
    running = true;
    try {
      do {
        waiting = false;
        await work();
      } while (waiting);
    } finally {
      running = false;
    }
  };
}
