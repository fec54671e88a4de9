import { expect, test } from "vitest";
import { changing, leftOf, mayRedirect, mayTakeUnits, start, type ChangeEffect, type Input, type State } from "./changing";
import type { Line, OrderPage } from "./flow";

const facts = { ordered: 5, cancelled: 1, backordered: 0, reserved: 2, picked: 2, packed: 1, shipped: 1, returned: 0, to_put_back: 0 };
const line = { id: "l1", position: 2, facts } as unknown as Line;
const page = {
  number: 10481, status: "picking", can: ["cancel"],
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
  expect(mayRedirect(page, ["orders.edit"])).toBe(true);
  expect(mayRedirect({ ...page, status: "shipped" }, ["orders.edit"])).toBe(false);
});

test("a number that is none, too many, or no reason is said before anything is sent", () => {
  const ask: Input = { type: "ask", doing: { what: "units", line }, page };
  expect(run(ask, field("quantity", "4"), field("why", "x"), { type: "confirm" }).state).toMatchObject({ fault: { key: "order.change.noQuantity", params: { n: 3 } } });
  expect(run(ask, field("quantity", "two"), field("why", "x"), { type: "confirm" }).effects).toEqual([]);
  expect(run(ask, { type: "confirm" }).state).toMatchObject({ fault: { key: "order.reasonMissing" } });
  const { state, effects } = run(ask, field("quantity", "2"), field("why", " One is enough. "), { type: "confirm" }, { type: "done" });
  expect(state).toEqual({ mode: "closed" });
  expect(effects).toEqual([{ type: "send", method: "post", path: "/orders/10481/lines/2/cancel", body: { quantity: 2, why: "One is enough." } }, { type: "again" }]);
});

test("an address begins as it is and goes whole, with its country in capitals", () => {
  const { effects, state } = run({ type: "ask", doing: { what: "address" }, page }, field("street", "Hof 3"), field("country", "at"), { type: "confirm" }, { type: "failed", why: { key: "x" } });
  expect(effects).toEqual([{
    type: "send", method: "put", path: "/orders/10481/address",
    body: {
      address: { company: "", name: "", street: "Hof 3", postal_code: "50667", city: "Köln", region: "", country: "AT" },
      customer: { name: "Ana Souza", email: "ana@example.com", phone: "", language: "de" },
    },
  }]);
  expect(state).toMatchObject({ mode: "asking", busy: false, fault: { key: "x" } });
});
