import * as fc from "fast-check";
import { expect, test } from "vitest";
import { command, parse } from "../../core/barcode";
import type { PackCarton, PackOrder, PackView } from "../../core/packing";
import { makeFlow, start, type Input, type State } from "./flow";

const CODES = { a: "04012345000016", h: "04012345000023" } as const;
const SSCC = "340123450000000017";
const COMMANDS = ["NEW_CARTON", "OTHER_CARTON", "SHORT", "DAMAGED", "REPRINT", "UNDO", "CLOSE", "HELP", "YES", "NO", "DONE", "ACCEPT", "NEW_LABEL", "WHAT"];
const TAPS = [...COMMANDS, "confirm", "back", "void", "print", "set down"];
const station = { id: "s1", code: "PACK-1", name: "Pack 1" };
const type = { code: "M2", name: "Box M2", length_mm: 310, width_mm: 220, height_mm: 150 };

const line = (id: string, name: "a" | "h", wanted: number, packed: number) => ({
  line: id + name, lot: null, wanted, packed: Math.min(wanted, packed),
  item: { id: name, sku: name, names: { en: name }, uom: "each", picture: null, weight_g: 500, barcodes: [{ code: CODES[name], uom: "each", quantity: 1 }] },
});
const carton = (number: number): fc.Arbitrary<PackCarton> =>
  fc.record({
    id: fc.constant(`c${number}`), number: fc.constant(number), sscc: fc.constant(SSCC.slice(0, -1) + String(7 + number)), type: fc.constant(type), fill_percent: fc.constant(5), expected_g: fc.constant(1000),
    weight_g: fc.constantFrom(null, 1000), state: fc.constantFrom("open", "complete"), version: fc.nat(9), contents: fc.constantFrom({}, { f1a: 1 }, { f1a: 2, f1h: 1 }),
    label: fc.constantFrom(null, ...["wanted", "live", "void", "refused"].map((state) => ({ state, tracking: "N", zpl_url: null, reason: null }))),
    print: fc.constantFrom(null, ...["queued", "sending", "printed", "failed", "unknown", "cancelled"].map((state) => ({ job: "j", state, reason: null }))),
  });
const order = (id: string, number: number): fc.Arbitrary<PackOrder> =>
  fc.tuple(fc.nat(3), fc.nat(3), fc.nat(2), fc.option(carton(1)), fc.option(carton(2)), fc.nat(9), fc.boolean(), fc.nat(1)).map(([wanted, packed, other, first, second, odds, whole, short]) => ({
    id, number, status: "picked", held: odds === 0, cancelled: odds === 1, hold_reason: null, service: "np", cutoff_at: "2026-11-24T16:00:00Z", checklist: [],
    lines: [line(id, "a", wanted, packed), line(id, "h", 1, other)], carton: first, filling: first === null ? null : second, closed: odds === 2 ? [{ id: "c9", number: 1, sscc: SSCC, tracking: null, voidable: true }] : [],
    whole, backordered: short, to_pick: odds === 3 ? 1 : 0, elsewhere: odds === 4 ? [{ code: "T-0009", state: "assigned", station: null, cart: null }] : [], place: odds === 4 ? 1 : null, suggested: "M2",
  }));
const view: fc.Arbitrary<PackView> = fc.tuple(order("f1", 10481), order("f2", 10485), fc.boolean()).map(([f1, f2, both]) => ({
  station, printer: null, carton_types: [type], orders: both ? { f1, f2 } : { f1 },
  totes: { "T-0419": { code: "T-0419", orders: ["f1"], place: null }, ...(both ? { "T-0420": { code: "T-0420", orders: ["f2"], place: null } } : {}) },
}));
const answer = (outcome: string, severity: string) => ({ id: "x", seq: 1, outcome, severity: severity as "ok", params: {}, version: null, task: null });
const input: fc.Arbitrary<Input> = fc.oneof(
  fc.constantFrom(...Object.values(CODES), "T-0419", "T-0999", `(00)${SSCC.slice(0, -1)}8`, "1000", "50", "what", ...COMMANDS.map(command)).map((text): Input => ({ type: "scan", scan: parse(text) })),
  fc.constantFrom(...TAPS).map((what): Input => ({ type: "tap", what })),
  fc.tuple(view, fc.boolean()).map(([next, settled]): Input => ({ type: "view", view: next, settled })),
  fc.constantFrom<Input>(
    { type: "weight", grams: 1000 }, { type: "weight", grams: 3 }, { type: "carton", code: "M2" }, { type: "closed", carton: "c9" }, { type: "line", line: "f1a" }, { type: "missing", units: 9 }, { type: "reason", reason: "damaged" }, { type: "why", why: "so" },
    { type: "answer", kind: "pack.open", answer: answer("pack_opened", "ok") }, { type: "answer", kind: "pack.close", answer: answer("carton_closed", "ok") }, { type: "answer", kind: "pack.undo", answer: answer("undo_too_late", "error") },
    { type: "printer", printer: "p2" }, { type: "acknowledged" }, { type: "done", kind: "printer" }, { type: "done", kind: "void" }, { type: "done", kind: "accept" }, { type: "failed", why: { key: "common.noNetwork" } }, { type: "heard", answer: answer("shorted_backordered", "ok") }, { type: "heard", answer: answer("set_aside", "card") },
  ),
);

test("whatever is scanned, tapped and heard: nothing is packed beyond what is wanted, and one thing is asked at a time", () => {
  const flow = makeFlow(() => "id");
  fc.assert(
    fc.property(view, fc.array(input, { maxLength: 40 }), (first, inputs) => {
      let state: State = flow.step(start("en"), { type: "restored", station, view: first }).state;
      for (const each of inputs) {
        const before = state;
        const { state: after, effects } = flow.step(before, each);
        const asks = effects.filter((effect) => effect.type === "ask" || effect.type === "post").length;
        expect(asks).toBeLessThanOrEqual("asking" in before && before.asking !== null ? 0 : 1);
        for (const { lines } of "view" in after && after.view !== null ? Object.values(after.view.orders) : []) {
          for (const { packed, wanted } of lines) expect(packed).toBeLessThanOrEqual(wanted);
        }
        state = after;
      }
    }),
    { numRuns: 300 },
  );
});
