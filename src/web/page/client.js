// SPDX-License-Identifier: MIT
// Passes jobs to a worker, worker.js. Without workers the page does them itself, with the same functions.
import { EngineError, compile, start } from "../engine/load.js";
import { Cancelled } from "./cancelled.js";
import { createJobs, doJob } from "./jobs/jobs.js";

// Reads a block of data of the page, base64 in an element.
export function embedded(id) {
  const text = atob(document.getElementById(id).textContent.trim());
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

let compiled = null;

// Returns the compiled module, which all workers share.
function module() {
  return compiled ??= compile(embedded("wasm"));
}

let workerAddress = null;

// Starts a worker; fails if the browser has none, or does not let it start.
function readyWorker(code) {
  workerAddress ??= URL.createObjectURL(new Blob([document.getElementById("script").textContent], { type: "text/javascript" }));
  const worker = new Worker(workerAddress);
  return new Promise((resolve, reject) => {
    worker.onmessage = () => resolve(worker);
    worker.onerror = reject;
    worker.postMessage({ module: code });
  });
}

// Does jobs in a worker, one after the other.
export class Client {
  #worker = null;
  #waiting = new Map(); // what to do with the answer, by the number of the job
  #next = 1;
  #local = null; // the jobs, without a worker
  #beginning = null;
  #era = 0; // counts the calls of stop()

  // Does a job, "part.name", and returns its result. `moved`: buffers of the argument to move instead of copying.
  async call(call, argument, moved = []) {
    const era = this.#era;
    if (!this.#worker && !this.#local) await (this.#beginning ??= this.#begin());
    if (era !== this.#era) throw new Cancelled("cancelled");
    if (this.#local) return doJob(this.#local, call, argument);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, call, argument }, moved);
    });
  }

  // Returns true while jobs are being done.
  get busy() {
    return this.#waiting.size > 0;
  }

  // Gives up all jobs and what the worker has loaded; the next call() starts anew.
  stop() {
    this.#era++;
    this.#worker?.terminate();
    this.#worker = this.#beginning = null;
    this.#rejectAll(new Cancelled("cancelled"));
  }

  async #begin() {
    const era = this.#era, code = await module();
    let worker;
    try {
      worker = await readyWorker(code);
    } catch {
      this.#local = createJobs(await start(code));
      return;
    }
    if (era !== this.#era) { // stopped before it began
      worker.terminate();
      return;
    }
    this.#worker = worker;
    this.#worker.onmessage = ({ data }) => this.#receive(data);
    this.#worker.onerror = (event) => this.#rejectAll(new EngineError(event.message || "the worker failed", 0));
  }

  #receive({ id, result, failure }) {
    const job = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (failure) job?.reject(new EngineError(failure.message, failure.status));
    else job?.resolve(result);
  }

  #rejectAll(reason) {
    const jobs = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const job of jobs) job.reject(reason);
  }
}
