import { expect, test } from "vitest";
import { command } from "../../core/barcode";
import { answer, commands, counting, played, scan, titles } from "../../core/played";
import type { LooseHeard, TourStop } from "../../core/tour";
import { makeFlow, start, type All, type Input, type State } from "./flow";

const GTIN = "09520000000011";
const item = { id: "i1", sku: "40-0001", names: { en: "Almond drink" }, uom: "each", picture: "", tracking: "none", barcodes: [{ code: GTIN, uom: "each", quantity: 1 }] };
const task = (id: string, more: Partial<TourStop> = {}): TourStop => ({
  task: id, kind: "put_back", state: "open", position: 0, version: 1, bin: { code: "A01-01-A", check_digits: "47", aisle: "A01", side: "left", level: "A", x_mm: 0, y_mm: 0 },
  item: "i1", lot: "", expiry: null, quantity: 2, done: 0, short: 0, slot: null, tote: "T-0001", order: 10001, reason: "order_cancelled", ...more,
});
const count = task("c", { kind: "count", quantity: 0, tote: null, order: null, bin: { ...task("x").bin, code: "A02-02-B" } });
const heard = (...tasks: TourStop[]): LooseHeard => ({ loose: Object.fromEntries(tasks.map((each) => [each.task, each])), items: { i1: item } });
const queue = (...tasks: TourStop[]): Input => ({ type: "queue", view: heard(...tasks) });

const run = (from: State, ...inputs: Input[]) => played(makeFlow(counting()), from, inputs);
const listed = (...tasks: TourStop[]): State => run(start("en", "p1"), queue(...tasks)).state;

test("a tote is scanned, its items, their bin: one put-back is written with the tasks that follow from it", () => {
  const { state, effects } = run(listed(task("a"), count), scan("T-0001"), scan(GTIN), scan(GTIN), scan("B-A01-01-A"));
  expect(titles(effects)).toEqual(["right outcome:tote_right", "right outcome:item_right", "right outcome:item_right", "done outcome:put_back"]);
  expect(commands(effects)).toEqual([{ kind: "put_back", body: { task: "a", bin: "B-A01-01-A", qty: 2 } }]);
  expect(effects.find((each) => each.type === "command")).toMatchObject({ command: { version: 1, saves: { "tasks.work": { tasks: { a: { state: "done", version: 2 } } } } } });
  expect(state.mode).toBe("list");
});

test("what goes out of the same tote comes next, without scanning it again", () => {
  const other = task("b", { bin: { ...task("x").bin, code: "A03-03-C" } });
  const { state } = run(listed(task("a"), other), { type: "choose", task: "a" }, scan("T-0001"), scan(GTIN), scan(GTIN), scan("B-A01-01-A"));
  expect(state).toMatchObject({ mode: "doing", task: { task: "b" }, at: { phase: "item", counted: 0 } });
});

test("some of it into the bin leaves the rest to do", () => {
  const { state, effects } = run(listed(task("a")), scan("T-0001"), scan(GTIN), scan("B-A01-01-A"));
  expect(commands(effects)).toEqual([{ kind: "put_back", body: { task: "a", bin: "B-A01-01-A", qty: 1 } }]);
  expect(state).toMatchObject({ mode: "doing", task: { task: "a", done: 1 }, at: { phase: "tote", counted: 0 } });
});

test("a count asks once more before it is written down", () => {
  const typed = run(listed(count), scan("B-A02-02-B"), scan(GTIN), { type: "quantity", quantity: 7 });
  expect(commands(typed.effects)).toEqual([]);
  expect(typed.state).toMatchObject({ mode: "doing", at: { phase: "confirm", counted: 7 } });
  expect(run(typed.state, { type: "retype" }).state).toMatchObject({ at: { phase: "quantity", counted: 0 } });
  const done = run(typed.state, { type: "confirm" });
  expect(commands(done.effects)).toEqual([{ kind: "count", body: { task: "c", bin: "B-A02-02-B", counted: 7 } }]);
  expect(titles(done.effects)).toEqual(["done outcome:counted"]);
  expect(done.state).toMatchObject({ mode: "list", last: null });
});

test("an empty bin is counted without an item", () => {
  const { effects } = run(listed(count), scan("B-A02-02-B"), { type: "quantity", quantity: 0 }, { type: "confirm" });
  expect(commands(effects)).toEqual([{ kind: "count", body: { task: "c", bin: "B-A02-02-B", counted: 0 } }]);
});

test("what is wrong stops everything and changes nothing", () => {
  const at = run(listed(task("a")), { type: "choose", task: "a" }).state;
  for (const text of ["T-0002", GTIN, "B-A01-01-A", "hello"]) {
    const { state, effects } = run(at, scan(text));
    expect([state, commands(effects), titles(effects)[0]?.slice(0, 6)]).toEqual([at, [], "wrong "]);
  }
  const list = listed(task("a"), count);
  expect(["T-0009", "B-A09-09-Z", GTIN, "hello"].map((text) => titles(run(list, scan(text)).effects))).toEqual([
    ["wrong tasks.nothingOut"], ["wrong tasks.nothingAt"], ["wrong floor.wrong.wrong_kind"], ["wrong floor.wrong.unknown_barcode"],
  ]);
});

