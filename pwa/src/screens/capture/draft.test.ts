import { beforeEach, expect, test, vi } from "vitest";

const tab = new Map<string, string>();
vi.stubGlobal("sessionStorage", {
  getItem: (name: string) => tab.get(name) ?? null, setItem: (name: string, value: string) => tab.set(name, value), removeItem: (name: string) => tab.delete(name),
  get length() { return tab.size; }, key: (at: number) => [...tab.keys()][at] ?? null,
});
const { keepDraft, keptDraft } = await import("./draft");
const { forgetTab } = await import("../../ui/kept");
const { draftOf, flow, start } = await import("./flow");
type Input = import("./flow").Input;

beforeEach(() => tab.clear());

const parcel = { code: "parcel", name: "parcel", carrier: "post", countries: ["DE"], price_minor: 490, cutoff: "16:00" };
const form = { channel: "desk", services: [parcel], methods: ["card"], warehouses: [1] };
const tea = { id: "TEA", sku: "TEA", names: { en: "Tea" }, uom: "each", price_minor: 250, currency: "EUR", picture: null, ready: 5, coming: [] };
const opened = (reference: string): Extract<Input, { type: "form" }> => ({ type: "form", form, reference, mark: ",", language: "de", draft: keptDraft("ana") });
const run = (...inputs: readonly Input[]) => inputs.reduce((state, input) => flow.step(state, input).state, start());
const begun: readonly Input[] = [
  { type: "item", offer: tea }, { type: "line", at: 0, name: "quantity", value: "3" }, { type: "field", name: "name", value: "Eva" },
  { type: "field", name: "service", value: "parcel" }, { type: "field", name: "token", value: "tok-1" },
];

test("half an order is there again after a reload, under its own number, but for the card", () => {
  const before = run(opened("R-1"), ...begun);
  keepDraft(draftOf(before), "ana");
  const again = run(opened("R-2"));
  expect(again).toMatchObject({ reference: "R-1", lines: [{ quantity: "3", offer: { sku: "TEA" } }], fields: { name: "Eva", service: "parcel", token: "" } });
  expect([before, again].map((each) => each.mode === "taking" && each.edits)).toEqual([5, 6]); // without its card it is another request
});

test("nobody else goes on with it, nor the person themselves after they left", () => {
  keepDraft(draftOf(run(opened("R-1"), ...begun)), "ana");
  expect(keptDraft("ben")).toBeNull();
  forgetTab();
  expect(keptDraft("ana")).toBeNull();
});

test("an order that nothing was typed of is not kept, nor one that is taken or let go", () => {
  const taken: Input = { type: "taken", captured: { number: 1, status: "ready", holds: [], first: true, promised_on: null, cutoff_at: "2026-11-24T15:00:00Z" } };
  const next: Input = { type: "next", reference: "R-3", mark: ",", language: "de" };
  for (const inputs of [[], [...begun, taken], [...begun, next]]) expect(draftOf(run(opened("R-1"), ...inputs))).toBeNull();
  keepDraft(draftOf(run(opened("R-1"), ...begun)), "ana");
  keepDraft(null, "ana");
  expect(keptDraft("ana")).toBeNull();
});

test("what goes nowhere any more is chosen anew", () => {
  keepDraft(draftOf(run(opened("R-1"), ...begun)), "ana");
  const without: Input = { ...opened("R-2"), form: { ...form, services: [] } };
  expect(run(without)).toMatchObject({ lines: [{ quantity: "3" }], fields: { name: "Eva", service: "" } });
});
