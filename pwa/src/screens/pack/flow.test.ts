import { expect, test } from "vitest";
import { command } from "../../core/barcode";
import { nextOrder, type PackCarton, type PackLine, type PackOrder, type PackView } from "../../core/packing";
import { answer, commands, counting, played, scan, titles } from "../../core/played";
import { makeFlow, phaseOf, start, type All, type Input, type State } from "./flow";
import { labelHint, printerOf, printTrouble, wayOf } from "./labels";
import { longestWord, standsInFor, toSetDown } from "./state";

const ALMOND = "04012345000016";
const HONEY = "04012345000023";
const SSCC = "340123450000000017";
const station = { id: "s1", code: "PACK-1", name: "Pack 1" };
const item = (id: string, name: string, code: string) => ({ id, sku: id, names: { en: name }, uom: "each", picture: null, weight_g: 500, barcodes: [{ code, uom: "each", quantity: 1 }] });
const label = { state: "live", tracking: "NP1", zpl_url: "/api/x", reason: null };
const type = { code: "M2", name: "Box M2", length_mm: 310, width_mm: 220, height_mm: 150 };
const carton = (more: Partial<PackCarton> = {}): PackCarton => ({
  id: "c1", number: 1, sscc: SSCC, type, fill_percent: 68, expected_g: 1000, weight_g: null, state: "complete", version: 1, label, contents: { f1a: 2, f1h: 1 }, print: { job: "j1", state: "printed", reason: null }, ...more,
});
const order = (id: string, number: number, packed: readonly [number, number], more: Partial<PackOrder> = {}): PackOrder => ({
  id, number, status: "picked", held: false, cancelled: false, hold_reason: null, service: "np", cutoff_at: "2026-11-24T16:00:00Z", checklist: [],
  lines: [
    { line: `${id}a`, item: item("a", "Almond drink", ALMOND), lot: null, wanted: 2, packed: packed[0] },
    { line: `${id}h`, item: item("h", "Honey", HONEY), lot: null, wanted: 1, packed: packed[1] },
  ],
  carton: null, filling: null, closed: [], whole: false, backordered: 0, to_pick: 0, elsewhere: [], place: null, suggested: "S1", ...more,
});
const view = (...orders: PackOrder[]): PackView => ({
  station, printer: null, totes: orders.length === 0 ? {} : { "T-0419": { code: "T-0419", place: null, orders: orders.map((each) => each.id) } },
  orders: Object.fromEntries(orders.map((each) => [each.id, each])), carton_types: [{ ...type, code: "S1", name: "Box S1" }, type],
});

const printer = (condition: string) => ({ id: "p1", name: "Printer", condition, condition_at: null });
const run = (from: State, ...inputs: Input[]) => played(makeFlow(counting()), from, inputs);

const seen = (next: PackView, settled = true): Input => ({ type: "view", view: next, settled });
const asked = (effects: All[]): unknown[] => effects.flatMap((each) => (each.type === "ask" ? [{ kind: each.kind, body: each.body }] : []));
const at = (...orders: PackOrder[]): State => run(start("en"), { type: "station", station }, seen(view(...orders))).state;

test("a station is chosen by its barcode, from the list, or is the device's own, and is kept", () => {
  const stations: Input = { type: "stations", stations: [station] };
  for (const { state, effects } of [run(start("en"), stations, scan("S-PACK-1")), run(start("en"), { type: "station", station }), run(start("en", "s1"), stations)]) {
    expect(state).toMatchObject({ mode: "idle", station });
    expect(effects).toContainEqual({ type: "keep", station });
  }
  expect(titles(run(start("en"), stations, scan("S-PACK-9")).effects)).toEqual(["wrong outcome:station_unknown"]);
});

test("a tote is asked for once, and its orders lie on the bench when the server has said so", () => {
  const { state, effects } = run(at(), scan("T-0419"), scan("T-0419"), { type: "answer", kind: "pack.open", answer: answer("pack_opened") }, seen(view(order("f1", 10481, [0, 0]))));
  expect(asked(effects)).toEqual([{ kind: "pack.open", body: { station: "s1", tote: "T-0419" } }]);
  expect(state.mode).toBe("packing");
  expect(titles(run(at(), scan(ALMOND)).effects)).toEqual(["wrong outcome:wrong_kind"]);
});

