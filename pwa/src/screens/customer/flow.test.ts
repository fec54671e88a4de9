import { expect, test } from "vitest";
import { flow, start, type All, type CustomerPage, type Input, type State } from "./flow";
import type { Account } from "./terms";

const customer = { id: "1", name: "Ana Souza", email: "ana@example.com", phone: "", language: "de", wish: "email" as const, created_at: "2026-11-24T08:00:00Z", edition: "e1" };
const note = { id: "7", at: "2026-11-24T08:00:00Z", by: "Sara", text: "Rings.", changed_at: null, changed_by: null, edition: "n1" };
const page: CustomerPage = { customer, notes: [note], notes_next: "7", more: {} };
const why = { key: "common.noNetwork" };

function run(...inputs: Input[]): { readonly state: State; readonly asked: readonly All[] } {
  let state = start();
  const asked: All[] = [];
  for (const input of [{ type: "page", page } as const, ...inputs]) {
    const next = flow.step(state, input);
    state = next.state;
    asked.push(...(next.effects as All[]));
  }
  return { state, asked };
}

test("a customer is changed as they were read, and a refusal is said in the form", () => {
  const fields = { name: "Ana B.", email: "ana@example.com", phone: "", language: "de", wish: "none" as const };
  const { state, asked } = run({ type: "edit" }, { type: "change", doing: { what: "edit", fields } }, { type: "confirm" }, { type: "confirm" }, { type: "failed", why, faults: [] });
  expect(asked).toEqual([{ type: "send", method: "put", path: "/customers/1", body: { ...fields, edition: "e1" } }]);
  expect(state).toMatchObject({ mode: "doing", busy: false, fault: why });
});

test("a note that says nothing is not sent, and one that goes is asked about", () => {
  expect(run({ type: "note", note: null }, { type: "confirm" })).toMatchObject({ state: { fault: { key: "customer.noText" } }, asked: [] });
  const { state, asked } = run({ type: "drop", note }, { type: "confirm" }, { type: "done" });
  expect(asked).toEqual([{ type: "send", method: "delete", path: "/customers/1/notes/7", body: {} }, { type: "fetch" }]);
  expect(state.mode).toBe("shown");
});

test("two become one only after the other was found and chosen", () => {
  const other = { id: "2", name: "Ana S.", email: "", phone: "+4930231250" };
  const { asked } = run({ type: "merge" }, { type: "confirm" }, { type: "found", found: [customer, other] }, { type: "choose", other }, { type: "confirm" });
  expect(asked).toEqual([{ type: "find", q: "Ana Souza" }, { type: "send", method: "post", path: "/customers/1/merge", body: { other: "2", edition: "e1" } }]);
  expect(run({ type: "merge" }, { type: "confirm" }, { type: "found", found: [customer, other] }).state).toMatchObject({ doing: { found: [other] } });
});

const account = { days: 30, limit_minor: 500_000, currency: "CHF", owing_minor: 0, version: 4, ended_at: null };
const money = { open: [{ currency: "EUR", open_minor: 100 }], invoices: [], account: null, usual_days: 14 };
const begun = { type: "terms", mark: "," } as const;
const owing = (agreed: Account | null): Input => ({ type: "page", page: { ...page, more: { money: { ...money, account: agreed } } } });

function changed(state: State, fields: object): Input {
  if (state.mode !== "doing" || state.doing.what !== "terms") throw new Error("no terms are being agreed");
  return { type: "change", doing: { ...state.doing, fields: { ...state.doing.fields, ...fields }, wrong: {} } };
}

test("the first terms begin as everybody's, in the money that is owed", () => {
  expect(run(owing(null), begun).state).toMatchObject({ doing: { what: "terms", fields: { days: "14", limit: "", currency: "EUR" }, version: null } });
  expect(run(begun).state.mode, "whoever does not see the money agrees nothing").toBe("shown");
});

test("terms are changed as they were read", () => {
  const { state } = run(owing(account), begun);
  const { state: after, asked } = run(owing(account), begun, changed(state, { days: "10", limit: "" }), { type: "confirm" }, { type: "done" });
  expect(asked).toEqual([{ type: "send", method: "put", path: "/customers/1/account", body: { days: 10, currency: "CHF", limit_minor: null, version: 4 } }, { type: "fetch" }]);
  expect(after.mode).toBe("shown");
});

test("terms are ended as they were read, and only where there are some", () => {
  const { state, asked } = run(owing(account), { type: "end" }, { type: "confirm" }, { type: "confirm" }, { type: "done" });
  expect(asked).toEqual([{ type: "send", method: "post", path: "/customers/1/account/end", body: { version: 4 } }, { type: "fetch" }]);
  expect(state.mode).toBe("shown");
  for (const none of [null, { ...account, ended_at: "2026-11-24T08:00:00Z" }]) expect(run(owing(none), { type: "end" }).state.mode).toBe("shown");
});

test("terms that are wrong are not sent, and each fault stands at its field until it is typed anew", () => {
  const { state } = run(owing(account), begun);
  const wrong = run(owing(account), begun, changed(state, { days: "400", limit: "much" }), { type: "confirm" });
  expect(wrong).toMatchObject({ asked: [], state: { busy: false, fault: null, doing: { wrong: { days: { params: { got: "400" } }, limit: { params: { got: "much" } } } } } });
  expect(flow.step(wrong.state, changed(wrong.state, { days: "40" })).state).toMatchObject({ doing: { wrong: {} } });
});

test("what the server refuses of the terms is said at its field, else below them, and then they are read anew", () => {
  const fault = { field: "currency", message: "", wanted: "", got: "CHF" };
  expect(run(owing(account), begun, { type: "confirm" }, { type: "failed", why, faults: [fault] }).state).toMatchObject({ busy: false, fault: null, doing: { wrong: { currency: { key: "customer.wrong.currency" } } } });
  const { state, asked } = run(owing(account), begun, { type: "confirm" }, { type: "failed", why, faults: [] }, { type: "back" });
  expect([state.mode, asked.at(-1)]).toEqual(["shown", { type: "fetch" }]);
});

test("older notes stand behind the newer ones", () => {
  const { state, asked } = run({ type: "older" }, { type: "more", after: "7", notes: [{ ...note, id: "3" }], next: null });
  expect(asked).toEqual([{ type: "older", after: "7" }]);
  expect(state).toMatchObject({ page: { notes: [{ id: "7" }, { id: "3" }], notes_next: null } });
});

test("older notes that were asked for twice stand there once, also when something else is begun meanwhile", () => {
  const more: Input = { type: "more", after: "7", notes: [{ ...note, id: "3" }], next: "3" };
  for (const between of [[], [{ type: "edit" }]] as const) {
    const { state } = run({ type: "older" }, { type: "older" }, ...between, more, more);
    expect(state).toMatchObject({ page: { notes: [{ id: "7" }, { id: "3" }], notes_next: "3" } });
  }
});

test("what could not be read anew is said beside what was read before", () => {
  for (const lost of [[{ type: "older" }, { type: "failed", why, faults: [] }], [{ type: "drop", note }, { type: "confirm" }, { type: "done" }, { type: "missing", why }]] as const) {
    expect(run(...lost).state).toEqual({ mode: "shown", page, fault: why });
    expect(run(...lost, { type: "older" }).state).toMatchObject({ fault: null });
  }
});
