import * as fc from "fast-check";
import { expect, test } from "vitest";
import cases from "../../../tests/cases/judge.json";
import loose from "../../../tests/cases/loose.json";
import totes from "../../../tests/cases/totes.json";
import { OUTCOMES } from "../generated/outcomes";
import { parse } from "./barcode";
import { countTyped, isWrong, judge, toteFor, type Loading, type Standing, type Stop, type Verdict } from "./judge";

interface Case {
  readonly note: string;
  readonly stop: Stop;
  readonly state: Standing;
  readonly scan: string;
  readonly verdict: Verdict;
}

const CASES = cases as unknown as readonly Case[];
const plain = (verdict: Verdict): unknown => JSON.parse(JSON.stringify(verdict));

test.each(CASES)("$note: judged as on the server", ({ stop, state, scan, verdict }) => {
  expect(plain(judge(stop, state, parse(scan)))).toEqual(verdict);
});

test.each(totes as unknown as readonly { note: string; loading: Loading; tote: string; against: unknown }[])("$note: judged as on the server", ({ loading, tote, against }) => {
  expect(toteFor(loading, tote)).toEqual(against);
});

test("a wrong scan changes nothing and a right one never counts too far", () => {
  const scans = fc.oneof(fc.constantFrom(...CASES.map((each) => each.scan)), fc.string());
  fc.assert(
    fc.property(fc.constantFrom(...CASES.map((each) => each.stop)), fc.constantFrom("bin", "item", "tote"), fc.nat(8), scans, (stop, phase, at, text) => {
      const state = { phase, counted: Math.min(at, stop.left) } as Standing;
      const verdict = judge(stop, state, parse(text));
      expect(verdict.state.counted).toBeLessThanOrEqual(stop.left);
      expect(verdict.book ?? 0).toBeLessThanOrEqual(stop.left);
      if (verdict.outcome.startsWith("wrong") || verdict.outcome === "unknown_barcode") expect(verdict.state).toEqual(state);
    }),
  );
});

test("what stops everything is what the catalogue calls an error", () => {
  const judged = new Set([...CASES, ...(loose as unknown as readonly Case[])].map((each) => each.verdict.outcome));
  for (const code of judged) expect([code, isWrong(code)]).toEqual([code, OUTCOMES[code as keyof typeof OUTCOMES].severity === "error"]);
});

test("a typed quantity counts only between one and what is wanted", () => {
  const stop = CASES[0]?.stop as Stop;
  expect([0, 1, 3, 4].map((n) => countTyped(stop, { phase: "item", counted: 0 }, n).outcome)).toEqual([
    "quantity_wrong", "item_right", "item_right", "over_pick",
  ]);
});
