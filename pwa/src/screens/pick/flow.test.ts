import { expect, test } from "vitest";
import { command } from "../../core/barcode";
import cases from "../../../../tests/cases/judge.json";
import type { Begun } from "../../core/begun";
import { answer, commands, counting, played, scan, titles } from "../../core/played";
import { loadOf, type QueueView, type Tour, type TourStop } from "../../core/tour";
import { makeFlow, start, type All, type Input, type State } from "./flow";

const GTIN = (cases.find((each) => each.note === "the item, two to go")?.scan ?? "").padStart(14, "0");
const item = { id: "i1", sku: "40-0001", names: { en: "Almond drink" }, uom: "each", picture: "", tracking: "none", barcodes: [{ code: GTIN, uom: "each", quantity: 1 }] };

const stop = (task: string, bin: string, more: Partial<TourStop> = {}): TourStop => ({
  task, kind: "pick", state: "open", position: 1024, version: 1,
  bin: { code: bin, check_digits: "47", aisle: bin.slice(0, 3), side: "left", level: "A", x_mm: 0, y_mm: 0 },
  item: "i1", lot: "", expiry: null, quantity: 2, done: 0, short: 0, slot: 1, tote: "T-0001", order: 10001, reason: null, ...more,
});

const tour = (more: Partial<Tour> = {}): Tour => ({
  id: "t1", number: 7, state: "taken", version: 1, cutoff_at: "2026-11-24T16:00:00Z", person: "p1", cart: "C-01",
  slots: [{ slot: 1, order: 10001, tote: "T-0001" }], stops: [stop("a", "A01-01-A"), stop("b", "A02-02-B", { position: 2048 })],
  items: { i1: item }, path: [], length_mm: 1000, bin_order_mm: 2000, busy_totes: ["T-0009"], ...more,
});

const restored = (tour: Tour, begun: Begun | null = null): Input => ({ type: "restored", tour, begun });
const queue = (...tours: Tour[]): QueueView => ({ tours: Object.fromEntries(tours.map((each) => [each.id, each])), offers: {}, loose: {}, items: {} });

const run = (from: State, ...inputs: Input[]) => played(makeFlow(counting()), from, inputs);

const started = (more: Partial<Tour> = {}): State => run(start("en", "p1"), { type: "queue", view: queue(tour({ state: "started", ...more })), settled: true }).state;

test("a tour is taken, its cart and its totes are scanned, and the walk begins", () => {
  const bare = tour({ cart: null, slots: [{ slot: 1, order: 10001, tote: null }], stops: [stop("a", "A01-01-A", { tote: null })] });
  const { state, effects } = run(
    start("en", "p1"),
    { type: "queue", view: { ...queue(), offers: { t1: { id: "t1", number: 7, cutoff_at: "", stops: 1, units: 2, slots: 1, length_mm: 1, version: 1 } } }, settled: true },
    { type: "take", tour: "t1" },
    { type: "answer", answer: answer("tour_taken", { params: { tour: 7 } }), kind: "tour.take" },
    { type: "queue", view: queue(bare), settled: true },
    scan("T-0001"),
    scan("C-01"),
    { type: "answer", answer: answer("cart_bound", { params: { cart: "C-01" } }), kind: "tour.cart" },
    scan("T-0009"),
    scan("T-0001"),
    { type: "answer", answer: answer("tote_bound", { params: { slot: 1, tote: "T-0001" } }), kind: "tour.tote" },
  );
  expect(effects.flatMap((each) => (each.type === "ask" ? [each.kind] : []))).toEqual(["tour.take", "tour.cart", "tour.tote"]);
  expect(titles(effects)).toContain("wrong outcome:wrong_kind");
  expect(titles(effects)).toContain("wrong outcome:tote_not_empty");
  expect(state).toMatchObject({ mode: "stop", stop: { task: "a", tote: "T-0001" }, at: { phase: "bin" } });
});

const bare = (): Tour =>
  tour({ cart: "C-01", slots: [1, 2, 3].map((slot) => ({ slot, order: 10000 + slot, tote: null })), stops: [1, 2, 3].map((slot) => stop(`s${slot}`, `A0${slot}-01-A`, { slot, tote: null })) });
