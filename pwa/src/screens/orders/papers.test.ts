import { expect, test } from "vitest";
import { mayPrint, MOST, papers, start, TOO_MANY, withoutOf, type Effect, type Input, type Made, type State } from "./papers";

function after(...inputs: readonly Input[]): { readonly state: State; readonly effects: readonly Effect[] } {
  let state: State = start;
  const effects: Effect[] = [];
  for (const input of inputs) {
    const step = papers.step(state, input);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

const print = (kind: "confirmations" | "slips", orders: readonly number[] | null): Input => ({ type: "print", kind, orders });
const MADE: Made = { url: "blob:1", orders: 2, without: [7] };

test("papers of the chosen orders are made once, and stand ready with who has none", () => {
  const { state, effects } = after(print("slips", [9, 8, 7]), print("slips", [9, 8, 7]), { type: "made", made: MADE });
  expect(effects).toEqual([{ type: "make", kind: "slips", orders: [9, 8, 7] }]);
  expect(state).toEqual({ mode: "ready", kind: "slips", made: MADE });
});

test("all that are found are printed by what finds them", () => {
  expect(after(print("confirmations", null))).toEqual({ state: { mode: "making", kind: "confirmations" }, effects: [{ type: "make", kind: "confirmations", orders: null }] });
});

test("what is broken off is stopped, and what it answers late changes nothing", () => {
  const { state, effects } = after(print("confirmations", [9]), { type: "close" }, { type: "failed", why: { key: "common.noNetwork" } }, { type: "made", made: MADE });
  expect(effects.at(-1)).toEqual({ type: "stop" });
  expect(state).toEqual(start);
});

test("more than are printed at once are not asked for: it is said how many can be", () => {
  const many = Array.from({ length: MOST + 1 }, (_, n) => n + 1);
  expect(after(print("slips", many))).toEqual({ state: { mode: "failed", kind: "slips", why: TOO_MANY }, effects: [] });
  expect(after(print("slips", many.slice(1))).state.mode).toBe("making");
});

test("what failed says why until it is asked again or put away", () => {
  const failed: readonly Input[] = [print("slips", [9]), { type: "failed", why: { key: "x" } }];
  expect(after(...failed).state).toEqual({ mode: "failed", kind: "slips", why: { key: "x" } });
  expect(after(...failed, { type: "close" })).toMatchObject({ state: start, effects: [{ type: "make" }] });
  expect(after(...failed, print("confirmations", [9])).state).toEqual({ mode: "making", kind: "confirmations" });
});

test("a PDF is let go of when it is put away, and when another one takes its place", () => {
  const ready: readonly Input[] = [print("slips", [9]), { type: "made", made: MADE }];
  expect(after(...ready, { type: "close" }).effects.slice(1)).toEqual([{ type: "forget", url: "blob:1" }]);
  expect(after(...ready, print("confirmations", [8])).effects.slice(1)).toEqual([
    { type: "forget", url: "blob:1" },
    { type: "make", kind: "confirmations", orders: [8] },
  ]);
});

test("only what one may see can be printed", () => {
  expect(mayPrint(["orders.read", "slips.read"])).toEqual(["confirmations", "slips"]);
  expect(mayPrint(["orders.read"])).toEqual(["confirmations"]);
});

test("the header of those without a paper is read", () => {
  expect([withoutOf(null), withoutOf(""), withoutOf("10482,10481")]).toEqual([[], [], [10482, 10481]]);
});