test("items are judged on the device and written down as facts; the last one completes the carton", () => {
  const { state, effects } = run(at(order("f1", 10481, [0, 0])), scan(ALMOND), scan(ALMOND), scan(HONEY));
  expect(commands(effects)).toHaveLength(3);
  expect(commands(effects)[0]).toEqual({ kind: "pack.item", body: { station: "s1", fulfilment: "f1", tote: "T-0419", item: ALMOND, qty: 1, lot: null } });
  expect(titles(effects)).toEqual(["right outcome:packed", "right outcome:packed", "done outcome:carton_complete"]);
  expect(state).toMatchObject({ mode: "packing", last: { units: 1, item: { id: "h" } } });
  expect(effects.find((each) => each.type === "command")).toMatchObject({ command: { saves: { "pack.view": { orders: { f1: { lines: [{ packed: 1 }, { packed: 0 }] } } } } } });
});

test("a wrong item, a surplus one and one of a held order stop everything and change nothing", () => {
  const bench = at(order("f1", 10481, [2, 0]), order("f2", 10482, [0, 0], { held: true }));
  for (const text of [ALMOND, "04012345000047", "B-A01-01-A", "what"]) {
    const { state, effects } = run(bench, scan(text));
    expect(state).toEqual(bench);
    expect(titles(effects)[0]).toMatch(/^wrong /);
  }
  expect(titles(run(at(order("f2", 10482, [0, 0], { held: true })), scan(ALMOND)).effects)).toEqual(["wrong outcome:fulfilment_on_hold"]);
});

test("a weight outside the tolerance is counted again, a right one leads to the label", () => {
  const full = at(order("f1", 10481, [2, 1], { carton: carton() }));
  expect(titles(run(full, { type: "weight", grams: 900 }).effects)).toEqual(["wrong outcome:weight_wrong"]);
  const { state, effects } = run(full, { type: "weight", grams: 1010 });
  expect(commands(effects)).toEqual([{ kind: "pack.weigh", body: { carton: "c1", grams: 1010 } }]);
  expect(state).toMatchObject({ view: { orders: { f1: { carton: { weight_g: 1010 } } } } });
  expect(commands(run(full, scan("1010")).effects)).toHaveLength(1);
});

test("the label closes the carton, another one does not, and the next order is named", () => {
  const weighed = at(order("f1", 10481, [2, 1], { carton: carton({ weight_g: 1000 }) }), order("f2", 10485, [0, 0]));
  expect(titles(run(weighed, scan("(00)340123450000000024")).effects)).toEqual(["wrong outcome:label_wrong"]);
  const { state, effects } = run(weighed, scan(`(00)${SSCC}`), { type: "answer", kind: "pack.close", answer: answer("carton_closed", { params: { carton: 1 } }) });
  expect(asked(effects)).toEqual([{ kind: "pack.close", body: { carton: "c1", sscc: `(00)${SSCC}` } }]);
  expect(effects.find((each) => each.type === "feedback")).toMatchObject({ feedback: { kind: "done", lines: [{ key: "pack.thenOrder", params: { order: "10485" } }] } });
  expect(run(state, seen(view())).state.mode).toBe("idle");
});

test("a label is not closed before it is weighed, and a refused close says why", () => {
  const full = at(order("f1", 10481, [2, 1], { carton: carton() }));
  expect(titles(run(full, scan(`(00)${SSCC}`)).effects)).toEqual(["wrong outcome:weight_missing"]);
  const { state, effects } = run(full, { type: "weight", grams: 1000 }, scan(`(00)${SSCC}`), { type: "answer", kind: "pack.close", answer: answer("label_missing", { severity: "error" }) });
  expect(titles(effects).at(-1)).toBe("wrong outcome:label_missing");
  expect(state).toMatchObject({ mode: "packing", asking: null });
});

test("the command card works: undo, reprint, another carton, close and help", () => {
  const begun = at(order("f1", 10481, [1, 0], { carton: carton({ state: "open", label: null, print: null }) }));
  expect(asked(run(begun, scan(command("UNDO"))).effects)).toEqual([{ kind: "pack.undo", body: { fulfilment: "f1" } }]);
  expect(titles(run(begun, scan(command("REPRINT"))).effects)).toEqual(["wrong outcome:label_missing"]);
  expect(titles(run(begun, scan(command("CLOSE"))).effects)).toEqual(["wrong outcome:carton_not_complete"]);
  expect(asked(run(begun, scan(command("NEW_CARTON")), scan(command("NEW_CARTON")), scan(command("YES"))).effects)).toEqual([{ kind: "pack.carton", body: { fulfilment: "f1", carton_type: "M2", new: true } }]);
  expect(asked(run(begun, { type: "tap", what: "OTHER_CARTON" }, scan(command("YES"))).effects)).toEqual([{ kind: "pack.carton", body: { fulfilment: "f1", carton_type: "S1" } }]);
  expect(run(begun, scan(command("HELP"))).state.mode).toBe("help");
  expect(run(begun, scan(command("HELP")), scan(ALMOND)).state).toMatchObject({ mode: "packing", view: { orders: { f1: { lines: [{ packed: 2 }, {}] } } } });
});

