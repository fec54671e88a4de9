import * as fc from "fast-check";
import { expect, test } from "vitest";
import { command, parse } from "../../core/barcode";
import type { Answer } from "../../core/queue";
import { leftOf, stopOf, type QueueView, type Tour, type TourStop } from "../../core/tour";
import { makeFlow, SHORT_REASONS, start, type All, type Input, type State } from "./flow";

const ALMOND = "04012345000016";
const HONEY = "04012345000023";
const item = (id: string, code: string) => ({ id, sku: id, names: { en: id }, uom: "each", picture: "", tracking: "none", barcodes: [{ code, uom: "each", quantity: 1 }, { code: `1${code.slice(1)}`, uom: "case", quantity: 3 }] });
const TASKS = [
  { task: "a", kind: "pick", bin: "A01-01-A", item: "i1", slot: 1, order: 10001 },
  { task: "b", kind: "pick", bin: "A02-02-B", item: "i2", slot: 2, order: 10002 },
  { task: "p", kind: "put_back", bin: "A03-01-A", item: "i1", slot: 1, order: 10001 },
] as const;

const stop = (of: (typeof TASKS)[number], at: number): fc.Arbitrary<TourStop> =>
  fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(1), fc.nat(1), fc.constantFrom("open", "open", "open", "open", "done", "cancelled"), fc.constantFrom("order_cancelled", "found_short"), fc.integer({ min: 1, max: 9 }), fc.nat(3)).map(([quantity, done, short, state, reason, version, moved]) => ({
    ...of, bin: { code: of.bin, check_digits: "47", aisle: of.bin.slice(0, 3), side: "left", level: "A", x_mm: 0, y_mm: 0 }, lot: "", expiry: null, tote: `T-000${of.slot}`,
    quantity, done: Math.min(done, quantity), short: Math.min(short, quantity - Math.min(done, quantity)), state, reason: state === "cancelled" ? reason : null, version, position: 1024 * (at + moved),
  }));
const tour: fc.Arbitrary<Tour> = fc.tuple(fc.tuple(stop(TASKS[0], 1), stop(TASKS[1], 2), stop(TASKS[2], 3)), fc.boolean(), fc.constantFrom(null, "C-01"), fc.constantFrom("taken", "started", "started"), fc.nat(9)).map(([stops, putBack, cart, state, version]) => ({
  id: "t1", number: 7, state, version, cutoff_at: "2026-11-24T16:00:00Z", person: "p1", cart: state === "started" ? "C-01" : cart,
  slots: [1, 2].map((slot) => ({ slot, order: 10000 + slot, tote: state === "started" ? `T-000${slot}` : null })), stops: putBack ? stops : stops.slice(0, 2),
  items: { i1: item("i1", ALMOND), i2: item("i2", HONEY) }, path: [], length_mm: 1, bin_order_mm: 1, busy_totes: ["T-0009"],
}));
const queue = (tours: readonly Tour[]): QueueView => ({ tours: Object.fromEntries(tours.map((each) => [each.id, each])), offers: {}, loose: {}, items: {} });
const answer = (outcome: string, severity: string, params: Answer["params"] = {}): Answer => ({ id: "x", seq: 1, outcome, severity: severity as "ok", params, version: null, task: "a" });
const scans = [ALMOND, HONEY, `1${ALMOND.slice(1)}`, "B-A01-01-A", "B-A02-02-B", "B-A03-01-A", "47", "T-0001", "T-0002", "T-0009", "C-01", "S-PACK-1", "what", command("UNDO"), command("SKIP")];
const input: fc.Arbitrary<Input> = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom("B-A01-01-A", "B-A02-02-B", "B-A03-01-A", ALMOND, HONEY, "T-0001", "T-0002").map((text): Input => ({ type: "scan", scan: parse(text) })) },
  { weight: 2, arbitrary: fc.constantFrom(...scans).map((text): Input => ({ type: "scan", scan: parse(text) })) },
  { weight: 4, arbitrary: tour.map((next): Input => ({ type: "queue", view: queue([next]), settled: false })) },
  fc.boolean().map((settled): Input => ({ type: "queue", view: queue([]), settled })),
  fc.constantFrom(...SHORT_REASONS).map((reason): Input => ({ type: "short", reason, id: "n" })),
  fc.integer({ min: -1, max: 9 }).map((quantity): Input => ({ type: "quantity", quantity })),
  fc.constantFrom<Input>(
    { type: "skip", reason: "later", id: "n" }, { type: "skip", reason: "blocked", id: "n" }, { type: "undo" }, { type: "tap", what: "go on" }, { type: "late" }, { type: "failed", why: { key: "common.noNetwork" } }, { type: "take", tour: "t1" },
    { type: "hand over", place: null }, { type: "answer", kind: "pick", answer: answer("set_aside", "card") }, { type: "answer", kind: "pick", answer: answer("picked", "ok") }, { type: "answer", kind: "tour.finish", answer: answer("tour_done", "ok") },
    { type: "answer", kind: "tour.cart", answer: answer("cart_bound", "ok", { cart: "C-01" }) }, { type: "answer", kind: "tour.tote", answer: answer("tote_bound", "ok", { slot: 1, tote: "T-0001" }) }, { type: "answer", kind: "tour.tote", answer: answer("tote_not_empty", "error") },
  ),
);

const isWaiting = (state: State): boolean => ("asking" in state && state.asking !== null) || ("taking" in state && state.taking !== null);
const UNITS: Readonly<Record<string, string>> = { pick: "qty", put_back: "qty", short: "missing" };

/** What a command says of units, and how many its stop wants beforehand: in one step a pick may come before its short. */
function checkCommands(before: State, effects: readonly All[]): void {
  const left = new Map("tour" in before ? before.tour.stops.map((each) => [each.task, leftOf(each)]) : []);
  for (const effect of effects) {
    const name = effect.type === "command" ? UNITS[effect.command.kind] : undefined;
    if (effect.type !== "command" || name === undefined) continue;
    const [units, task] = [Number(effect.command.body[name]), String(effect.command.body["task"])];
    expect(units).toBeGreaterThan(0);
    expect(units).toBeLessThanOrEqual(left.get(task) ?? 0);
    left.set(task, (left.get(task) ?? 0) - units);
  }
}

test("whatever is scanned, tapped and heard: nothing is booked beyond what a stop wants, what is in hand fits, and one thing is asked at a time", () => {
  const flow = makeFlow(() => "id");
  fc.assert(
    fc.property(tour, fc.array(input, { maxLength: 80, size: "max" }), (first, inputs) => {
      let state: State = flow.step(start("en", "p1"), { type: "restored", tour: first, begun: null }).state;
      for (const each of inputs) {
        const { state: after, effects } = flow.step(state, each);
        const waits = isWaiting(state) && after.mode === state.mode && each.type !== "answer" && each.type !== "take";
        expect(effects.filter((effect) => effect.type === "ask").length).toBeLessThanOrEqual(waits ? 0 : 1);
        checkCommands(state, effects);
        if (after.mode === "stop") {
          expect(stopOf(after.tour, after.stop.task)).toEqual({ ...after.stop, version: expect.any(Number) });
          expect(leftOf(after.stop)).toBeGreaterThan(0);
          expect(after.at.counted).toBeGreaterThanOrEqual(0);
          expect(after.at.counted).toBeLessThanOrEqual(leftOf(after.stop));
        }
        state = after;
      }
    }),
    { numRuns: 500 },
  );
});
