import { expect, test } from "vitest";
import { played } from "../../core/played";
import { cartonsOf, flow, mayBeTaken, mayCancel, mayHold, moneyOf, progressOf, releasable, start, whysOf, type Entry, type Facts, type Hold, type Input, type OrderPage } from "./flow";

const facts = (more: Partial<Facts> = {}): Facts => ({ ordered: 6, cancelled: 0, backordered: 0, reserved: 0, picked: 0, packed: 0, shipped: 0, returned: 0, to_put_back: 0, ...more });
const hold: Hold = { id: "h1", reason: "manual", en: "Stopped.", de: "Angehalten.", permission: "orders.release_hold", releasable: true, state: "open", detail: null, placed_at: "", placed_by: "Sara" };
const entry = (what: string, more: Partial<Entry> = {}): Entry => ({ id: what, at: "2026-11-24T09:12:00Z", what, en: what, de: what, tone: "info", params: {}, who: "Sara", device: null, why: null, fulfilment: null, ...more });
const page = (more: Partial<OrderPage> = {}): OrderPage => ({
  id: "o1", number: 10481, channel: "web", external_ref: "W1", status: "picking", service: "np", split: "ship_available", cutoff_at: "2026-11-24T16:00:00Z", promised_on: "2026-11-24", captured_at: "2026-11-24T09:12:00Z", cancelled_at: null,
  currency: "EUR", items_minor: 2000, shipping_minor: 247, tax_minor: 0, total_minor: 2247, customer: { name: "Ana", email: "", phone: "", language: "de" }, customer_id: null,
  address: { street: "", city: "Köln", country: "DE", postal_code: "", region: "", name: "", company: "" }, facts: facts(), lines: [], fulfilments: [], holds: [], tags: [], decisions: [],
  payment: { method: "card", state: "authorised", total_minor: 2247, captured_minor: 0, currency: "EUR", authorised_until: null }, timeline: [], can: ["hold", "cancel"], service_name: "Nordpost Parcel", ...more,
});
const run = (...inputs: Input[]) => played(flow, start("10481"), inputs);

test("the steps come from the facts alone", () => {
  const steps = progressOf(page({ facts: facts({ picked: 6, packed: 4 }), timeline: [entry("picked", { at: "2026-11-24T15:06:00Z" })] }));
  expect(steps.map((each) => each.state)).toEqual(["done", "done", "done", "done", "begun", "open"]);
  expect(steps[3]?.at).toBe("2026-11-24T15:06:00Z");
  expect(steps[4]).toMatchObject({ n: 4, of: 6 });
});

test("what is reserved says since when: since its part was made", () => {
  const steps = progressOf(page({ facts: facts({ reserved: 6 }), timeline: [entry("fulfilment_created")] }));
  expect(steps[2]).toMatchObject({ state: "done", at: "2026-11-24T09:12:00Z" });
});

test("a declined payment is a failed step, and an order cancelled whole has nothing done but its capture", () => {
  const declined = progressOf(page({ payment: { ...page().payment, state: "declined" } }));
  expect(declined[1]?.state).toBe("failed");
  const cancelled = progressOf(page({ facts: facts({ cancelled: 6 }), payment: { ...page().payment, state: "voided" } }));
  expect(cancelled.map((each) => each.state)).toEqual(["done", "open", "open", "open", "open", "open"]);
});

test("money that was let go is not said to be taken later", () => {
  expect(["authorising", "authorised", "capturing", "declined", "refunded", "voiding", "voided"].map(mayBeTaken)).toEqual([true, true, true, false, false, false, false]);
});

test("what keeps an order is said: holds first, then backorders, then what was short or cancelled, each once", () => {
  expect(whysOf(page())).toEqual([]);
  const line = { id: "l1", position: 1, item: { id: "i", sku: "s", names: {}, picture: null }, price_minor: 1, status: "backordered", facts: facts({ backordered: 1 }), open: 0, backorder_reason: "short", backorder_expected: null };
  const whys = whysOf(page({ holds: [hold, { ...hold, id: "h0", state: "released" }], lines: [line], timeline: [entry("shorted"), entry("shorted"), entry("line_cancelled")] }));
  expect(whys.map((each) => each.kind)).toEqual(["held", "backordered", "short", "cancelled"]);
  const whole = whysOf(page({ timeline: [entry("line_cancelled"), entry("line_cancelled"), entry("cancelled")] }));
  expect(whole).toMatchObject([{ kind: "cancelled", entry: { what: "cancelled" } }]);
});

