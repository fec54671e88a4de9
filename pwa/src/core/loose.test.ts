import * as fc from "fast-check";
import { expect, test } from "vitest";
import cases from "../../../tests/cases/loose.json";
import { parse } from "./barcode";
import { begin, judge, typed, type Loose, type Standing, type Verdict } from "./loose";

interface Case {
  readonly note: string;
  readonly task: Loose;
  readonly state: Standing;
  readonly scan?: string;
  readonly typed?: number;
  readonly verdict: Verdict;
}

const CASES = cases as unknown as readonly Case[];
const SCANS = CASES.flatMap((each) => (each.scan === undefined ? [] : [each.scan]));
const plain = (verdict: Verdict): unknown => JSON.parse(JSON.stringify(verdict));

test.each(CASES)("$note: judged as on the server", ({ task, state, scan, typed: number, verdict }) => {
  expect(plain(scan === undefined ? typed(task, state, number ?? 0) : judge(task, state, parse(scan)))).toEqual(verdict);
});

test("a wrong scan changes nothing, and what is booked was in hand", () => {
  const phases = fc.constantFrom("tote", "item", "bin", "quantity", "confirm");
  fc.assert(
    fc.property(fc.constantFrom(...CASES.map((each) => each.task)), phases, fc.nat(9), fc.oneof(fc.constantFrom(...SCANS), fc.string()), (task, phase, counted, text) => {
      const state = { phase, counted } as Standing;
      const verdict = judge(task, state, parse(text));
      if (/^wrong|^unknown|^over/.test(verdict.outcome)) expect(verdict.state).toEqual(state);
      if (verdict.book === true) expect([Object.values(verdict.params ?? {}).includes(counted), verdict.state]).toEqual([true, begin(task)]);
    }),
  );
});
