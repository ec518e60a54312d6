// SPDX-License-Identifier: MIT
// Work that follows changes: while it is done, only the latest of the changes that come meanwhile waits.

// Returns a function that does work(argument) now, or when the work that goes on has ended. `work` is asynchronous and
// reports its failures itself.
export function latest(work) {
  let running = false, waiting = null;
  return async function change(argument) {
    waiting = { argument };
    if (running) return;
    running = true;
    try {
      while (waiting) {
        const next = waiting;
        waiting = null;
        await work(next.argument);
      }
    } finally {
      running = false;
    }
  };
}
