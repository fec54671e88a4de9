import { expect, test } from "vitest";
import en from "./texts/en.json";
import { addressOf, begunWith, flow, isMoving, kindsFor, sentences, start, wantedOf, type All, type Counts, type Import, type Input, type State } from "./flow";

const none: Counts = { rows: 0, records: 0, made: 0, changed: 0, skipped: 0, faulty: 0, lines: 0, held: 0, faults: 0 };
const ID = "01a218e7-3a88-7d3e-ab18-a7cdce3a9222";
const found: Import = {
  id: ID, kind: "orders", state: "checked", file_name: "a.csv", size: 10, encoding: "utf-8", separator: ",", columns: [], notes: [], preview: [],
  checked: { ...none, made: 2, lines: 3 }, written: none, progress: 1, allowed: ["start", "cancel"], why: "", created_at: "", created_by: "",
};
const file = { name: "a.csv", size: 10 };

const run = (...inputs: Input[]): { state: State; asked: readonly All[] } => {
  let state = start("orders", null);
  const asked: All[] = [];
  for (const input of inputs) {
    const step = flow.step(state, input);
    state = step.state;
    asked.push(...step.effects);
  }
  return { state, asked };
};

test("nothing is sent before a file is chosen, and it says so", () => {
  const { state, asked } = run({ type: "send" });
  expect(asked).toEqual([]);
  expect(state).toMatchObject({ mode: "choosing", fault: { key: "imports.noFile" } });
});

test("a file goes out as the chosen kind, and its import is opened under its own address", () => {
  const { state, asked } = run({ type: "choose", kind: "stock" }, { type: "take", file }, { type: "send" }, { type: "sent", share: 0.5 }, { type: "brought", found });
  expect(asked).toEqual([{ type: "send", kind: "stock", encoding: "auto", channel: "" }, { type: "go", path: addressOf(ID, null) }]);
  expect(state).toMatchObject({ mode: "opened", id: ID, seen: found });
});

test("a file that is refused or called off may be sent again", () => {
  const why = { key: "common.noNetwork" };
  expect(run({ type: "take", file }, { type: "send" }, { type: "failed", why }).state).toMatchObject({ mode: "choosing", file, fault: why });
  const { state, asked } = run({ type: "take", file }, { type: "send" }, { type: "cancel" });
  expect(state).toMatchObject({ mode: "choosing", file, fault: null });
  expect(asked.at(-1)).toEqual({ type: "stop" });
});

test("with faults it is started without them, and what is seen late of another import is left alone", () => {
  const faulty = { ...found, checked: { ...found.checked, faulty: 1 } };
  const begun: Input[] = [{ type: "open", id: ID }, { type: "looked", found: faulty }, { type: "start" }];
  expect(run(...begun).asked.at(-1)).toEqual({ type: "start", id: ID, faults: "skip" });
  const { state } = run(...begun, { type: "looked", found: { ...found, id: "another" } });
  expect(state).toMatchObject({ seen: faulty, busy: true });
});

test("it is looked at again while the server is at it", () => {
  expect([null, { ...found, state: "checking" }, { ...found, state: "running" }, found, { ...found, state: "done" }].map(isMoving)).toEqual([true, true, true, false, false]);
});

test("what will happen names only what there is, and has words for every kind", () => {
  expect(sentences("orders", found.checked, "will")).toEqual([{ key: "imports.will.made.orders", params: { n: 2, lines: 3 } }]);
  expect(sentences("bins", none, "did")).toEqual([{ key: "imports.did.nothing" }]);
  const all = { ...none, made: 1, changed: 1, skipped: 1, faulty: 1 };
  for (const kind of ["items", "bins", "stock", "orders", "receipts"] as const) {
    for (const when of ["will", "did"] as const) for (const { key } of sentences(kind, all, when)) expect(en).toHaveProperty([key]);
  }
});

test("a person sees the kinds that they may bring in", () => {
  expect(kindsFor(["orders.capture", "imports.use"]).map((kind) => kind.name)).toEqual(["orders"]);
  expect(kindsFor(["imports.items", "imports.bins", "imports.stock"]).map((kind) => kind.name)).toEqual(["items", "bins", "stock"]);
});

test("a file is begun with the kind that the guide asked for, where the person may bring it in", () => {
  const kinds = kindsFor(["imports.items", "imports.stock"]);
  expect(begunWith(kinds, wantedOf(new URLSearchParams("kind=stock")).kind)).toBe("stock");
  expect(begunWith(kinds, "orders")).toBe("items");
  expect(begunWith(kinds, null)).toBe("items");
});

test("an address asks for an import or a page, and for nothing that it cannot mean", () => {
  expect(wantedOf(new URLSearchParams(addressOf(ID, null).split("?")[1]))).toEqual({ id: ID, after: null, kind: null });
  expect(wantedOf(new URLSearchParams("id=../x&after=1"))).toEqual({ id: null, after: null, kind: null });
});
