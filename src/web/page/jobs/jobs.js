// SPDX-License-Identifier: MIT
// The jobs that a worker does, by part. A job is a function of one object, called as "part.name"; it returns numbers,
// texts and typed arrays, whose memory moves to the page.
import { functionJobs } from "./functions.js";
import { pictureJobs } from "./picture.js";
import { terrainJobs } from "./terrain.js";

export function createJobs(engine) {
  return {
    picture: pictureJobs(engine),
    functions: functionJobs(engine),
    terrain: terrainJobs(engine),
  };
}

// Does the job called "part.name".
export async function doJob(jobs, call, argument) {
  const [part, name] = call.split(".");
  return jobs[part][name](argument ?? {});
}