test("the last put-back is taken back, and is to do again", () => {
  const done = run(listed(task("a")), scan("T-0001"), scan(GTIN), scan(GTIN), scan("B-A01-01-A")).state;
  const { state, effects } = run(done, { type: "undo" });
  expect(commands(effects)).toEqual([{ kind: "undo", body: { command: "id-3" } }]);
  expect(state).toMatchObject({ mode: "list", last: null, work: { tasks: { a: { state: "open", done: 0, version: 3 } } } });
  expect(titles(run(state, { type: "undo" }).effects)).toEqual(["wrong outcome:nothing_to_undo"]);
});

test("what somebody else has done goes, with a word to whoever was about to; what is in hand stays", () => {
  const chosen = run(listed(task("a")), { type: "choose", task: "a" }).state;
  const gone = run(chosen, queue());
  expect([gone.state.mode, titles(gone.effects)]).toEqual(["list", ["wrong tasks.gone"]]);
  const inHand = run(chosen, scan("T-0001"), scan(GTIN), scan(GTIN), queue(), scan("B-A01-01-A"));
  expect(commands(inHand.effects)).toHaveLength(1);
});

test("an older word of the server does not bring back what this device has done, also after a restart", () => {
  const done = run(listed(task("a")), scan("T-0001"), scan(GTIN), scan(GTIN), scan("B-A01-01-A")).state;
  expect(run(done, queue(task("a"))).state.work.tasks["a"]).toMatchObject({ state: "done" });
  const restarted = run(start("en", "p1"), { type: "restored", work: done.work, heard: heard(task("a"), count) }).state;
  expect(restarted).toMatchObject({ known: true, work: { tasks: { a: { state: "done" }, c: { state: "open" } } } });
});

test("what the server could not book is as the server says", () => {
  const done = run(listed(task("a")), scan("T-0001"), scan(GTIN), scan(GTIN), scan("B-A01-01-A")).state;
  const { state, effects } = run(done, { type: "answer", answer: answer("set_aside", { severity: "card", task: "a" }) });
  expect(effects.map((each) => each.type)).toEqual(["keep", "fetch"]);
  expect(run(state, queue(task("a"))).state.work.tasks["a"]).toMatchObject({ state: "open" });
});

const begunIn = (effects: All[]) => effects.flatMap((each) => (each.type === "begun" ? [each.begun] : [])).at(-1);

test("a reload in the middle of a put-back or a count comes back to the step that is due", () => {
  const after = (tasks: TourStop[], ...inputs: Input[]) => {
    const { state, effects } = run(listed(...tasks), ...inputs);
    return run(start("en", "p1"), { type: "restored", work: state.work, heard: heard(...tasks), begun: begunIn(effects) ?? null }).state;
  };
  const inHand: Input[] = [scan("T-0001"), scan(GTIN)];
  expect(after([task("a")], ...inHand)).toMatchObject({ mode: "doing", task: { task: "a" }, at: { phase: "item", counted: 1 } });
  expect(after([task("a")], { type: "choose", task: "a" }).mode).toBe("list");
  expect(after([task("a")], ...inHand, { type: "back" }).mode).toBe("list");
  expect(after([task("a")], ...inHand, scan(GTIN), scan("B-A01-01-A")).mode).toBe("list");
  expect(after([count], scan("B-A02-02-B"), scan(GTIN), { type: "quantity", quantity: 7 })).toMatchObject({ mode: "doing", task: { task: "c" }, at: { phase: "confirm", counted: 7 } });
  const { state, effects } = run(listed(task("a")), ...inHand);
  const kept = begunIn(effects) ?? null;
  const changed = run(start("en", "p1"), { type: "restored", work: state.work, heard: heard(task("a", { version: 2, done: 1 })), begun: kept });
  expect([changed.state.mode, begunIn(changed.effects)]).toEqual(["list", null]);
  expect(run(start("en", "p2"), { type: "restored", work: state.work, heard: heard(task("a")), begun: kept }).state.mode).toBe("list");
});

test("the printed card UNDO does what the button does", () => {
  const other = task("b", { bin: { ...task("x").bin, code: "A03-03-C" } });
  const inHand = run(listed(task("a"), other), scan("T-0001"), scan(GTIN), scan(GTIN), scan("B-A01-01-A"), scan(GTIN)).state;
  expect(run(inHand, scan(command("UNDO")))).toEqual(run(inHand, { type: "undo" }));
  expect(commands(run(inHand, scan(command("UNDO"))).effects)).toEqual([]);
});

test("a put-back that was refused is not taken back", () => {
  const done = run(listed(task("a")), scan("T-0001"), scan(GTIN), scan(GTIN), scan("B-A01-01-A")).state;
  const { effects } = run(done, { type: "answer", answer: answer("invalid", { id: done.last?.command ?? "", severity: "error", task: "a" }) }, { type: "undo" });
  expect([commands(effects), titles(effects)]).toEqual([[], ["wrong outcome:nothing_to_undo"]]);
});

test("what nobody knows is said once, with what to scan instead", () => {
  const lines = (state: State) => run(state, scan("hello-world")).effects;
  expect(lines(listed(task("a")))).toMatchObject([{ feedback: { lines: [{ params: { text: "hello-world" } }, { key: "tasks.scanAny" }] } }]);
  expect(lines(run(listed(task("a")), scan("T-0001")).state)).toMatchObject([{ feedback: { lines: [{ params: { text: "hello-world" } }, { key: "tasks.scanItem" }] } }]);
});
