// SPDX-License-Identifier: MIT
// The part "terrain".
import { make } from "../dom.js";

export const terrain = {
  id: "terrain",
  title: "Terrain",
  create(root) {
    root.append(make("p", {}, "Soon."));
    return { open() {}, values: () => ({}) };
  },
};