test("after a reload the bench is as it was, and the server's older word does not take back what is unsent", () => {
  const packed = run(at(order("f1", 10481, [0, 0])), scan(ALMOND)).state;
  const kept = packed.mode === "packing" ? packed.view : null;
  const { state } = run(start("en"), { type: "restored", station, view: kept }, seen(view(order("f1", 10481, [0, 0])), false));
  expect(state).toMatchObject({ mode: "packing", view: { orders: { f1: { lines: [{ packed: 1 }, {}] } } } });
});

test("a fact that the server took differently makes the bench fetched anew", () => {
  expect(run(at(order("f1", 10481, [1, 0])), { type: "heard", answer: answer("set_aside", { severity: "card" }) }).effects).toEqual([{ type: "fetch" }]);
  expect(titles(run(at(order("f1", 10481, [1, 0])), { type: "failed", why: { key: "common.noNetwork" } }).effects)).toEqual(["wrong common.noNetwork"]);
});

// --- what is not the straight way

const opened = (more: Partial<PackCarton> = {}): PackCarton => carton({ state: "open", label: null, print: null, contents: { f1a: 1 }, ...more });
const printed = (state: string, more: Partial<PackCarton> = {}): PackCarton => carton({ print: { job: "j1", state, reason: null }, ...more });
const posted = (effects: All[]): unknown[] => effects.flatMap((each) => (each.type === "post" ? [{ path: each.path, body: each.body }] : []));
const saidLines = (effects: All[]): string[] => effects.flatMap((each) => (each.type === "feedback" ? (each.feedback.lines ?? []).map((line) => line.key) : []));
const saidParams = (effects: All[]): unknown[] => effects.flatMap((each) => (each.type === "feedback" ? [each.feedback.title.params] : []));
const orderIn = (state: State, id = "f1"): PackOrder | undefined => ("view" in state ? state.view?.orders[id] : undefined);
const tap = (what: string): Input => ({ type: "tap", what });

test("short asks which item, how many and why, and says what becomes of the order before it is noted", () => {
  const bench = at(order("f1", 10481, [1, 0], { carton: opened() }));
  const which = run(bench, scan(command("SHORT"))).state;
  expect(which).toMatchObject({ mode: "short", line: null, at: 0 });
  expect(run(which, scan(command("SHORT")), scan(command("YES"))).state).toMatchObject({ line: "f1h", missing: 1, reason: null });
  const { state, effects } = run(which, scan(HONEY), scan(command("SHORT")), scan(command("YES")));
  expect(commands(effects)).toEqual([{ kind: "pack.short", body: { station: "s1", fulfilment: "f1", tote: "T-0419", item: HONEY, missing: 1, reason: "missing" } }]);
  expect(saidLines(effects)).toEqual(["pack.short.goesOn"]);
  expect(orderIn(state)).toMatchObject({ backordered: 1, lines: [{ wanted: 2 }, { wanted: 0 }] });
  expect(commands(run(which, scan(HONEY), scan(command("NO"))).effects)).toEqual([]);
});

test("of one open item it is clear what is missing; with what is packed the order leaves, or waits where it ships only whole", () => {
  const nearly = (more: Partial<PackOrder> = {}): State => at(order("f1", 10481, [0, 1], { carton: opened({ contents: { f1h: 1 } }), ...more }));
  const damaged = run(nearly(), scan(command("DAMAGED")));
  expect(damaged.state).toMatchObject({ mode: "short", line: "f1a", missing: 2, reason: "damaged" });
  expect(run(damaged.state, { type: "missing", units: 1 }, { type: "missing", units: 9 }, { type: "missing", units: 0 }).state).toMatchObject({ missing: 1 });
  const leaves = run(damaged.state, tap("confirm"));
  expect([saidLines(leaves.effects), leaves.state]).toMatchObject([["pack.short.restLeaves"], { mode: "packing" }]);
  const waits = run(nearly({ whole: true }), scan(command("SHORT")), { type: "reason", reason: "missing" }, tap("confirm"));
  expect(saidLines(waits.effects)).toEqual(["pack.short.waitsWhole"]);
  if (waits.state.mode === "packing") expect([phaseOf(waits.state.view, orderIn(waits.state) as PackOrder), toSetDown(waits.state)?.id]).toEqual(["parked", "f1"]);
  const untouched = run(at(order("f1", 10481, [0, 0], { lines: [order("f1", 1, [0, 0]).lines[1] as PackLine] })), tap("SHORT"), { type: "reason", reason: "missing" }, tap("confirm"));
  expect(saidLines(untouched.effects)).toEqual(["pack.short.nothingLeaves"]);
});