const bound = (slot: number, tote: string): Input => ({ type: "answer", answer: answer("tote_bound", { params: { slot, tote } }), kind: "tour.tote" });
const asked = (effects: All[]): unknown[] => effects.flatMap((each) => (each.type === "ask" ? [each.body] : []));

test("a tote scanned again is said to stand in its slot of this tour already", () => {
  const { state, effects } = run(start("en", "p1"), restored(bare()), scan("T-0001"), bound(1, "T-0001"), scan("T-0001"));
  expect(effects.at(-1)).toMatchObject({ feedback: { kind: "wrong", title: { key: "outcome:tote_in_slot", params: { tote: "T-0001", slot: 1 } } } });
  expect(state).toMatchObject({ mode: "totes", asking: null });
});

test("totes scanned faster than the server answers go into their slots one after another", () => {
  const first = run(start("en", "p1"), restored(bare()), scan("T-0001"), scan("T-0001"), scan("T-0002"), scan("T-0003"));
  expect(asked(first.effects)).toMatchObject([{ slot: 1, tote: "T-0001" }]);
  const all = run(first.state, bound(1, "T-0001"), bound(2, "T-0002"), bound(3, "T-0003"));
  expect(asked(all.effects)).toMatchObject([{ slot: 2, tote: "T-0002" }, { slot: 3, tote: "T-0003" }]);
  expect(all.state).toMatchObject({ mode: "stop", stop: { task: "s1", tote: "T-0001" } });
});

test("the answer to another command is not taken for the one that is waited for", () => {
  const other = (kind: string): Input => ({ type: "answer", answer: answer("tour_taken", { severity: "error", params: { tour: 7, slot: 3, tote: "T-0003" } }), kind });
  const right = (kind: string): Input => ({ type: "answer", answer: answer("picked", { params: { slot: 3, tote: "T-0003" } }), kind });
  const idle = run(start("en", "p1"), { type: "queue", view: queue(), settled: true }, { type: "take", tour: "t1" }).state;
  const cart = run(start("en", "p1"), restored(tour({ cart: null })), scan("C-01"), scan("T-0001")).state;
  const totes = run(start("en", "p1"), restored(bare()), scan("T-0001"), scan("T-0002")).state;
  for (const [state, own] of [[idle, "tour.take"], [cart, "tour.cart"], [totes, "tour.tote"]] as const) {
    for (const kind of ["tour.take", "tour.cart", "tour.tote", "tour.finish", "pick"].filter((each) => each !== own)) {
      expect(run(state, other(kind), right(kind))).toEqual({ state, effects: [] });
    }
  }
});

test("what is scanned before it is known where the tour stands is judged once it is", () => {
  const early = run(start("en", "p1"), scan("B-A01-01-A"), scan(GTIN), scan(GTIN));
  expect(early.effects).toEqual([]);
  const known = run(early.state, restored(tour({ state: "started" })));
  expect(known.state).toMatchObject({ mode: "stop", at: { phase: "tote", counted: 2 } });
  const stopped = run(run(start("en", "p1"), scan("B-A09-09-Z"), scan("B-A01-01-A")).state, restored(tour({ state: "started" })));
  expect([stopped.state, titles(stopped.effects)]).toMatchObject([{ mode: "stop", at: { phase: "bin" } }, ["wrong floor.wrong.wrong_bin"]]);
});

test("a scan before a tour is taken says so", () => {
  const { effects } = run(start("en", "p1"), { type: "queue", view: queue(), settled: true }, scan("C-01"));
  expect(titles(effects)).toEqual(["wrong pick.takeFirst"]);
});

test("bin, items, tote: one pick is written with the tour that follows from it", () => {
  const { state, effects } = run(started(), scan("B-A01-01-A"), scan(GTIN), scan(GTIN), scan("T-0001"));
  expect(commands(effects)).toEqual([{ kind: "pick", body: { task: "a", qty: 2, bin: "B-A01-01-A", item: GTIN, tote: "T-0001", slot: 1, lot: null, manual: false } }]);
  expect(titles(effects)).toEqual(["right outcome:bin_right", "right outcome:item_right", "right outcome:item_right", "done outcome:stop_done"]);
  expect(state).toMatchObject({ mode: "stop", stop: { task: "b" } });
  const [command] = effects.filter((each) => each.type === "command");
  expect(command).toMatchObject({ command: { saves: { "pick.tour": { stops: [{ task: "a", done: 2, state: "done", version: 2 }, { task: "b" }] } } } });
});

