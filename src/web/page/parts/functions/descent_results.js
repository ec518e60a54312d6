// SPDX-License-Identifier: MIT
// What came of the runs of a descent, in the words of the library.
import { make } from "../../dom.js";
import { methodOf, verdictOf } from "./descent_methods.js";
import { general } from "./point_numbers.js";
import { box, hint } from "./layout.js";

// Returns the element of one run.
function runCard(app, run) {
  const number = (value) => app.show(general(value)), { title } = methodOf(run.name);
  if (run.error) return box(`run ${run.name}`, make("h3", {}, title), make("p", { class: "message" }, run.error.message));
  const verdict = verdictOf(run), comma = app.point === "," ? ";" : ",";
  const rate = run.rate === null ? "" : `, rate ${number(run.rate)}${run.rate_chosen ? " (auto)" : ""}`;
  return box(`run ${run.name}`,
    make("h3", {}, title, make("span", { class: `verdict ${verdict.kind}` }, verdict.text)),
    make("p", {}, `${run.steps} ${run.steps === 1 ? "step" : "steps"}${rate}: f = `, make("b", {}, number(run.value)),
      ` at (${number(run.x)}${comma} ${number(run.y)})`),
    [run.stopped, run.end].filter(Boolean).map((text) => make("p", { class: "why" }, text)),
    run.remarks.map((text) => make("p", { class: "remark" }, text)));
}

// Returns the elements of all runs.
export function runCards(app, runs) {
  return runs.length ? runs.map((run) => runCard(app, run)) : [hint("Choose a method.")];
}

// Returns the runs in one sentence each.
export function runsText(runs) {
  const text = (run) => `${methodOf(run.name).title}: ${run.error ? run.error.message : verdictOf(run).text}`;
  return runs.map(text).join(". ");
}

// Returns the commands that run the same; Newton's method, which takes no rate here, has one of its own.
export function descentCommand({ f, start, rate }, { methods, steps }) {
  const run = `edgegrad descent '${f}' --from '${start.join(",")}'`, others = methods.filter((name) => name !== "newton");
  const most = steps === 1000 ? "" : ` --steps ${steps}`;
  const chosen = Number.isNaN(rate) ? "" : ` --rate ${rate}`;
  const lines = others.length ? [`${run} --compare ${others.join(",")}${chosen}${most}`] : [];
  if (methods.includes("newton")) lines.push(`${run} --method newton${most}`);
  return lines.join("\n");
}