test("an item that is scanned after all ends the question, and what is all in cannot be short", () => {
  const asked = run(at(order("f1", 10481, [1, 0], { carton: opened() })), scan(command("SHORT")), scan(HONEY)).state;
  expect(run(asked, scan(HONEY)).state).toMatchObject({ mode: "packing", last: { item: { id: "h" } } });
  expect(titles(run(at(order("f1", 10481, [2, 1], { carton: carton() })), tap("SHORT")).effects)).toEqual(["wrong pack.shortNothing"]);
});

test("what is called off while the question stands is not missing: of a line that wants fewer only those, of one that wants none nothing", () => {
  const wanting = (wanted: number): PackView => {
    const [a, h] = order("f1", 10481, [0, 1]).lines as [PackLine, PackLine];
    return view(order("f1", 10481, [0, 1], { carton: opened({ contents: { f1h: 1 } }), lines: [{ ...a, wanted }, h] }));
  };
  const asked = run(at(...Object.values(wanting(2).orders)), scan(command("DAMAGED"))).state;
  expect(asked).toMatchObject({ mode: "short", line: "f1a", missing: 2 });
  const fewer = run(asked, seen(wanting(1)), tap("confirm"));
  expect(commands(fewer.effects)).toMatchObject([{ kind: "pack.short", body: { missing: 1 } }]);
  expect(orderIn(fewer.state)).toMatchObject({ lines: [{ wanted: 0 }, { wanted: 1 }] });
  const none = run(asked, seen(wanting(0)), tap("confirm"));
  expect([commands(none.effects), titles(none.effects), none.state.mode]).toEqual([[], ["wrong pack.shortNothing"], "packing"]);
});

test("a full carton is weighed and closed first, what is scanned meanwhile goes into the next one", () => {
  const two = at(order("f1", 10481, [2, 0], { carton: carton({ contents: { f1a: 2 } }), filling: opened({ id: "c2", number: 2, contents: {} }) }));
  const { state, effects } = run(two, { type: "weight", grams: 1000 }, scan(`(00)${SSCC}`), { type: "answer", kind: "pack.close", answer: answer("carton_closed", { params: { carton: 1 } }) });
  expect(commands(effects)).toEqual([{ kind: "pack.weigh", body: { carton: "c1", grams: 1000 } }]);
  expect(asked(effects)).toEqual([{ kind: "pack.close", body: { carton: "c1", sscc: `(00)${SSCC}` } }]);
  expect(saidLines(effects)).toEqual(["pack.nowScanLabel", "pack.thenCarton"]);
  expect(run(state, seen(view(order("f1", 10481, [2, 0], { carton: opened({ id: "c2", number: 2, contents: {} }), closed: [{ id: "c1", number: 1, sscc: SSCC, tracking: null, voidable: true }] })))).state.mode).toBe("packing");
  expect(saidLines(run(two, scan(HONEY)).effects)).toEqual(["pack.intoCarton"]);
});

test("a weight outside the tolerance is counted scan by scan, then weighed again, then taken by who may", () => {
  const full = at(order("f1", 10481, [2, 1], { carton: carton() }));
  const counting = run(full, { type: "weight", grams: 900 });
  expect([titles(counting.effects), counting.state]).toMatchObject([["wrong outcome:weight_wrong"], { mode: "recount", odd: { carton: "c1", grams: 900, counted: false } }]);
  expect(counting.effects).toContainEqual({ type: "odd", odd: { carton: "c1", grams: 900, counted: false } });
  expect(titles(run(counting.state, scan(HONEY), scan(HONEY)).effects)).toEqual(["right outcome:packed", "wrong pack.oneTooMany"]);
  expect(titles(run(counting.state, scan("04012345000047")).effects)).toEqual(["wrong pack.notOfOrder"]);
  const counted = run(counting.state, scan(HONEY), scan(ALMOND), scan(ALMOND));
  expect([titles(counted.effects).at(-1), counted.state]).toMatchObject(["done pack.countedRight", { mode: "packing", odd: { counted: true } }]);
  for (const [before, n] of [[counting.state, 0], [run(counting.state, scan(HONEY)).state, 1]] as const) {
    for (const says of [scan(command("YES")), scan(command("DONE"))]) {
      const said = run(before, says);
      expect([said.state, titles(said.effects), saidParams(said.effects)]).toEqual([before, ["wrong pack.notCounted"], [{ n, of: 3 }]]);
    }
  }
  expect(titles(run(counted.state, { type: "weight", grams: 905 }).effects)).toEqual(["wrong pack.oddWeight"]);
  const again = run(counted.state, { type: "weight", grams: 905 }, tap("ACCEPT"), { type: "why", why: "two ice packs" });
  expect(posted(again.effects)).toEqual([{ path: "/cartons/c1/accept-weight", body: { grams: 905, why: "two ice packs" } }]);
  const done = run(again.state, { type: "done", kind: "accept" });
  expect([titles(done.effects), done.state]).toMatchObject([["right pack.weightAccepted"], { odd: null, asking: null }]);
  expect(run(full, tap("ACCEPT")).state).toEqual(full);
  expect(commands(run(counting.state, { type: "weight", grams: 1000 }).effects)).toHaveLength(1);
  const badge = run(start("en"), { type: "restored", station, view: view(order("f1", 10481, [2, 1], { carton: carton() })), odd: { carton: "c1", grams: 905, counted: true } }, tap("ACCEPT"));
  expect(badge.state.mode).toBe("accepting");
});

