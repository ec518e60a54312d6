// SPDX-License-Identifier: MIT
// The job of the part "functions": calls a function of the glue by its name.

export function functionJobs(engine) {
  const { functions } = engine;

  // Calls it with one array, if there is one among the values, copied into the module's memory.
  function call(name, values) {
    const at = values.findIndex((value) => ArrayBuffer.isView(value));
    if (at < 0) return engine.call(name, ...values);
    return engine.withArray(values[at], (address) => call(name, values.with(at, address)));
  }

  return {
    // Returns the answer, {error} if the function failed, and the numbers that it left.
    call({ name, values }) {
      let reply;
      try {
        reply = call(name, values);
      } catch (error) {
        if (!error.message.startsWith("{")) throw error;
        reply = JSON.parse(error.message);
      }
      const count = functions.functions_count();
      return {
        reply,
        numbers: count ? engine.array(Float64Array, functions.functions_numbers(), count).slice() : new Float64Array(),
      };
    },
  };
}
