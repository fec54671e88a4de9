import * as fc from "fast-check";
import { expect, test } from "vitest";
import cases from "../../../tests/cases/pack.json";
import { parse } from "./barcode";
import { afterPacked, afterWeighed, disbelieved, judgePacking, judgeWeight, mergedView, type Bench, type PackOrder, type PackVerdict, type PackView } from "./packing";

interface Case {
  readonly note: string;
  readonly bench: Bench;
  readonly scan: string;
  readonly verdict: PackVerdict;
}

const SCANS = cases.scans as unknown as readonly Case[];
const plain = (verdict: PackVerdict): unknown => JSON.parse(JSON.stringify(verdict));

test.each(SCANS)("$note: judged as on the server", ({ bench, scan, verdict }) => {
  expect(plain(judgePacking(bench, parse(scan)))).toEqual(verdict);
});

test.each(cases.weights)("$note: weighed as on the server", ({ expected_g, grams, verdict }) => {
  expect(plain(judgeWeight(expected_g, grams))).toEqual(verdict);
});

test("nothing is ever booked beyond what a line wants, nor into an order that must stay in its tote", () => {
  const scans = fc.oneof(fc.constantFrom(...SCANS.map((each) => each.scan)), fc.string());
  fc.assert(
    fc.property(fc.constantFrom(...SCANS.map((each) => each.bench)), scans, (bench, text) => {
      const verdict = judgePacking(bench, parse(text));
      const order = bench.orders.find((each) => each.number === verdict.order);
      const line = order?.lines.find((each) => each.line === verdict.line);
      if (verdict.book === undefined) return;
      expect(order?.held === false && order.cancelled === false).toBe(true);
      expect((line?.packed ?? 0) + verdict.book).toBeLessThanOrEqual(line?.wanted ?? 0);
    }),
  );
});

test("while scans are unsent the server's older word does not take back what was packed here", () => {
  const order = (packed: number): PackOrder =>
    ({ id: "f1", number: 1, held: false, cancelled: false, carton: null, closed: [], lines: [{ line: "l1", lot: null, wanted: 3, packed, item: { id: "i", sku: "s", names: {}, uom: "each", picture: null, weight_g: 1, barcodes: [] } }] }) as unknown as PackOrder;
  const view = (packed: number): PackView => ({ station: { id: "s", code: "P", name: "P" }, printer: null, totes: {}, orders: { f1: order(packed) }, carton_types: [] });
  expect(mergedView(view(2), view(1), false).orders["f1"]?.lines[0]?.packed).toBe(2);
  expect(mergedView(view(2), view(1), true).orders["f1"]?.lines[0]?.packed).toBe(1);
});

test("a view that was read before the last scan arrived takes nothing back, until the server took it differently", () => {
  const order = (packed: number, version: number): PackOrder =>
    ({ id: "f1", number: 1, lines: [{ line: "l1", wanted: 2, packed }], carton: { id: "c1", weight_g: null, version, state: "open", contents: {} } }) as unknown as PackOrder;
  const view = (packed: number, version: number): PackView => ({ orders: { f1: order(packed, version) } }) as unknown as PackView;
  const mine = afterPacked(view(1, 4), "f1", "l1", 1);
  const shown = (theirs: PackView, of = mine): (number | null | undefined)[] => {
    const found = mergedView(of, theirs, true).orders["f1"];
    return [found?.lines[0]?.packed, found?.carton?.weight_g];
  };
  expect(shown(view(1, 4))).toEqual([2, null]);
  expect(shown(view(1, 4), mergedView(mine, view(1, 4), true))).toEqual([2, null]);
  expect(shown(view(2, 6))).toEqual([2, null]);
  expect(shown(view(1, 7))).toEqual([1, null]);
  expect(shown(view(2, 6), afterWeighed(view(2, 6), "f1", 500))).toEqual([2, 500]);
  expect(shown(view(1, 4), disbelieved(mine))).toEqual([1, null]);

  const untouched = view(0, 0);
  const unopened: PackView = { ...untouched, orders: { f1: { ...untouched.orders["f1"], carton: null } as PackOrder } };
  const both = afterPacked(afterPacked(unopened, "f1", "l1", 1), "f1", "l1", 1);
  const half = mergedView(both, view(1, 2), true);
  expect(half.orders["f1"]?.lines[0]?.packed).toBe(2);
  expect(shown(unopened, both)[0]).toBe(2);
  expect(shown(view(1, 2), half)[0]).toBe(2);
  expect(shown(view(1, 5), half)[0]).toBe(1);
});
