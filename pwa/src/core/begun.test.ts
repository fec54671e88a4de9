import { expect, test } from "vitest";
import { holds, isAsItWas, isSame, type Begun } from "./begun";
import type { TourStop } from "./tour";

const stop: TourStop = {
  task: "a", kind: "pick", state: "open", position: 1024, version: 1, bin: { code: "A01-01-A", check_digits: "47", aisle: "A01", side: "left", level: "A", x_mm: 0, y_mm: 0 },
  item: "i1", lot: "", expiry: null, quantity: 2, done: 0, short: 0, slot: 1, tote: "T-0001", order: 10001, reason: null,
};
const begun: Begun = { person: "p1", stop, at: { phase: "item", counted: 1 } };
const CHANGES: readonly Partial<TourStop>[] = [
  { task: "b" }, { version: 2 }, { kind: "put_back" }, { state: "cancelled" }, { bin: { ...stop.bin, code: "A01-01-B" } }, { item: "i2" }, { lot: "L2" }, { quantity: 3 }, { done: 1 }, { short: 1 }, { slot: 2 },
];

test.each(CHANGES)("a confirmation says nothing about a stop that has changed: %o", (change) => {
  expect([isAsItWas(stop, { ...stop, ...change }), holds(begun, "p1", { ...stop, ...change })]).toEqual([false, false]);
});

test("it holds for its person at the stop as it was, wherever that stands in the walk", () => {
  expect(holds(begun, "p1", { ...stop, position: 9000 })).toBe(true);
  expect(holds(begun, "p2", stop)).toBe(false);
  expect(holds({ ...begun, at: { phase: "tote", counted: 3 } }, "p1", stop)).toBe(false);
});

test("a count holds whatever was counted: nobody is told how many there should be", () => {
  const count = { ...stop, kind: "count", quantity: 0 };
  expect(holds({ person: "p1", stop: count, at: { phase: "confirm", counted: 7 } }, "p1", count)).toBe(true);
});

test("only another step, another count or another stop is anything new", () => {
  expect([isSame(null, null), isSame(begun, { ...begun, stop: { ...stop, version: 2 } })]).toEqual([true, true]);
  const others: (Begun | null)[] = [null, { ...begun, stop: { ...stop, task: "b" } }, { ...begun, at: { phase: "tote", counted: 1 } }, { ...begun, at: { phase: "item", counted: 0 } }, { ...begun, short: "empty" }];
  for (const other of others) expect(isSame(begun, other)).toBe(false);
});
