// SPDX-License-Identifier: MIT
// One script for the page and its workers, which need most of it as well.
import { begin } from "./main.js";
import { serve } from "./worker.js";

if (typeof document === "object") begin();
else serve();