test("what is wrong stops everything and changes nothing", () => {
  const before = started();
  for (const wrong of ["B-A09-09-Z", "T-0001", "hello"]) {
    const { state, effects } = run(before, scan(wrong));
    expect(state).toEqual(before);
    expect(titles(effects)[0]).toMatch(/^wrong /);
    expect(commands(effects)).toEqual([]);
  }
});

test("a short with some in hand asks for their tote first, then books them and the rest as missing", () => {
  const asked = run(started(), scan("B-A01-01-A"), scan(GTIN), { type: "short", reason: "empty", id: "" });
  expect([asked.state, commands(asked.effects), titles(asked.effects).at(-1)]).toMatchObject([{ stop: { task: "a" }, at: { phase: "tote", counted: 1 }, short: "empty" }, [], "right pick.toteFirst"]);
  expect(titles(run(asked.state, scan("T-0002")).effects)).toEqual(["wrong floor.wrong.wrong_tote"]);
  expect(run(asked.state, { type: "undo" }).state).toMatchObject({ at: { phase: "item", counted: 1 }, short: null });
  expect(commands(run(asked.state, scan(GTIN), scan("T-0001")).effects).map((each) => each.kind)).toEqual(["pick"]);
  const { state, effects } = run(asked.state, scan("T-0001"));
  expect(commands(effects).map((each) => each.kind)).toEqual(["pick", "short"]);
  expect(commands(effects)[1]?.body).toEqual({ task: "a", missing: 1, reason: "empty" });
  expect(state).toMatchObject({ mode: "stop", stop: { task: "b" } });
});

test("nothing is short while everything is in hand, and a command that was refused is not taken back", () => {
  const { state, effects } = run(started(), scan("B-A01-01-A"), scan(GTIN), scan(GTIN), { type: "short", reason: "damaged", id: "" });
  expect([commands(effects), titles(effects).at(-1), state]).toMatchObject([[], "wrong pick.nothingShort", { at: { phase: "tote", counted: 2 } }]);
  const short = run(started(), { type: "short", reason: "empty", id: "" }).state;
  const refused = run(short, { type: "answer", answer: answer("invalid", { id: "id-1", severity: "error", task: "a" }), kind: "short" }, { type: "undo" });
  expect([commands(refused.effects), titles(refused.effects)]).toEqual([[], ["wrong outcome:nothing_to_undo"]]);
});

const [UNDO, SKIP] = [scan(command("UNDO")), scan(command("SKIP"))];

test("the printed card UNDO does what the button does", () => {
  const inHand = run(started(), scan("B-A01-01-A"), scan(GTIN), scan("T-0001"), scan(GTIN)).state;
  expect(run(inHand, UNDO)).toEqual(run(inHand, { type: "undo" }));
  expect(run(inHand, UNDO).state).toMatchObject({ stop: { task: "a", done: 1 }, at: { phase: "item", counted: 0 } });
  const done = run(started({ stops: [stop("a", "A01-01-A")] }), scan("B-A01-01-A"), scan(GTIN), scan(GTIN), scan("T-0001")).state;
  expect([done.mode, commands(run(done, UNDO).effects)]).toMatchObject(["finish", [{ kind: "undo" }]]);
  expect(run(done, UNDO)).toEqual(run(done, { type: "undo" }));
});

test("whoever has something in hand does not skip it", () => {
  const inHand = run(started(), scan("B-A01-01-A"), scan(GTIN)).state;
  const { state, effects } = run(inHand, SKIP);
  expect([state, commands(effects), titles(effects)]).toEqual([inHand, [], ["wrong pick.noSkip"]]);
  expect(commands(run(started(), SKIP).effects)).toEqual([{ kind: "skip", body: { task: "a", reason: "later" } }]);
});

test("what nobody knows is said once, with what to scan instead", () => {
  const { effects } = run(started(), scan("hello-world"));
  expect(effects).toMatchObject([{ feedback: { title: { key: "floor.wrong.unknown_barcode" }, lines: [{ key: "common.said", params: { text: "hello-world" } }, { key: "pick.scanBin" }] } }]);
  const { effects: cart } = run(start("en", "p1"), restored(tour({ cart: null })), scan("hello-world"));
  expect(cart.at(-1)).toMatchObject({ feedback: { title: { key: "outcome:unknown_barcode" }, lines: [{ key: "pick.scanCart" }] } });
});

