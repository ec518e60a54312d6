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

let last = Promise.resolve(); // the job before

// Does the job called "part.name" once those before are done, because they share what is loaded. A part that has arrived()
// learns of the job at once, and may give up the one that is being done.
export function doJob(jobs, call, argument) {
  const [part, name] = call.split("."), given = argument ?? {};
  jobs[part].arrived?.(name, given);
  const job = last.then(() => jobs[part][name](given));
  last = job.catch(() => {});
  return job;
}
