// SPDX-License-Identifier: MIT
// Expressions: parsed, differentiated and evaluated by the module.

const unused = typeof FinalizationRegistry === "function"
  ? new FinalizationRegistry(({ engine, address }) => engine.functions.formula_free(address)) : null;

// A function given by its text, such as "x^2 + y^2" or "f(x, y) = x y".
export class Formula {
  #engine;
  #address;

  // Fails with an EngineError, whose `offset` and `length` say where the text is wrong, in bytes of UTF-8.
  static parse(engine, text) {
    try {
      return new Formula(engine, engine.call("formula_parse", text));
    } catch (error) {
      error.offset = engine.functions.formula_wrong_offset();
      error.length = engine.functions.formula_wrong_length();
      throw error;
    }
  }

  constructor(engine, { address, variables, text }) {
    this.#engine = engine;
    this.#address = address;
    this.variables = variables; // names, in the order of the coordinates of a point
    this.text = text; // simplified
    unused?.register(this, { engine, address });
  }

  // Returns the partial derivative by a variable.
  derivative(name) {
    const index = this.variables.indexOf(name);
    if (index < 0) throw new RangeError(`there is no variable ${name}`);
    return new Formula(this.#engine, this.#engine.call("formula_derivative", this.#address, index));
  }

  // Returns { value, gradient } at a point, an array of as many numbers as there are variables.
  at(point) {
    const numbers = this.#numbers(point);
    const { value, gradient } = this.#engine.withArray(numbers, (at) => this.#engine.call("formula_at", this.#address, at));
    return { value: value ?? NaN, gradient: gradient.map((part) => part ?? NaN) };
  }

  // Returns the values at many points, a Float64Array; `coordinates` has an array for each variable.
  values(coordinates) {
    const count = coordinates.length ? coordinates[0].length : 1, inputs = coordinates.length * count;
    if (coordinates.length !== this.variables.length || coordinates.some((list) => list.length !== count))
      throw new RangeError(`the coordinates are ${this.variables.length} arrays of the same length`);
    const memory = new Float64Array(inputs + count);
    coordinates.forEach((list, i) => memory.set(list, i * count));
    return this.#engine.withArray(memory, (at) => {
      const out = at + 8 * inputs;
      this.#engine.call("formula_values", this.#address, at, count, out);
      return this.#engine.array(Float64Array, out, count).slice();
    });
  }

  #numbers(point) {
    const count = this.variables.length;
    if (point.length !== count) throw new RangeError(`a point has ${count} numbers, not ${point.length}`);
    return Float64Array.from(point);
  }
}