test("a skipped stop comes back at the end, and undo takes back the last command", () => {
  const skipped = run(started(), { type: "skip", reason: "blocked", id: "" });
  expect(skipped.state).toMatchObject({ mode: "stop", stop: { task: "b" } });
  const undone = run(skipped.state, { type: "undo" });
  expect(commands(undone.effects)).toEqual([{ kind: "undo", body: { command: "id-1" } }]);
  expect(undone.state).toMatchObject({ mode: "stop", stop: { task: "a" } });
  expect(titles(run(started(), { type: "undo" }).effects)).toEqual(["wrong outcome:nothing_to_undo"]);
});

test("an order that is cancelled under the picker becomes a card, then put-backs on the way", () => {
  const before = started();
  const back = stop("z", "A01-01-A", { kind: "put_back", position: 3000, reason: "order_cancelled" });
  const next = tour({ state: "started", stops: [stop("a", "A01-01-A", { state: "cancelled", version: 2, reason: "order_cancelled" }), stop("b", "A02-02-B", { state: "cancelled", version: 2, reason: "order_cancelled" }), back] });
  const { state } = run(before, { type: "queue", view: queue(next), settled: true });
  expect(state).toMatchObject({ mode: "news", news: { cancelled: [{ task: "a" }, { task: "b" }], putBacks: [{ task: "z" }] } });
  const on = run(state, { type: "tap", what: "on" }, scan("B-A01-01-A"), scan(GTIN), scan(GTIN));
  expect(commands(on.effects)).toEqual([{ kind: "put_back", body: { task: "z", qty: 2, bin: "B-A01-01-A" } }]);
  expect(on.state.mode).toBe("finish");
});

test("a card about another stop leaves in hand what is in hand, also over a reload", () => {
  const inHand = run(started(), scan("B-A01-01-A"), scan(GTIN));
  const next = tour({ state: "started", stops: [stop("a", "A01-01-A"), stop("b", "A02-02-B", { position: 2048, state: "cancelled", version: 2, reason: "order_cancelled" })] });
  const told = run(inHand.state, { type: "queue", view: queue(next), settled: true });
  expect(told.state.mode).toBe("news");
  const on: Input = { type: "tap", what: "on" };
  expect(run(told.state, on).state).toMatchObject({ mode: "stop", stop: { task: "a" }, at: { phase: "item", counted: 1 } });
  const kept = told.effects.flatMap((each) => (each.type === "told" ? [each.told] : [])).at(-1);
  expect(kept).toMatchObject({ tour: "t1", news: { cancelled: [{ task: "b" }] } });
  const again = run(start("en", "p1"), { type: "restored", tour: next, begun: begunIn([...inHand.effects, ...told.effects]) ?? null, told: kept ?? null });
  expect(again.state).toMatchObject({ mode: "news", news: { cancelled: [{ task: "b" }] } });
  const read = run(again.state, on);
  expect([read.state, read.effects]).toMatchObject([{ mode: "stop", stop: { task: "a" }, at: { phase: "item", counted: 1 } }, [{ type: "told", told: null }]]);
  const other = run(start("en", "p1"), { type: "restored", tour: { ...next, id: "t2" }, begun: null, told: kept ?? null });
  expect(other.state.mode).toBe("stop");
});

test("a stop that is done elsewhere is said to be, with what to do with what is in hand", () => {
  const inHand = run(started(), scan("B-A01-01-A"), scan(GTIN)).state;
  const next = (more: Partial<TourStop>): Input => ({ type: "queue", view: queue(tour({ state: "started", stops: [stop("a", "A01-01-A", more), stop("b", "A02-02-B", { position: 2048 })] })), settled: true });
  const done = run(inHand, next({ state: "done", done: 2, version: 2 }));
  expect([done.state, done.effects.find((each) => each.type === "feedback")]).toMatchObject([
    { stop: { task: "b" }, at: { phase: "bin" } },
    { feedback: { kind: "wrong", title: { key: "pick.doneElsewhere", params: { bin: "A01-01-A" } }, lines: [{ key: "pick.putInHandBack", params: { n: 1 } }] } },
  ]);
  const two = run(inHand, scan(GTIN), next({ done: 1, version: 2 }));
  expect([two.state, titles(two.effects).at(-1)]).toMatchObject([{ stop: { task: "a" }, at: { phase: "tote", counted: 1 } }, "wrong pick.fewerWanted"]);
  expect(titles(run(started(), next({ state: "done", done: 2, version: 2 })).effects)).toEqual([]);
});

