import { expect, test } from "vitest";
import { fieldAt, flow, isShort, lineAt, missing, start, totalsOf, type Form, type Input, type Mine, type Offer, type State, type Taking } from "./flow";

const service = (code: string, price_minor: number, ...countries: string[]) => ({ code, name: code, carrier: "post", countries, price_minor, cutoff: "16:00" });
const form: Form = { channel: "desk", services: [service("parcel", 490, "DE"), service("air", 1900)], methods: ["card", "cash"], warehouses: [1] };
const offer = (sku: string, price_minor: number, ready = 5): Offer => ({ id: sku, sku, names: { en: sku }, uom: "each", price_minor, currency: "EUR", picture: null, ready, coming: [] });
const opened: Input = { type: "form", form, reference: "R-1", mark: ",", language: "de" };

function run(...inputs: readonly Input[]): { readonly state: State; readonly effects: readonly Mine[] } {
  let state: State = start();
  const effects: Mine[] = [];
  for (const input of [opened, ...inputs]) {
    const step = flow.step(state, input);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}
const taking = (...inputs: readonly Input[]): Taking => run(...inputs).state as Taking;
const field = (name: Extract<Input, { type: "field" }>["name"], value: string): Input => ({ type: "field", name, value });
const item = (sku: string, price = 250, ready = 5): Input => ({ type: "item", offer: offer(sku, price, ready) });
const who: readonly Input[] = [field("name", "Ana Souza"), field("street", "Lindenweg 4"), field("city", "Köln"), field("postal_code", "50667")];

test("an item comes with one unit at its list price, the same again is one more", () => {
  const state = taking(field("service", "parcel"), item("TEA"), item("HONEY", 999), item("TEA"));
  expect(state.lines.map(({ offer: { sku }, quantity, price }) => [sku, quantity, price])).toEqual([["TEA", "2", "2,50"], ["HONEY", "1", "9,99"]]);
  expect(totalsOf(state)).toEqual({ items_minor: 1499, shipping_minor: 490, total_minor: 1989 });
});

test("more than lies there is said, a quantity or price that cannot be read makes no sum", () => {
  const state = taking(item("TEA", 250, 1), { type: "line", at: 0, name: "quantity", value: "2" });
  expect(isShort(state.lines[0]!)).toBe(true);
  expect(totalsOf(taking(item("TEA"), { type: "line", at: 0, name: "price", value: "dear" }))).toBeNull();
  expect(taking(item("TEA"), { type: "drop", at: 0 }).lines).toEqual([]);
});

test("what is missing is said one after the other, at its field, and nothing is sent before", () => {
  const where = (...inputs: readonly Input[]) => [missing(taking(...inputs))?.why.key, missing(taking(...inputs))?.at];
  expect(where()).toEqual(["capture.noLines", "finder"]);
  expect(where(item("TEA"), item("HONEY"), { type: "line", at: 1, name: "quantity", value: "0" })).toEqual(["capture.noQuantity", { line: 1, name: "quantity" }]);
  expect(where(item("TEA"), { type: "line", at: 0, name: "price", value: "dear" })).toEqual(["capture.noPrice", { line: 0, name: "price" }]);
  expect(where(item("TEA"))).toEqual(["capture.noName", "name"]);
  expect(where(item("TEA"), field("name", "Ana"))).toEqual(["capture.noAddress", "street"]);
  expect(where(item("TEA"), field("name", "Ana"), field("street", "Lindenweg 4"))).toEqual(["capture.noAddress", "city"]);
  expect(missing(taking(item("TEA"), ...who, field("service", "air")))).toBeNull();
  const { state, effects } = run(item("TEA"), { type: "send" });
  expect([effects.at(-1), (state as Taking).at]).toEqual([{ type: "focus", on: "name" }, "name"]);
  expect(flow.step(state, field("name", "A")).state).toMatchObject({ fault: null, at: null });
});

test("a service is chosen by a person, and let go where it does not go to the country", () => {
  expect(taking().fields.service).toBe("");
  expect(missing(taking(item("TEA"), ...who))).toEqual({ why: { key: "capture.whichService" }, at: "service" });
  expect(taking(field("service", "parcel"), field("country", "at")).fields.service).toBe("");
  expect(taking(field("service", "air"), field("country", "de")).fields.service).toBe("air");
  expect(taking(field("service", "air"), { type: "known", fields: { name: "Eva", country: "AT" } }).fields).toMatchObject({ name: "Eva", service: "air" });
});

test("it is sent once under a key of its own, and under another when something was put right", () => {
  const { state, effects } = run(item("TEA"), ...who, field("service", "parcel"), field("method", "cash"), field("received", "yes"), { type: "send" }, { type: "send" });
  const sent = effects.filter((each) => each.type === "capture");
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({
    key: "R-1-8",
    body: { channel: "desk", external_ref: "R-1", currency: "EUR", lines: [{ sku: "TEA", quantity: 1, price_minor: 250 }], payment: { method: "cash", token: "", received: true }, service: "parcel", split: "ship_available" },
  });
  const faults = [{ field: "address.postal_code", message: "no", wanted: "10115", got: "1" }];
  const { state: failed, effects: after } = flow.step(state, { type: "failed", why: { key: "x" }, refused: true, faults });
  expect(after).toEqual([{ type: "focus", on: "postal_code" }]);
  expect(flow.step(state, { type: "failed", why: { key: "x" }, refused: true, faults: [{ ...faults[0]!, field: "service" }] }).effects).toEqual([{ type: "focus", on: "fault" }]);
  expect(failed).toMatchObject({ mode: "taking", busy: false, faults });
  const mended = flow.step(failed, field("postal_code", "50668")).state;
  expect(flow.step(mended, { type: "send" }).effects).toMatchObject([{ type: "capture", key: "R-1-10" }]);
});

test("an order that was refused is another one when it is tried again, one without an answer is the same", () => {
  const keys = (refused: boolean) =>
    run(item("TEA"), ...who, field("service", "parcel"), { type: "send" }, { type: "failed", why: { key: "x" }, refused, faults: [] }, { type: "send" }).effects.flatMap((each) => (each.type === "capture" ? [each.key] : []));
  expect([keys(true), keys(false)]).toEqual([["R-1-6", "R-1-7"], ["R-1-6", "R-1-6"]]);
});

test("what the server finds wrong is named as the form names it", () => {
  expect(["customer.name", "customer.email", "address.name", "address.postal_code", "payment.token", "service", "lines[0].sku"].map(fieldAt)).toEqual(["name", "email", "to", "postal_code", "token", null, null]);
  const { lines } = taking(item("TEA"), item("HONEY"));
  expect(["lines[1].sku", "lines[2].sku", "lines[1].quantity", "customer.name"].map((path) => lineAt(path, lines)?.offer.sku)).toEqual(["HONEY", undefined, undefined, undefined]);
});

test("the next order begins empty, under its own number", () => {
  const captured = { number: 10481, status: "ready", holds: [], first: true, promised_on: null, cutoff_at: "2026-11-24T15:00:00Z" };
  const { state } = run(item("TEA"), ...who, { type: "send" }, { type: "taken", captured }, { type: "next", reference: "R-2", mark: ".", language: "en" });
  expect(state).toMatchObject({ mode: "taking", reference: "R-2", lines: [], edits: 0, fields: { name: "", language: "en" } });
});
