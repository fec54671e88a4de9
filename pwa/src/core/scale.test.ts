import * as fc from "fast-check";
import { expect, test } from "vitest";
import { judgeWeight } from "./packing";
import { heard, readReport, seeded, simulated, untaken, type Reading, type Taking } from "./scale";

const report = (...bytes: readonly number[]): DataView => new DataView(Uint8Array.from(bytes).buffer);
const [FAULT, ZERO, MOVING, STABLE, UNDER, OVER, CALIBRATE, REZERO] = [1, 2, 3, 4, 5, 6, 7, 8];
const [MILLIGRAM, GRAM, KILO, TAEL, OUNCE, POUND] = [1, 2, 3, 5, 11, 12];

test.each([
  ["grams", [STABLE, GRAM, 0, 0x02, 0x12], 4610],
  ["kilos in hundredths", [STABLE, KILO, -2 & 0xff, 0xcd, 0x01], 4610],
  ["tenths of ounces", [STABLE, OUNCE, -1 & 0xff, 100, 0], 283],
  ["pounds in hundredths", [STABLE, POUND, -2 & 0xff, 0xf4, 0x01], 2268],
  ["milligrams in thousands", [STABLE, MILLIGRAM, 3, 5, 0], 5],
  ["grams in tens", [STABLE, GRAM, 1, 9, 0], 90],
  ["four bytes", [STABLE, GRAM, 0, 0x10, 0x27, 0x00, 0x00], 10_000],
])("a report in %s is read as grams", (_unit, bytes, grams) => {
  expect(readReport(report(...bytes))).toEqual({ state: "stable", grams });
});

test("what is no weight is said to be none", () => {
  const state = (...bytes: readonly number[]) => readReport(report(...bytes))?.state;
  expect([FAULT, ZERO, UNDER, OVER, CALIBRATE, REZERO].map((status) => state(status, GRAM, 0, 9, 9))).toEqual(["fault", "zero", "under", "overload", "fault", "fault"]);
  expect(readReport(report(MOVING, GRAM, 0, 200, 0))).toEqual({ state: "moving", grams: 200 });
  expect(state(STABLE, GRAM, 0, 0, 0)).toBe("zero");
  expect(state(STABLE, GRAM, 9, 0xff, 0xff)).toBe("fault");
  for (const bytes of [[], [STABLE, GRAM, 0, 1], [0, GRAM, 0, 1, 0], [9, GRAM, 0, 1, 0], [STABLE, TAEL, 0, 1, 0], [STABLE, 99, 0, 1, 0]]) expect(readReport(report(...bytes))).toBeNull();
});

test("whatever bytes come, a reading is whole grams within reason, or none", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      const reading = readReport(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      if (reading !== null) expect(Number.isInteger(reading.grams) && reading.grams >= 0 && reading.grams <= 1_000_000).toBe(true);
    }),
  );
});

const takenOf = (...readings: readonly Reading[]): number[] => {
  const taken: number[] = [];
  readings.reduce((before: Taking, reading) => {
    const next = heard(before, reading, true);
    if (next.take !== null) taken.push(next.take);
    return next;
  }, untaken);
  return taken;
};
const stable = (grams: number): Reading => ({ state: "stable", grams });
const moving: Reading = { state: "moving", grams: 5 };

test("only what stands still is a weight, and it is taken once", () => {
  expect(takenOf(moving, moving, stable(500), stable(500), stable(500))).toEqual([500]);
  expect(takenOf(stable(500), moving, stable(510))).toEqual([500, 510]);
  expect(takenOf(stable(500), { state: "zero", grams: 0 }, stable(500))).toEqual([500, 500]);
  expect(takenOf({ state: "overload", grams: 0 }, { state: "under", grams: 0 }, { state: "fault", grams: 0 }, stable(0))).toEqual([]);
});

test("what was put on before a weight is waited for is taken then, and what was taken is not taken for the next carton", () => {
  const early = heard(heard(untaken, moving, false), stable(500), false);
  const due = heard(early, stable(500), true);
  expect([early.take, due.take]).toEqual([null, 500]);
  const after = heard(due, stable(500), false);
  expect(heard(after, stable(500), true).take).toBeNull();
  expect(heard(heard(after, moving, false), stable(700), true).take).toBe(700);
});

test("the simulated scale moves, stands still once, mostly near the truth, and the same for the same seed", () => {
  const random = seeded(7);
  const weights = Array.from({ length: 200 }, () => simulated(2000, random));
  const taken = weights.map((readings) => takenOf(...readings));
  expect(taken.every((each) => each.length === 1)).toBe(true);
  const right = taken.filter(([grams = 0]) => judgeWeight(2000, grams).outcome === "weight_right").length;
  expect(right).toBeGreaterThan(150);
  expect(right).toBeLessThan(200);
  expect(new Set(weights.map((readings) => readings.length)).size).toBe(2);
  expect(simulated(2000, seeded(3))).toEqual(simulated(2000, seeded(3)));
  expect(simulated(1, seeded(3)).every(({ grams }) => grams >= 0)).toBe(true);
});