test("offers stand by their cut-off, then by their number", () => {
  const offer = (id: string, number: number, cutoff_at: string) => ({ id, number, cutoff_at, stops: 1, units: 1, slots: 1, length_mm: 1, version: 1 });
  const offers = { c: offer("c", 9, "2026-11-24T12:00:00Z"), b: offer("b", 11, "2026-11-24T11:00:00Z"), a: offer("a", 10, "2026-11-24T11:00:00Z") };
  const { state } = run(start("en", "p1"), { type: "queue", view: { ...queue(), offers }, settled: true });
  expect(state.mode === "offers" && state.offers.map(({ id }) => id)).toEqual(["a", "b", "c"]);
});

test("what the server has not answered in time waits by itself", () => {
  const late: Input = { type: "late" };
  const cart = run(start("en", "p1"), restored(tour({ cart: null })), scan("C-01"), late);
  expect([cart.state, titles(cart.effects)]).toMatchObject([{ mode: "cart", asking: "C-01", late: true }, []]);
  const goesOn = run(cart.state, { type: "answer", answer: answer("cart_bound", { params: { cart: "C-01" } }), kind: "tour.cart" });
  expect(goesOn.state.mode).toBe("stop");
  const taking = run(start("en", "p1"), { type: "queue", view: queue(), settled: true }, { type: "take", tour: "t1" }, late);
  expect(taking.state).toMatchObject({ taking: "t1", late: true });
});

test("a tote that was put into its slot by mistake is changed for another", () => {
  const first = run(start("en", "p1"), restored(bare()), UNDO, scan("T-0001"), bound(1, "T-0001"));
  expect(titles(first.effects)[0]).toBe("wrong outcome:nothing_to_undo");
  const again = run(first.state, UNDO);
  expect(again.state).toMatchObject({ mode: "totes", again: 1 });
  expect(run(again.state, { type: "undo" }).state).toMatchObject({ again: null });
  const other = run(again.state, scan("T-0002"), bound(1, "T-0002"));
  expect([asked(other.effects), other.state]).toMatchObject([[{ slot: 1, tote: "T-0002" }], { again: null, tour: { slots: [{ tote: "T-0002" }, { tote: null }, { tote: null }] } }]);
});

test("a tour that was handed over without a network is handed over after a reload too", () => {
  const done = started({ stops: [stop("a", "A01-01-A", { state: "done", done: 2 })] });
  const { state, effects } = run(done, scan("S-PACK-1"));
  const saved = effects.flatMap((each) => (each.type === "command" ? [each.command.saves?.["pick.tour"] as Tour] : []))[0]!;
  const again = run(start("en", "p1"), restored(saved)).state;
  expect(again).toMatchObject({ mode: "finish", handed: true });
  const mine = queue(tour({ state: "started", stops: [stop("a", "A01-01-A", { state: "done", done: 2 })] }));
  expect(run(again, { type: "queue", view: mine, settled: false }).state).toMatchObject({ handed: true });
  expect(run(again, { type: "queue", view: mine, settled: true }).state).toMatchObject({ handed: false });
  expect(run(again, { type: "queue", view: queue(), settled: true })).toMatchObject({ state: { mode: "offers" }, effects: [{ type: "keep", tour: null }] });
  const refused = run(state, { type: "answer", answer: answer("tour_not_ready", { severity: "error" }), kind: "tour.finish" });
  expect(refused.effects[0]).toMatchObject({ type: "keep", tour: { handed: false } });
});

test("a stop whose bin somebody else found short is said to be planned anew; a short taken back says nothing", () => {
  const before = started();
  const next = (reason: string) => tour({ state: "started", stops: [stop("a", "A01-01-A", { state: "cancelled", version: 2, reason }), stop("b", "A02-02-B"), stop("c", "A03-03-C")] });
  expect(run(before, { type: "queue", view: queue(next("found_short")), settled: true }).state).toMatchObject({ mode: "news", news: { cancelled: [], moved: [{ task: "a" }], putBacks: [] } });
  expect(run(before, { type: "queue", view: queue(next("taken_back")), settled: true }).state).toMatchObject({ mode: "stop", stop: { task: "b" } });
});