test("a label that failed prints again at once, one that is out only after a question, one in doubt is decided by who sees it", () => {
  const bench = (state: string, more: Partial<PackCarton> = {}): State => at(order("f1", 10481, [2, 1], { carton: printed(state, more) }));
  const again = [{ kind: "pack.reprint", body: { carton: "c1" } }];
  expect(asked(run(bench("failed"), scan(command("REPRINT"))).effects)).toEqual(again);
  const out = run(bench("printed"), scan(command("REPRINT")));
  expect([asked(out.effects), out.state.mode]).toEqual([[], "label"]);
  expect(asked(run(out.state, scan(command("REPRINT"))).effects)).toEqual(again);
  expect(run(out.state, scan(command("NO"))).state.mode).toBe("packing");
  expect(posted(run(bench("unknown"), scan(command("YES"))).effects)).toEqual([{ path: "/print-jobs/j1/decide", body: { decision: "printed" } }]);
  expect(asked(run(bench("unknown"), scan(command("NO"))).effects)).toEqual(again);
  expect(run(bench("printed"), scan(command("YES"))).effects).toEqual([]);
});

test("what is said of a label is how far it is: nobody is told to stick on what has not come out", () => {
  const bench = (state: string, condition = "ready"): State => {
    const seenNow = { ...view(order("f1", 10481, [2, 1], { carton: printed(state) })), printer: printer(condition) };
    return run(start("en"), { type: "station", station }, seen(seenNow)).state;
  };
  const said = { queued: "pack.print.queued", failed: "pack.print.queued", cancelled: "pack.print.queued", sending: "pack.nowScanLabel", printed: "pack.nowScanLabel", unknown: "pack.cameOut" };
  for (const [state, words] of Object.entries(said)) expect(saidLines(run(bench(state), { type: "weight", grams: 1000 }).effects)).toEqual([words]);
  const ways = { queued: "waits", failed: "waits", cancelled: "waits", sending: "sending", printed: "out", unknown: "doubted" };
  for (const [state, way] of Object.entries(ways)) expect(wayOf(printed(state), printer("ready"))).toBe(way);
  for (const [state, way] of Object.entries({ wanted: "asked", void: "void", refused: "none" })) expect(wayOf(printed("printed", { label: { ...label, state } }), printer("ready"))).toBe(way);
  expect(wayOf(printed("queued"), null)).toBe("out");
  expect(wayOf(printed("sending"), printer("paper_out"))).toBe("waits");
  const again = run(bench("failed", "paper_out"), scan(command("REPRINT")), { type: "answer", kind: "pack.reprint", answer: answer("reprinting") });
  expect([titles(again.effects), saidLines(again.effects)]).toEqual([["right pack.print.queued"], ["pack.mend.paper_out"]]);
  const closed = run(bench("failed"), { type: "weight", grams: 1000 }, scan(`(00)${SSCC}`), { type: "answer", kind: "pack.close", answer: answer("label_not_printed", { severity: "error", params: { carton: 1 } }) });
  expect(titles(closed.effects).at(-1)).toBe("wrong outcome:label_not_printed");
});

test("a closed carton that has not left is opened again by its own void, not the one on the bench", () => {
  const bench = at(order("f1", 10481, [2, 0], { carton: opened({ id: "c2", number: 2 }), closed: [{ id: "c1", number: 1, sscc: SSCC, tracking: null, voidable: true }] }));
  const asks = run(bench, { type: "closed", carton: "c1" });
  expect([asks.state, posted(asks.effects)]).toMatchObject([{ mode: "label", closed: "c1" }, []]);
  for (const yes of [tap("void"), scan(command("YES"))]) expect(posted(run(asks.state, yes).effects)).toEqual([{ path: "/cartons/c1/void-label", body: {} }]);
  for (const no of [tap("back"), scan(command("NO")), scan(command("REPRINT"))]) expect([run(asks.state, no).state.mode, posted(run(asks.state, no).effects)]).toEqual(["packing", []]);
});

