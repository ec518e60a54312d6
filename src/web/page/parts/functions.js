// SPDX-License-Identifier: MIT
// The part "functions".
import { make } from "../dom.js";

export const functions = {
  id: "functions",
  title: "Functions",
  create(root) {
    root.append(make("p", {}, "Soon."));
    return { open() {}, values: () => ({}) };
  },
};
