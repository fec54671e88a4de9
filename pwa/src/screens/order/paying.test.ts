import { expect, test } from "vitest";
import { mayDo, paying, start, type Input, type Money, type PayEffect, type State } from "./paying";

const money = (more: Partial<Money> = {}): Money => ({
  method: "card", gateway: "sandbox", state: "captured", currency: "EUR", amount_minor: 1490, captured_minor: 1490, refunded_minor: 0, received_minor: 0, refundable_minor: 1490, awaited_minor: 0,
  authorised_until: null, days: null, due_at: null, retry: false, journal: [], ...more,
});
const ask = (doing: "retry" | "receive" | "refund" | "paid", more: Partial<Money> = {}): Input => ({ type: "ask", doing, money: money(more), digits: 2, mark: ".", key: "k", step: "s1" });

function run(...inputs: Input[]): { readonly state: State; readonly effects: readonly PayEffect[] } {
  let state = start();
  const effects: PayEffect[] = [];
  for (const input of inputs) {
    const next = paying.step(state, input);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}

test("only what there is to do is offered, to whoever may do it", () => {
  const all = ["orders.release_hold", "payments.receive", "payments.refund"];
  expect(mayDo(money(), all)).toEqual(["refund"]);
  expect(mayDo(money(), ["orders.read"])).toEqual([]);
  expect(mayDo(money({ retry: true, refundable_minor: 0 }), all)).toEqual(["retry"]);
  expect(mayDo(money({ awaited_minor: 5, refundable_minor: 0 }), all)).toEqual(["receive"]);
});

test("a refund is all of it unless somebody says otherwise, and needs a reason", () => {
  expect(run(ask("refund"), { type: "confirm" }).state).toMatchObject({ amount: "14.90", fault: { key: "order.reasonMissing" } });
  const { state, effects } = run(ask("refund"), { type: "amount", amount: "3,00" }, { type: "note", note: " Broken. " }, { type: "confirm" });
  expect(effects).toEqual([{ type: "post", path: "refunds", body: { amount_minor: 300, note: "Broken." }, key: "k-2" }]);
  expect(state).toMatchObject({ busy: true });
});

test("no more goes back, or comes, than there is", () => {
  const much: Input[] = [{ type: "amount", amount: "14.91" }, { type: "note", note: "x" }, { type: "confirm" }];
  expect(run(ask("refund"), ...much).state).toMatchObject({ fault: { key: "order.money.tooMuch", params: { amount: "14.90" } } });
  expect(run(ask("receive", { awaited_minor: 100 }), { type: "amount", amount: "none" }, { type: "confirm" }).state).toMatchObject({ fault: { key: "order.money.noAmount" } });
  expect(run(ask("receive", { awaited_minor: 100 }), { type: "confirm" }).effects).toMatchObject([{ path: "received", body: { amount_minor: 100, note: "" } }]);
});

test("sent again after a failure it is the same movement, changed or refused it is another", () => {
  const failed: Input = { type: "failed", why: { key: "common.noNetwork" }, refused: false };
  const keys = (effects: readonly PayEffect[]): readonly string[] => effects.flatMap((each) => (each.type === "post" ? [each.key] : []));
  const first: Input[] = [ask("receive", { awaited_minor: 100 }), { type: "confirm" }, failed, { type: "confirm" }];
  expect(keys(run(...first).effects)).toEqual(["k-0", "k-0"]);
  expect(keys(run(...first.slice(0, 2), { ...failed, refused: true }, { type: "confirm" }).effects), "what stood against it may be gone").toEqual(["k-0", "k-1"]);
  expect(keys(run(...first, failed, { type: "amount", amount: "0.50" }, { type: "confirm" }).effects)).toEqual(["k-0", "k-0", "k-1"]);
});

test("a card is asked again, the same or another, and what was paid by hand is said to be", () => {
  expect(run(ask("retry"), { type: "note", note: "pm_2" }, { type: "confirm" }).effects).toMatchObject([{ path: "retry", body: { token: "pm_2" } }]);
  expect(run(ask("paid"), { type: "confirm" }, { type: "done" })).toMatchObject({ state: { mode: "closed" }, effects: [{ path: "refunds/s1/paid", body: {} }, { type: "again" }] });
  expect(run(ask("paid"), { type: "back" }).state).toEqual({ mode: "closed" });
  expect(run(ask("paid"), { type: "confirm" }, { type: "back" }).state).toMatchObject({ busy: true });
});