test("an item of another order here is named, and one that nobody here knows is not a number", () => {
  const bench = at(order("f1", 10481, [1, 0], { carton: opened() }), { ...order("f2", 10485, [0, 0]), lines: [{ line: "t", item: item("t", "Tea", "04012345000054"), lot: null, wanted: 1, packed: 0 }] });
  expect(saidParams(run(bench, scan("04012345000054")).effects)).toEqual([{ got: "Tea", order: "10481" }]);
  const strange = run(bench, scan("04012345000047"));
  expect([titles(strange.effects), saidLines(strange.effects)]).toEqual([["wrong pack.notOfOrder"], ["pack.backIntoTote"]]);
});

test("a void label opens the carton, and only a new one closes it; a refused one is asked for again", () => {
  const { state, effects } = run(at(order("f1", 10481, [2, 1], { carton: carton() })), tap("REPRINT"), tap("void"), { type: "done", kind: "void" });
  expect(posted(effects)).toEqual([{ path: "/cartons/c1/void-label", body: {} }]);
  expect(titles(effects)).toEqual(["right pack.voided"]);
  const open = run(state, seen(view(order("f1", 10481, [2, 1], { carton: carton({ state: "open", label: { ...label, state: "void" } }) })))).state;
  if (open.mode === "packing") expect(phaseOf(open.view, orderIn(open) as PackOrder)).toBe("reopened");
  for (const asks of [scan(command("YES")), scan(command("CLOSE")), scan(command("REPRINT")), tap("NEW_LABEL")]) expect(posted(run(open, asks).effects)).toEqual([{ path: "/cartons/c1/retry-label", body: {} }]);
  expect(asked(run(open, scan(command("UNDO"))).effects)).toEqual([{ kind: "pack.undo", body: { fulfilment: "f1" } }]);
  const behind = order("f1", 10481, [2, 0], { carton: carton({ state: "open", contents: { f1a: 2 }, label: { ...label, state: "void" } }), filling: opened({ id: "c2", number: 2, contents: {} }) });
  expect(phaseOf(view(behind), behind)).toBe("reopened");
  const refused = at(order("f1", 10481, [2, 1], { carton: carton({ label: { ...label, state: "refused" }, print: null }) }));
  expect(posted(run(refused, tap("NEW_LABEL")).effects)).toEqual([{ path: "/cartons/c1/retry-label", body: {} }]);
});

test("a carton that waits for its label lets the next order be packed, and is closed when it comes", () => {
  const waits = carton({ weight_g: 1000, label: { ...label, state: "wanted" }, print: null });
  const bench = at(order("f1", 10481, [2, 1], { carton: waits }), order("f2", 10485, [0, 0]));
  const other = run(bench, scan(HONEY));
  expect(commands(other.effects)).toMatchObject([{ kind: "pack.item", body: { fulfilment: "f2" } }]);
  const came = run(other.state, seen(view(order("f1", 10481, [2, 1], { carton: carton({ weight_g: 1000 }) }), order("f2", 10485, [0, 1], { carton: opened({ id: "c2", sscc: "340123450000000024" }) }))), scan(`(00)${SSCC}`));
  expect(asked(came.effects)).toEqual([{ kind: "pack.close", body: { carton: "c1", sscc: `(00)${SSCC}` } }]);
  if (came.state.mode === "packing") expect(nextOrder(came.state.view)?.id).toBe("f2");
});

test("an order that is held while it is packed stops its packer at once, and the next one may be packed", () => {
  const held = order("f1", 10481, [1, 0], { carton: opened(), held: true });
  const { state, effects } = run(at(order("f1", 10481, [1, 0], { carton: opened() }), order("f2", 10485, [0, 0])), seen(view(held, order("f2", 10485, [0, 0]))));
  expect([titles(effects), saidLines(effects)]).toEqual([["wrong pack.stopHeld"], ["pack.stopMore"]]);
  expect(titles(run(state, seen(view(held, order("f2", 10485, [0, 0])))).effects)).toEqual([]);
  expect(commands(run(state, scan(HONEY)).effects)).toMatchObject([{ kind: "pack.item", body: { fulfilment: "f2" } }]);
});

