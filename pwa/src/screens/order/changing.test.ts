import { expect, test } from "vitest";
import { changing, differences, fieldAt, leftOf, mayEdit, mayTakeUnits, start, type ChangeEffect, type Input, type State } from "./changing";
import type { Line, OrderPage } from "./flow";

const facts = { ordered: 5, cancelled: 1, backordered: 0, reserved: 2, picked: 2, packed: 1, shipped: 1, returned: 0, to_put_back: 0 };
const line = { id: "l1", position: 2, facts } as unknown as Line;
const page = {
  number: 10481, status: "picking", can: ["cancel"], currency: "EUR", service: "parcel",
  customer: { name: "Ana Souza", email: "ana@example.com", phone: "", language: "de" },
  address: { street: "Lindenweg 4", city: "Köln", country: "DE", postal_code: "50667", region: "", name: "", company: "" },
} as unknown as OrderPage;

function run(...inputs: readonly Input[]): { readonly state: State; readonly effects: readonly ChangeEffect[] } {
  let state: State = start();
  const effects: ChangeEffect[] = [];
  for (const input of inputs) {
    const step = changing.step(state, input);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

const field = (name: string, value: string): Input => ({ type: "field", name, value });

test("units that have not shipped can be taken, by who may cancel", () => {
  expect(leftOf(line)).toBe(3);
  expect(mayTakeUnits(page, line, ["orders.cancel"])).toBe(true);
  expect(mayTakeUnits(page, line, [])).toBe(false);
  expect(mayEdit(page, ["orders.edit"])).toBe(true);
  expect(mayEdit({ ...page, status: "shipped" }, ["orders.edit"])).toBe(false);
});

test("a number that is none, too many, or no reason is said before anything is sent", () => {
  const ask: Input = { type: "ask", doing: { what: "units", line }, page, key: "k" };
  expect(run(ask, field("quantity", "4"), field("why", "x"), { type: "confirm" }).state).toMatchObject({ fault: { key: "order.change.noQuantity", params: { n: 3 } } });
  expect(run(ask, field("quantity", "two"), field("why", "x"), { type: "confirm" }).effects).toEqual([]);
  expect(run(ask, { type: "confirm" }).state).toMatchObject({ fault: { key: "order.reasonMissing" } });
  const { state, effects } = run(ask, field("quantity", "2"), field("why", " One is enough. "), { type: "confirm" }, { type: "done" });
  expect(state).toEqual({ mode: "closed" });
  expect(effects).toEqual([{ type: "send", method: "post", path: "/orders/10481/lines/2/cancel", body: { quantity: 2, why: "One is enough." }, key: "k-2" }, { type: "again" }]);
});

test("an address begins as it is and goes whole, with its country in capitals", () => {
  const { effects, state } = run({ type: "ask", doing: { what: "address" }, page, key: "k" }, field("street", "Hof 3"), field("country", "at"), { type: "confirm" }, { type: "failed", why: { key: "x" }, refused: false, faults: [{ field: "address.postal_code", message: "", wanted: "", got: "5" }] });
  expect(effects).toEqual([{
    type: "send", method: "put", path: "/orders/10481/address",
    body: {
      address: { company: "", name: "", street: "Hof 3", postal_code: "50667", city: "Köln", region: "", country: "AT" },
    },
    key: "k-2",
  }]);
  expect(state).toMatchObject({ mode: "asking", busy: false, fault: { key: "x" }, faults: [{ got: "5" }] });
  expect(changing.step(state, field("postal_code", "53111")).state).toMatchObject({ fault: null, faults: [] });
  expect(["customer.name", "customer.phone", "address.name", "address.postal_code", "lines[0].sku", "address.planet"].map(fieldAt)).toEqual(["customer", "phone", "name", "postal_code", null, null]);
});

test("whom it goes to is sent only when that was changed", () => {
  const { effects } = run({ type: "ask", doing: { what: "address" }, page, key: "k" }, field("phone", "+4930"), { type: "confirm" });
  expect(effects).toMatchObject([{ body: { customer: { name: "Ana Souza", email: "ana@example.com", phone: "+4930", language: "de" } } }]);
});

test("what somebody else saved meanwhile is not overwritten by what was not touched here, and is said", () => {
  const theirs = { ...page, address: { ...page.address, street: "Hof 9", postal_code: "50999" } };
  const ask: Input = { type: "ask", doing: { what: "address" }, page, key: "k" };
  const { state, effects } = run(ask, field("street", "Hof 3"), { type: "page", page: theirs }, { type: "confirm" });
  expect(state).toMatchObject({ overtaken: true, fields: { street: "Hof 3", postal_code: "50999" } });
  expect(effects).toMatchObject([{ key: "k-2", body: { address: { street: "Hof 3", postal_code: "50999", city: "Köln" } } }]);
  expect(run(ask, { type: "page", page: { ...page, status: "picked" } }).state).toMatchObject({ overtaken: false, edits: 0 });
  expect(run(ask, { type: "confirm" }, { type: "page", page: theirs }).state).toMatchObject({ overtaken: false, fields: { street: "Lindenweg 4" } });
  expect(run({ ...ask, doing: { what: "split" } }, { type: "page", page: theirs }).state).toMatchObject({ overtaken: false });
});

const tea = { sku: "TEA", names: { en: "Tea" }, price_minor: 250, currency: "EUR", ready: 3 };

test("first the item is found, then how many and for how much; a price is never guessed", () => {
  const ask: Input = { type: "ask", doing: { what: "add", offer: null }, page, key: "k" };
  expect(run(ask, { type: "confirm" }).state).toMatchObject({ fault: { key: "order.change.noItem" } });
  const chosen: Input = { type: "offer", offer: tea, price: "2,50" };
  expect(run(ask, chosen, field("price", "dear"), { type: "confirm" }).state).toMatchObject({ fault: { key: "order.change.noPrice" } });
  expect(run(ask, chosen, field("quantity", "3"), { type: "confirm" }).effects).toEqual([
    { type: "send", method: "post", path: "/orders/10481/items", body: { lines: [{ sku: "TEA", quantity: 3, price_minor: 250 }], why: "" }, key: "k-2" },
  ]);
});

test("only services that go there are offered, and the one that it has is no change", () => {
  const service = (code: string, ...countries: string[]) => ({ code, name: code, carrier: "post", countries, cutoff: "16:00" });
  const ask: Input = { type: "ask", doing: { what: "service", services: null }, page, key: "k" };
  const { state, effects } = run(ask, { type: "services", services: [service("parcel", "DE"), service("air"), service("alps", "AT")] }, { type: "confirm" });
  expect(effects).toEqual([{ type: "services" }]);
  expect(state).toMatchObject({ doing: { services: [{ code: "parcel" }, { code: "air" }] }, fault: { key: "order.change.sameService" } });
  expect(run(ask, field("service", "air"), { type: "confirm" }).effects[1]).toEqual({ type: "send", method: "put", path: "/orders/10481/service", body: { service: "air" }, key: "k-1" });
});

test("another order is named by its number, and not by its own", () => {
  const ask: Input = { type: "ask", doing: { what: "merge" }, page, key: "k" };
  for (const none of ["", "abc", "10481"]) expect(run(ask, field("order", none), { type: "confirm" }).state).toMatchObject({ fault: { key: "order.change.noOrder" } });
  expect(run(ask, field("order", "10482"), { type: "confirm" }).effects).toEqual([{ type: "send", method: "post", path: "/orders/10481/merge", body: { order: 10482, why: "" }, key: "k-1" }]);
});

test("why two orders cannot be one is said by each thing in which they differ", () => {
  const fault = (field: string) => ({ field, message: "", wanted: "", got: "" });
  expect(differences([fault("paid"), fault("address"), fault("lines[0].sku")])).toEqual(["address", "paid"]);
});

test("a change that was refused is another one when it is tried again, one without an answer is the same", () => {
  const merge: readonly Input[] = [{ type: "ask", doing: { what: "merge" }, page, key: "k" }, field("order", "10482"), { type: "confirm" }];
  const keys = (refused: boolean) => run(...merge, { type: "failed", why: { key: "x" }, refused, faults: [] }, { type: "confirm" }).effects.map((each) => (each.type === "send" ? each.key : ""));
  expect([keys(true), keys(false)]).toEqual([["k-1", "k-2"], ["k-1", "k-1"]]);
});
