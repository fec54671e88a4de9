import { expect, test } from "vitest";
import { command, parse } from "../../core/barcode";
import type { PackCarton, PackOrder, PackView } from "../../core/packing";
import type { Answer } from "../../core/queue";
import { makeFlow, start, type All, type Input, type State } from "./flow";

const ALMOND = "04012345000016";
const HONEY = "04012345000023";
const SSCC = "340123450000000017";
const station = { id: "s1", code: "PACK-1", name: "Pack 1" };
const item = (id: string, name: string, code: string) => ({ id, sku: id, names: { en: name }, uom: "each", picture: null, weight_g: 500, barcodes: [{ code, uom: "each", quantity: 1 }] });
const label = { state: "live", tracking: "NP1", zpl_url: "/api/x", reason: null };
const type = { code: "M2", name: "Box M2", length_mm: 310, width_mm: 220, height_mm: 150 };
const carton = (more: Partial<PackCarton> = {}): PackCarton => ({
  id: "c1", number: 1, sscc: SSCC, type, fill_percent: 68, expected_g: 1000, weight_g: null, state: "complete", version: 1, label, print: { job: "j1", state: "printed", reason: null }, ...more,
});
const order = (id: string, number: number, packed: readonly [number, number], more: Partial<PackOrder> = {}): PackOrder => ({
  id, number, status: "picked", held: false, cancelled: false, hold_reason: null, service: "np", cutoff_at: "2026-11-24T16:00:00Z", checklist: [],
  lines: [
    { line: `${id}a`, item: item("a", "Almond drink", ALMOND), lot: null, wanted: 2, packed: packed[0] },
    { line: `${id}h`, item: item("h", "Honey", HONEY), lot: null, wanted: 1, packed: packed[1] },
  ],
  carton: null, closed: [], ...more,
});
const view = (...orders: PackOrder[]): PackView => ({
  station, printer: null, totes: orders.length === 0 ? {} : { "T-0419": { code: "T-0419", other_totes: {}, orders: orders.map((each) => each.id) } },
  orders: Object.fromEntries(orders.map((each) => [each.id, each])), carton_types: [{ ...type, code: "S1", name: "Box S1" }, type],
});
const answer = (outcome: string, more: Partial<Answer> = {}): Answer => ({ id: "x", seq: 1, outcome, severity: "ok", params: {}, version: null, task: null, ...more });

function run(from: State, ...inputs: Input[]): { state: State; effects: All[] } {
  let count = 0;
  const flow = makeFlow(() => `id-${++count}`);
  let state = from;
  const effects: All[] = [];
  for (const input of inputs) {
    const step = flow.step(state, input);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

const scan = (text: string): Input => ({ type: "scan", scan: parse(text) });
const seen = (next: PackView, settled = true): Input => ({ type: "view", view: next, settled });
const commands = (effects: All[]): unknown[] => effects.flatMap((each) => (each.type === "command" ? [{ kind: each.command.kind, body: each.command.body }] : []));
const asked = (effects: All[]): unknown[] => effects.flatMap((each) => (each.type === "ask" ? [{ kind: each.kind, body: each.body }] : []));
const titles = (effects: All[]): string[] => effects.flatMap((each) => (each.type === "feedback" ? [`${each.feedback.kind} ${each.feedback.title.key}`] : []));
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
  expect(asked(run(begun, scan(command("NEW_CARTON")), scan(command("NEW_CARTON")), scan(command("YES"))).effects)).toEqual([{ kind: "pack.carton", body: { fulfilment: "f1", carton_type: "M2" } }]);
  expect(run(begun, scan(command("HELP"))).state.mode).toBe("help");
  expect(run(begun, scan(command("HELP")), scan(ALMOND)).state).toMatchObject({ mode: "packing", view: { orders: { f1: { lines: [{ packed: 2 }, {}] } } } });
  const full = at(order("f1", 10481, [2, 1], { carton: carton() }));
  expect(asked(run(full, scan(command("REPRINT"))).effects)).toEqual([{ kind: "pack.reprint", body: { carton: "c1" } }]);
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