test("a short that the server has heard is not waited for any more, one that it set aside is not believed", () => {
  const short = run(at(order("f1", 10481, [0, 1], { carton: opened({ contents: { f1h: 1 } }) })), scan(command("DAMAGED")), tap("confirm")).state;
  const older = seen(view(order("f1", 10481, [0, 1], { carton: opened({ contents: { f1h: 1 } }) })));
  expect(orderIn(run(short, older).state)).toMatchObject({ backordered: 2, lines: [{ wanted: 0 }, { wanted: 1 }] });
  const heard = run(short, { type: "heard", answer: answer("shorted_backordered", { params: { missing: 2 } }) });
  expect(heard.effects).toEqual([{ type: "fetch" }]);
  expect(orderIn(run(heard.state, older).state)).toMatchObject({ backordered: 0, lines: [{ wanted: 2 }, { wanted: 1 }] });
  expect(orderIn(run(short, { type: "heard", answer: answer("set_aside", { severity: "card" }) }, older).state)).toMatchObject({ backordered: 0 });
});

test("a tote whose order is not all here is put on its place, and another order goes first", () => {
  const elsewhere = [{ code: "T-0420", state: "assigned", station: null, cart: "C-02" }];
  const parked = order("f1", 10481, [0, 0], { elsewhere, place: 3 });
  const { effects } = run(at(), scan("T-0419"), { type: "answer", kind: "pack.open", answer: answer("pack_opened", { params: { tote: "T-0419", place: 3 } }) });
  expect([titles(effects), saidLines(effects)]).toEqual([["right pack.putTote"], ["pack.restComes"]]);
  const bench = at(parked, order("f2", 10485, [0, 0]));
  if (bench.mode === "packing") expect(nextOrder(bench.view)?.id).toBe("f2");
  const put = run(bench, { type: "answer", kind: "pack.open", answer: answer("pack_opened", { params: { tote: "T-0419", place: 3 } }) }).state;
  if (put.mode === "packing") expect(toSetDown(put)?.place).toBe(3);
  expect(run(put, scan(command("HELP"))).state).toMatchObject({ setDown: null });
  const alone = at(parked);
  expect(alone.mode).toBe("packing");
  if (alone.mode === "packing") expect([nextOrder(alone.view), phaseOf(alone.view, parked)]).toEqual([null, "parked"]);
  expect(commands(run(alone, scan(ALMOND)).effects)).toHaveLength(1);
});

test("while a label is sent once more, what kept it the last time is not said; what the printer lacks is", () => {
  const job = (state: string) => ({ job: "j1", state, reason: "partial_format" });
  expect(printTrouble(job("sending"), printer("busy"))).toBeNull();
  expect(printTrouble(job("sending"), printer("partial_format"))).toBeNull();
  expect(printTrouble(job("sending"), printer("paper_out"))).toBe("paper_out");
  expect(printTrouble(job("queued"), printer("ready"))).toBe("partial_format");
  expect(printTrouble(job("printed"), printer("paper_out"))).toBeNull();
});

test("nothing is to be stuck on before the weight", () => {
  expect(labelHint(carton(), printer("ready"), true).key).toBe("pack.hint.unweighed");
  expect(labelHint(carton({ weight_g: 1000 }), printer("ready"), true).key).toBe("pack.hint.out");
  expect(labelHint(carton(), printer("ready"), false).key).toBe("pack.labelAtLast");
});

test("void paper is called void, also while the order is elsewhere in its way", () => {
  const old = "340123450000000024";
  for (const bench of [at(order("f1", 10481, [2, 1], { carton: carton(), voided: [old] })), at(order("f1", 10481, [0, 0], { voided: [old] }))]) {
    expect(titles(run(bench, scan(`(00)${old}`)).effects)).toEqual(["wrong outcome:label_void"]);
  }
});

test("a supervisor who decided here is shown the way back to whom they stood in for", () => {
  const [mina, petra] = [{ id: "p1", name: "Mina" }, { id: "p2", name: "Petra" }];
  expect(standsInFor(mina, petra, true)).toBe(mina);
  expect([standsInFor(mina, mina, true), standsInFor(mina, petra, false), standsInFor(null, petra, true), standsInFor(mina, null, true)]).toEqual([null, null, null, null]);
});

test("a name is as large as its longest word has room for", () => {
  expect([longestWord("Küchenreiniger, 500\u00a0ml"), longestWord("Anti-Kalk 2 in 1"), longestWord("")]).toEqual([15, 4, 1]);
});

