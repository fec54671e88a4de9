import { expect, test } from "vitest";
import { addressOf, flow, queryOf, refusedOf, start, wantedOf, type All, type Input, type Released, type State } from "./flow";

const run = (...inputs: Input[]): { state: State; asked: readonly All[] } => {
  let state: State = start;
  const asked: All[] = [];
  for (const input of inputs) {
    const step = flow.step(state, input);
    state = step.state;
    asked.push(...step.effects);
  }
  return { state, asked };
};
const gone = (hold: string): Released => ({ hold, status: "ready", code: "", why: null });
const stays = (hold: string): Released => ({ hold, status: null, code: "not_allowed", why: { en: "You may not do this.", de: "Das darfst du nicht." } });
const MANY = Array.from({ length: 12 }, (_, at) => `hold-${at}`);

test("nothing is asked while nothing is chosen", () => {
  expect(run({ type: "ask" }).state.mode).toBe("list");
  expect(run({ type: "toggle", id: "a" }, { type: "toggle", id: "a" }, { type: "ask" }).state.mode).toBe("list");
});

test("many go a portion at a time, and the progress is what is left", () => {
  const begun = run({ type: "all", ids: MANY }, { type: "ask" }, { type: "note", note: "seen" }, { type: "go" });
  expect(begun.asked).toEqual([{ type: "release", holds: MANY.slice(0, 10), note: "seen" }]);
  const half = run({ type: "all", ids: MANY }, { type: "ask" }, { type: "go" }, { type: "went", results: MANY.slice(0, 10).map(gone) });
  expect(half.state).toMatchObject({ mode: "going", total: 12, left: MANY.slice(10) });
  expect(half.asked.at(-1)).toMatchObject({ type: "release", holds: MANY.slice(10) });
});

test("what cannot go is named, and the list is read anew", () => {
  const { state, asked } = run({ type: "ask", ids: ["a", "b"] }, { type: "go" }, { type: "went", results: [gone("a"), stays("b")] });
  expect(state).toMatchObject({ mode: "list", chosen: [] });
  expect(refusedOf(state.mode === "list" ? state.results : [])).toEqual([stays("b")]);
  expect(asked.at(-1)).toEqual({ type: "reload" });
});

test("without an answer the rest stays chosen", () => {
  const { state } = run({ type: "all", ids: MANY }, { type: "ask" }, { type: "go" }, { type: "went", results: MANY.slice(0, 10).map(gone) }, { type: "failed", why: { key: "common.noNetwork" } });
  expect(state).toMatchObject({ mode: "list", chosen: MANY.slice(10), fault: { key: "common.noNetwork" } });
});

test("the address says what is shown, and what makes no sense in it is left out", () => {
  const wanted = wantedOf(new URLSearchParams("reason=fraud_suspected&late=overdue&hours=5&owner=DROP TABLE"));
  expect(wanted).toEqual({ reason: "fraud_suspected", owner: null, late: "overdue", hours: null, after: null });
  expect(addressOf(wanted)).toBe("/holds?reason=fraud_suspected&late=overdue");
  expect(queryOf(wanted)).toMatchObject({ reason: "fraud_suspected", overdue: "true", escalated: null });
});