test("what is on no tour is counted beside the offers", () => {
  const loose = { p: stop("p", "A01-01-A", { kind: "put_back" }), q: stop("q", "A02-02-B", { kind: "put_back" }), c: stop("c", "A03-03-C", { kind: "count", quantity: 0 }) };
  expect(run(start("en", "p1"), { type: "queue", view: { ...queue(), loose }, settled: true }).state).toMatchObject({ mode: "offers", putBacks: 2, counts: 1 });
});

test("an undo that the server refuses is forgotten, and its word about the stop is fetched", () => {
  const short = run(started(), { type: "short", reason: "empty", id: "" });
  const undone = run(short.state, { type: "undo" });
  expect(undone.state).toMatchObject({ mode: "stop", stop: { task: "a", short: 0 } });
  const refused = run(undone.state, { type: "answer", answer: answer("undo_too_late", { severity: "error", task: "a", params: { reason: "count_done" } }), kind: "" });
  expect(refused.effects).toEqual([{ type: "fetch" }]);
  const known = tour({ state: "started", stops: [stop("a", "A01-01-A", { state: "done", short: 2, version: 2 }), stop("b", "A02-02-B")] });
  expect(run(refused.state, { type: "queue", view: queue(known), settled: true }).state).toMatchObject({ mode: "stop", stop: { task: "b" } });
});

test("an older word of the server does not take back what this device has done", () => {
  const ahead = run(started(), scan("B-A01-01-A"), scan(GTIN), scan(GTIN), scan("T-0001")).state;
  const { state } = run(ahead, { type: "queue", view: queue(tour({ state: "started" })), settled: false });
  expect(state).toMatchObject({ mode: "stop", stop: { task: "b" } });
});

test("a view that was read before the tote was put into its slot does not take it away", () => {
  const loaded = run(start("en", "p1"), restored(bare()), scan("T-0001"), bound(1, "T-0001"), scan("T-0002"), bound(2, "T-0002"), scan("T-0003"), bound(3, "T-0003")).state;
  const { state } = run(loaded, scan("B-A01-01-A"), { type: "queue", view: queue(bare()), settled: true });
  expect(state).toMatchObject({ mode: "stop", stop: { tote: "T-0001" }, tour: { slots: [{ tote: "T-0001" }, { tote: "T-0002" }, { tote: "T-0003" }] } });
});

test("what is in hand stays in hand when the queue is refreshed", () => {
  const { state } = run(run(started(), scan("B-A01-01-A"), scan(GTIN)).state, { type: "queue", view: queue(tour({ state: "started", version: 5 })), settled: true });
  expect(state).toMatchObject({ mode: "stop", stop: { task: "a" }, at: { phase: "item", counted: 1 } });
});

test("the last stop leads to the hand-over, which is written down at once and ends with the server's word", () => {
  const only = started({ stops: [stop("a", "A01-01-A")] });
  const { state, effects } = run(only, scan("B-A01-01-A"), scan(GTIN), scan(GTIN), scan("T-0001"), scan("S-PACK-1"));
  expect(commands(effects).at(-1)).toEqual({ kind: "tour.finish", body: { tour: "t1", place: "S-PACK-1" } });
  expect(state).toMatchObject({ mode: "finish", handed: true });
  const handed = run(state, { type: "answer", answer: answer("tour_finished", { version: 9 }), kind: "tour.finish" }).state;
  expect(handed.mode).toBe("offers");
  const before = run(handed, { type: "queue", view: queue(tour({ state: "started", version: 8 })), settled: true }, { type: "queue", view: queue(), settled: true });
  expect([before.state.mode, titles(before.effects)]).toEqual(["offers", []]);
  expect(run(handed, { type: "queue", view: queue(tour({ state: "started", version: 10 })), settled: true }).state.mode).toBe("stop");
  expect(run(state, { type: "answer", answer: answer("tour_not_ready", { severity: "error" }), kind: "tour.finish" }).state).toMatchObject({ mode: "finish", handed: false });
});