test("buttons are there for those who may, while the order allows it", () => {
  expect(mayHold(page(), ["orders.hold"])).toBe(true);
  expect(mayHold(page(), [])).toBe(false);
  expect(mayHold(page({ holds: [hold] }), ["orders.hold"])).toBe(false);
  expect(mayCancel(page({ can: [] }), ["orders.cancel"])).toBe(false);
  expect(releasable(page({ holds: [hold, { ...hold, id: "h2", releasable: false }] }), ["orders.release_hold"])).toEqual([hold]);
});

test("nothing is stopped or cancelled without a question and a reason", () => {
  const asked = run({ type: "page", page: page() }, { type: "ask", question: { what: "cancel" } }, { type: "confirm" });
  expect(asked.effects).toEqual([]);
  expect(asked.state).toMatchObject({ mode: "asking", fault: { key: "order.reasonMissing" } });
  const done = run({ type: "page", page: page() }, { type: "ask", question: { what: "cancel" } }, { type: "note", note: " She called. " }, { type: "confirm" }, { type: "confirm" }, { type: "done" });
  expect(done.effects).toEqual([{ type: "post", path: "/orders/10481/cancel", body: { why: "She called." } }, { type: "fetch" }]);
  expect(done.state.mode).toBe("shown");
});

test("a hold is released with or without a note, and a refusal is shown in its question", () => {
  const { state, effects } = run({ type: "page", page: page({ holds: [hold] }) }, { type: "ask", question: { what: "release", hold } }, { type: "confirm" }, { type: "failed", why: { key: "common.noNetwork" } });
  expect(effects[0]).toEqual({ type: "post", path: "/orders/10481/holds/h1/release", body: { note: "" } });
  expect(state).toMatchObject({ mode: "asking", busy: false, fault: { key: "common.noNetwork" } });
});

test("closed cartons are told in the order they were closed", () => {
  const told = page({ timeline: [entry("carton_closed", { fulfilment: "f1", params: { carton: 2, tracking: "B" } }), entry("carton_closed", { fulfilment: "f1", params: { carton: 1 } }), entry("carton_closed", { fulfilment: "f2" })] });
  expect(cartonsOf(told, "f1")).toEqual([{ carton: "1", tracking: null, slip: null, reprint: null }, { carton: "2", tracking: "B", slip: null, reprint: null }]);
});

test("the payment says no money that was not taken", () => {
  const of = (state: string, captured_minor: number): unknown => moneyOf({ state, total_minor: 3000, captured_minor });
  expect(of("captured", 2500)).toEqual({ amount: 3000, partly: true });
  expect(of("captured", 3000)).toEqual({ amount: 3000, partly: false });
  expect(of("authorised", 0)).toEqual({ amount: 3000, partly: false });
  expect(of("authorised", 1200)).toEqual({ amount: 3000, partly: true });
  expect(of("voided", 2500)).toEqual({ amount: 500, partly: false });
  expect(of("voided", 0)).toEqual({ amount: 3000, partly: false });
});

test("an order that waits on a place says so, and a closed carton has its packing slip", () => {
  const place = { station: "Pack 1", place: 3, since: "2026-11-24T14:02:00Z", missing: ["T-0420"] };
  const closed = entry("carton_closed", { fulfilment: "f1", params: { carton: 1, sscc: "34", tracking: "NP1" } });
  const more = { places: [place], shipments: [{ cartons: [{ sscc: "34", slip_url: "/api/warehouses/1/cartons/c1/slip.pdf", reprint_url: "/api/warehouses/1/cartons/c1/reprint-label" }] }] };
  expect(whysOf(page({ more, holds: [hold] }))).toMatchObject([{ kind: "held" }, { kind: "parked", place }]);
  expect(cartonsOf(page({ more, timeline: [closed] }), "f1")).toEqual([{ carton: "1", tracking: "NP1", slip: "/api/warehouses/1/cartons/c1/slip.pdf", reprint: "/api/warehouses/1/cartons/c1/reprint-label" }]);
  expect(cartonsOf(page({ timeline: [closed] }), "f1")).toEqual([{ carton: "1", tracking: "NP1", slip: null, reprint: null }]);
});
