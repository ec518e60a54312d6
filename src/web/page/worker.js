// SPDX-License-Identifier: MIT
// The worker: does the jobs of the page, so that the page stays responsive. client.js is the other end.
//
// Messages to it: { module } first, the compiled module; then { id, call, argument }, a job. Messages from it:
// { ready } once it can work, then { id, result } or { id, failure: { message, status } }.
import { start } from "../engine/load.js";
import { createJobs, doJob } from "./jobs/jobs.js";

let ready = null;

// Returns the memory of the typed arrays and bitmaps in a result, which moves to the page instead of being copied.
function movable(result) {
  const values = result && typeof result === "object" ? Object.values(result) : [];
  return values.map((value) => ArrayBuffer.isView(value) ? value.buffer : value)
    .filter((value) => value instanceof ArrayBuffer || (typeof ImageBitmap === "function" && value instanceof ImageBitmap));
}

async function answer({ id, call, argument }) {
  try {
    const result = await doJob(await ready, call, argument);
    postMessage({ id, result }, movable(result));
  } catch (error) {
    postMessage({ id, failure: { message: error.message, status: error.status ?? 0 } });
  }
}

// Does the jobs that come as messages.
export function serve() {
  onmessage = ({ data }) => {
    if (!data.module) answer(data);
    else {
      ready = start(data.module).then(createJobs);
      ready.then(() => postMessage({ ready: true }));
    }
  };
}