test("what is next is asked for when the queue has said it before the answer came", () => {
  const done = started({ stops: [stop("a", "A01-01-A", { state: "done", done: 2 })] });
  const early = run(done, scan("S-PACK-1"), { type: "queue", view: queue(), settled: false });
  expect(early.state).toMatchObject({ mode: "finish", handed: true });
  const { state, effects } = run(early.state, { type: "answer", answer: answer("tour_finished", { version: 9 }), kind: "tour.finish" });
  expect([state, effects.at(-1)]).toMatchObject([{ mode: "offers", known: false }, { type: "fetch" }]);
  expect(run(state, { type: "queue", view: queue(), settled: true }).state).toMatchObject({ mode: "offers", known: true });
});

test("a station that is scanned twice takes the cart once", () => {
  const done = started({ stops: [stop("a", "A01-01-A", { state: "done", done: 2 })] });
  const { state, effects } = run(done, scan("S-PACK-1"), scan("S-PACK-1"));
  expect(commands(effects).filter(({ kind }) => kind === "tour.finish")).toHaveLength(1);
  expect(state).toMatchObject({ mode: "finish", handed: true });
});

test("what a done tour holds leaves out what went back", () => {
  const five = { quantity: 5, done: 5, state: "done" };
  const stops = [stop("a", "A01-01-A", five), stop("b", "A02-02-B", { ...five, slot: 2, done: 3, short: 2 }), stop("z", "A01-01-A", { ...five, kind: "put_back" })];
  expect(loadOf(tour({ stops }))).toEqual({ units: 3, slots: 1 });
});

test("whoever has handed over without a network may look for the next tour", () => {
  const handed = run(started({ stops: [stop("a", "A01-01-A", { state: "done", done: 2 })] }), scan("S-PACK-1"), { type: "tap", what: "look" });
  expect([handed.state.mode, handed.effects.at(-1)]).toEqual(["finish", { type: "fetch" }]);
});

const begunIn = (effects: All[]): Begun | null | undefined => effects.flatMap((each) => (each.type === "begun" ? [each.begun] : [])).at(-1);
/** The app dies after these scans and comes back; what is kept of the tour comes with the last command. */
function afterReload(...inputs: Input[]): State {
  const { state, effects } = run(started(), ...inputs);
  return run(start("en", "p1"), restored("tour" in state ? state.tour : tour(), begunIn(effects) ?? null)).state;
}

test("a reload in the middle of a stop comes back to the step that is due", () => {
  const [bin, one, tote] = [scan("B-A01-01-A"), scan(GTIN), scan("T-0001")];
  expect(afterReload()).toMatchObject({ mode: "stop", stop: { task: "a" }, at: { phase: "bin" } });
  expect(afterReload(bin)).toMatchObject({ stop: { task: "a" }, at: { phase: "item", counted: 0 } });
  expect(afterReload(bin, one)).toMatchObject({ stop: { task: "a" }, at: { phase: "item", counted: 1 } });
  expect(afterReload(bin, one, one)).toMatchObject({ stop: { task: "a" }, at: { phase: "tote", counted: 2 } });
  expect(afterReload(bin, one, tote)).toMatchObject({ stop: { task: "a", done: 1 }, at: { phase: "item", counted: 0 } });
  expect(afterReload(bin, one, { type: "undo" })).toMatchObject({ stop: { task: "a" }, at: { phase: "item", counted: 0 } });
  const picked = run(afterReload(bin, one), one, tote);
  expect(commands(picked.effects)).toMatchObject([{ kind: "pick", body: { task: "a", qty: 2 } }]);
});

test("nothing is kept of a stop that is done, skipped, short, or taken back to its bin", () => {
  const bin = scan("B-A01-01-A");
  const ends: Input[][] = [[scan(GTIN), scan(GTIN), scan("T-0001")], [{ type: "skip", reason: "later", id: "" }], [scan(GTIN), { type: "short", reason: "empty", id: "" }, scan("T-0001")], [scan(GTIN), scan("T-0001"), { type: "undo" }]];
  for (const end of ends) expect(begunIn(run(started(), bin, ...end).effects)).toBeNull();
});

test("a step is kept when it is taken, and not with every scan that changes nothing", () => {
  const { effects } = run(started(), scan("B-A09-09-Z"), scan("B-A01-01-A"), scan("B-A01-01-A"), scan("T-0009"), { type: "queue", view: queue(tour({ state: "started" })), settled: true });
  expect(effects.filter((each) => each.type === "begun")).toMatchObject([{ begun: { person: "p1", stop: { task: "a" }, at: { phase: "item" } } }]);
});

