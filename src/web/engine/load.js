// SPDX-License-Identifier: MIT
// Starts the module compiled from the library, and passes texts and buffers to its functions.

// A module of one function with a vector instruction, to ask whether there is SIMD.
const SIMD_PROBE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0,
  253, 15, 253, 98, 11);

// Returns why this browser cannot run the module; null if it can.
export function whyUnable() {
  if (typeof WebAssembly !== "object") return "This browser has no WebAssembly, which the computations need: update it.";
  if (!WebAssembly.validate(SIMD_PROBE))
    return "WebAssembly of this browser has no SIMD, which the computations need: update it.";
  if (typeof DecompressionStream !== "function") return "This browser cannot unpack the computations: update it.";
  return null;
}

// Compiles the module from its bytes, compressed with gzip.
export async function compile(packed) {
  const bytes = new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
  return WebAssembly.compile(await bytes.arrayBuffer());
}

// A failure of the library: its message of one line, and its eg_status.
export class EngineError extends Error {
  constructor(message, status) {
    super(message);
    this.name = "EdgegradError"; // as the npm package exports it
    this.status = status;
  }
}

const NO_MEMORY = 7, ERRNO_BADF = 8, ERRNO_NOSYS = 52;

// The functions of the system that the module imports. Standard output is collected in engine.output.
function systemFunctions(engine) {
  const ignore = () => 0;
  const zeros = (first, second) => {
    engine.view.setUint32(first, 0, true);
    engine.view.setUint32(second, 0, true);
    return 0;
  };
  const write = (fd, list, count, written) => {
    let total = 0;
    for (let i = 0; i < count; i++) {
      const at = engine.view.getUint32(list + 8 * i, true), size = engine.view.getUint32(list + 8 * i + 4, true);
      if (fd === 1 && size) engine.output.push(engine.bytes(at, size).slice());
      total += size;
    }
    engine.view.setUint32(written, total, true);
    return 0;
  };
  const clock = (id, precision, out) => {
    engine.view.setBigUint64(out, BigInt(Math.round(performance.now() * 1e6)), true);
    return 0;
  };
  const known = {
    fd_write: write, clock_time_get: clock, environ_sizes_get: zeros, environ_get: ignore,
    fd_close: ignore, fd_read: () => ERRNO_BADF, fd_seek: () => ERRNO_BADF, emscripten_notify_memory_growth: ignore,
    proc_exit: (code) => { throw new EngineError(`the module ended with code ${code}`, NO_MEMORY); },
  };
  // There are no files: system calls fail, with a negative number, and so do other functions, with a positive one.
  return (name) => known[name] ?? (() => name.startsWith("__syscall") ? -ERRNO_NOSYS : ERRNO_NOSYS);
}

// The module in memory. Views of the memory are made anew when it has grown.
class Engine {
  output = [];
  #view = null;

  set instance(instance) {
    this.functions = instance.exports;
  }

  get view() {
    const memory = this.functions.memory.buffer;
    if (this.#view?.buffer !== memory) this.#view = new DataView(memory);
    return this.#view;
  }

  // Returns `size` bytes from an address, which are the module's: copy them to keep them.
  bytes(at, size) {
    return new Uint8Array(this.functions.memory.buffer, at, size);
  }

  // Returns `count` elements of a typed array from an address, likewise.
  array(Type, at, count) {
    return new Type(this.functions.memory.buffer, at, count);
  }

  // Returns the text of the last function.
  text() {
    return new TextDecoder().decode(this.bytes(this.functions.web_text(), this.functions.web_text_size()));
  }

  version() {
    const at = this.functions.web_version(), bytes = new Uint8Array(this.functions.memory.buffer, at, 32);
    return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
  }

  // Calls a function that returns an eg_status, with numbers and strings, and returns what its JSON says.
  call(name, ...values) {
    const texts = [];
    const words = values.map((value) => {
      if (typeof value !== "string") return value;
      const at = this.#put(value);
      texts.push(at);
      return at;
    });
    this.output = [];
    try {
      const status = this.#run(name, words);
      const text = this.text();
      if (status) throw new EngineError(text, status);
      return text ? JSON.parse(text) : null;
    } finally {
      for (const at of texts) this.functions.web_free(at);
    }
  }

  // A trap leaves the module as it was at some point in between: only loading the page anew helps.
  #run(name, words) {
    try {
      return this.functions[name](...words);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      throw new EngineError(`the computation broke off (${error.message}): load the page anew`, NO_MEMORY);
    }
  }

  // Returns what the last function has written to standard output.
  written() {
    return new Blob(this.output);
  }

  // Copies a typed array into the memory for the duration of a function of its address.
  withArray(array, work) {
    const at = this.#reserve(array.byteLength);
    this.bytes(at, array.byteLength).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    try {
      return work(at);
    } finally {
      this.functions.web_free(at);
    }
  }

  #reserve(bytes) {
    const at = this.functions.web_alloc(bytes || 1);
    if (!at) throw new EngineError("out of memory: choose a smaller input", NO_MEMORY);
    return at;
  }

  #put(text) {
    const bytes = new TextEncoder().encode(text + "\0");
    const at = this.#reserve(bytes.length);
    this.bytes(at, bytes.length).set(bytes);
    return at;
  }
}

// Starts a module, WebAssembly.Module, and returns the engine.
export async function start(module) {
  const engine = new Engine();
  const known = systemFunctions(engine);
  const imports = {};
  for (const { module: place, name } of WebAssembly.Module.imports(module))
    (imports[place] ??= {})[name] = known(name);
  engine.instance = await WebAssembly.instantiate(module, imports);
  engine.functions._initialize?.();
  return engine;
}

// Returns options as the lines that the glue reads: without those that are undefined, null or NaN.
export function optionLines(options) {
  return Object.entries(options)
    .filter(([, value]) => value !== undefined && value !== null && !Number.isNaN(value))
    .map(([name, value]) => `${name}=${value}`).join("\n");
}