test("an order that is complete now is fetched from its place, and where no place is free the tote is put aside", () => {
  const bench = at(order("f1", 10481, [0, 0], { place: 3 }));
  const opened = (params: Record<string, string | number>): Input => ({ type: "answer", kind: "pack.open", answer: answer("pack_opened", { params: { tote: "T-0420", order: 10481, ...params } }) });
  expect(titles(run(bench, opened({ from: 3, fetch: "T-0419" })).effects)).toEqual(["right pack.whole"]);
  expect(saidParams(run(bench, opened({ from: 3, fetch: "T-0419" })).effects)).toEqual([{ tote: "T-0420", order: "10481", totes: "T-0419", place: "3" }]);
  expect(titles(run(bench, opened({ from: 3, fetch: "" })).effects)).toEqual(["right pack.wholeCarton"]);
  const full = run(bench, opened({ places: 12 })).effects;
  expect([titles(full), saidLines(full)]).toEqual([["right pack.noPlaceFor"], ["pack.noPlace"]]);
  expect(titles(run(bench, scan("T-0419")).effects)).toEqual(["right pack.wholeCarton"]);
  const placed: PackView = { ...view(order("f1", 10481, [0, 0], { place: 3 })), places: [{ place: 3, fulfilment: "f1", order: 10481, totes: ["T-0418"], since: "2026-11-24T14:02:00Z" }] };
  const rescanned = run(run(start("en"), { type: "station", station }, seen(placed)).state, scan("T-0419")).effects;
  expect([titles(rescanned), saidParams(rescanned)[0]]).toMatchObject([["right pack.whole"], { totes: "T-0418", place: "3" }]);
  const parked = at(order("f1", 10481, [0, 0], { place: 3, to_pick: 1 }));
  expect(titles(run(parked, scan("T-0419")).effects)).toEqual(["right pack.putTote"]);
});

test("an item whose tote was not scanned is not booked: its tote comes first", () => {
  const waits = { ...view(order("f1", 10481, [1, 0], { carton: opened(), place: 1, elsewhere: [{ code: "T-0420", state: "staged", station: null, cart: null }] })), totes: {} };
  const { effects } = run(run(start("en"), { type: "station", station }, seen(waits)).state, scan(ALMOND));
  expect([titles(effects), commands(effects)]).toEqual([["wrong pack.toteFirst"], []]);
});

test("what the printer lacks is told before the first tote, once, and work begins all the same", () => {
  const out: PackView = { ...view(), printer: printer("paper_out"), other: { ...printer("ready"), id: "p2", name: "Second" } };
  const idle = run(start("en"), { type: "station", station }, seen(out)).state;
  const warned = run(idle, scan("T-0419"));
  expect([titles(warned.effects), saidLines(warned.effects), asked(warned.effects)]).toEqual([["wrong pack.printerStops"], ["pack.mend.paper_out", "pack.printerRefuge"], []]);
  const begun = run(warned.state, { type: "acknowledged" });
  expect(asked(begun.effects)).toEqual([{ kind: "pack.open", body: { station: "s1", tote: "T-0419" } }]);
  expect(begun.state).toMatchObject({ held: null });
  const again = run(begun.state, { type: "failed", why: { key: "common.noNetwork" } }, scan("T-0420"));
  expect(asked(again.effects)).toEqual([{ kind: "pack.open", body: { station: "s1", tote: "T-0420" } }]);
  const worse = run(begun.state, { type: "failed", why: { key: "common.noNetwork" } }, seen({ ...out, printer: printer("head_open") }), scan("T-0420"));
  expect(titles(worse.effects).at(-1)).toBe("wrong pack.printerStops");
  for (const condition of ["ready", "busy", "unknown"]) {
    const fine = run(start("en"), { type: "station", station }, seen({ ...view(), printer: printer(condition) }), scan("T-0419"));
    expect(asked(fine.effects)).toHaveLength(1);
  }
});

test("the other printer is chosen by a tap, and a label that went there is asked of that one", () => {
  const [first, second] = [printer("paper_out"), { ...printer("ready"), id: "p2", name: "Second" }];
  const printed = carton({ print: { job: "j1", state: "printed", reason: null, printer: "p2" } });
  const both: PackView = { ...view(order("f1", 10481, [2, 1], { carton: printed })), printer: first, other: second };
  expect([printerOf(both, printed)?.id, printerOf(both, carton())?.id]).toEqual(["p2", "p1"]);
  const bench = run(start("en"), { type: "station", station }, seen(both)).state;
  const { state, effects } = run(bench, { type: "printer", printer: "p2" }, { type: "printer", printer: "p2" });
  expect(posted(effects)).toEqual([{ path: "/stations/PACK-1/printer", body: { printer: "p2" } }]);
  const done = run(state, { type: "done", kind: "printer" });
  expect([titles(done.effects), done.state]).toMatchObject([["right pack.printerChosen"], { asking: null }]);
});