const inHand = (): Begun => begunIn(run(started(), scan("B-A01-01-A"), scan(GTIN)).effects)!;
const CHANGED: readonly [string, Partial<TourStop>][] = [
  ["another quantity", { quantity: 3, version: 2 }], ["some of it found short", { short: 1, version: 2 }], ["some of it picked elsewhere", { done: 1, version: 2 }],
  ["picked and taken back", { version: 3 }], ["another bin", { bin: { ...stop("a", "A01-01-B").bin } }],
];

test.each(CHANGED)("what was confirmed before a reload is worth nothing for a changed stop: %s", (_, change) => {
  const changed = tour({ state: "started", stops: [stop("a", "A01-01-A", change), stop("b", "A02-02-B", { position: 2048 })] });
  const known = run(start("en", "p1"), restored(changed, inHand()));
  expect([known.state, begunIn(known.effects)]).toMatchObject([{ stop: { task: "a" }, at: { phase: "bin", counted: 0 } }, null]);
  const later = run(start("en", "p1"), restored(tour({ state: "started" }), inHand()), { type: "queue", view: queue(changed), settled: true });
  expect([later.state, begunIn(later.effects)]).toMatchObject([{ stop: { task: "a", ...change }, at: { phase: "bin", counted: 0 } }, null]);
});

test("what was confirmed before a reload goes with a cancelled stop, and with another person", () => {
  const gone = tour({ state: "started", stops: [stop("a", "A01-01-A", { state: "cancelled", version: 2 }), stop("b", "A02-02-B", { position: 2048 })] });
  const cancelled = run(start("en", "p1"), restored(gone, inHand()));
  expect([cancelled.state, begunIn(cancelled.effects)]).toMatchObject([{ stop: { task: "b" }, at: { phase: "bin" } }, null]);
  const other = run(start("en", "p2"), restored(tour({ state: "started", person: null }), inHand()));
  expect([other.state, begunIn(other.effects)]).toMatchObject([{ stop: { task: "a" }, at: { phase: "bin" } }, null]);
});

test("a reload does not leave the stop for one that was put before it meanwhile", () => {
  const more = tour({ state: "started", stops: [stop("z", "A00-00-A", { position: 512 }), stop("a", "A01-01-A")] });
  expect(run(start("en", "p1"), restored(more, inHand())).state).toMatchObject({ stop: { task: "a" }, at: { counted: 1 } });
});

test("a stop that wants no more than is in hand already goes on to the tote", () => {
  const one = tour({ state: "started", stops: [stop("a", "A01-01-A", { quantity: 1, version: 2 }), stop("b", "A02-02-B", { position: 2048 })] });
  const { state, effects } = run(afterReload(scan("B-A01-01-A")), scan(GTIN), { type: "queue", view: queue(one), settled: true });
  expect([state, titles(effects).includes("wrong pick.fewerWanted")]).toMatchObject([{ stop: { task: "a", quantity: 1 }, at: { phase: "tote", counted: 1 } }, false]);
});

test("a change that comes under the hands takes nothing away, but a reload after it begins at the bin", () => {
  const two = tour({ state: "started", stops: [stop("a", "A01-01-A", { quantity: 1, version: 2 }), stop("b", "A02-02-B", { position: 2048 })] });
  const live = run(afterReload(scan("B-A01-01-A")), scan(GTIN), scan(GTIN), { type: "queue", view: queue(two), settled: true });
  expect(live.state).toMatchObject({ stop: { task: "a", quantity: 1 }, at: { phase: "tote", counted: 1 } });
  expect(run(start("en", "p1"), restored(two, begunIn(live.effects) ?? null)).state).toMatchObject({ stop: { task: "a" }, at: { phase: "bin" } });
});

test("a tour that was given to somebody else is let go, but only when nothing waits to be sent", () => {
  expect(run(started(), { type: "queue", view: queue(), settled: false }).state.mode).toBe("stop");
  const { state, effects } = run(started(), { type: "queue", view: queue(), settled: true });
  expect(state.mode).toBe("offers");
  expect(titles(effects)).toEqual(["wrong pick.reassigned"]);
});
