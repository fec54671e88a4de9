import { expect, test } from "vitest";
import { editing, isChanged, start, type Call, type Input, type State, type TemplateView } from "./editing";

const template = { milestone: "confirmed", channel: "email" as const, language: "en", version: 0, subject: "Hello", body: "Order {order.number}", by: "", at: null, edition: "e0" };
const view: TemplateView = { template, words: { en: "", de: "" }, when: { en: "", de: "" }, fields: [] };
const why = { key: "common.noNetwork" };

function run(...inputs: Input[]): { readonly state: State; readonly calls: readonly Call[] } {
  let state = start();
  const calls: Call[] = [];
  for (const input of [{ type: "view", view } as const, ...inputs]) {
    const next = editing.step(state, input);
    state = next.state;
    calls.push(...next.effects);
  }
  return { state, calls };
}

test("words are looked at with an order before they are saved, each once", () => {
  const { calls } = run({ type: "edit", draft: { subject: "Hi", order: "10001" } }, { type: "do", what: "preview" }, { type: "do", what: "save" }, { type: "previewed", preview: { subject: "Hi", text: "", html: "", order: 10001 } }, { type: "do", what: "save" });
  expect(calls).toEqual([
    { type: "preview", body: { milestone: "confirmed", channel: "email", language: "en", subject: "Hi", body: "Order {order.number}", order: 10001 } },
    { type: "save", body: { subject: "Hi", body: "Order {order.number}", edition: "e0" } },
  ]);
});

test("what is wrong is said with its place, and what was written stays", () => {
  const faults = [{ field: "body", message: "1:7 {order.nr} is no name." }];
  const { state } = run({ type: "edit", draft: { body: "Order {order.nr}" } }, { type: "do", what: "save" }, { type: "failed", why, faults });
  expect(state).toMatchObject({ mode: "writing", busy: null, fault: why, faults, draft: { body: "Order {order.nr}" } });
});

test("a test wants an address, and an order's number is one", () => {
  expect(run({ type: "do", what: "test" })).toMatchObject({ state: { fault: { key: "messages.noTo" } }, calls: [] });
  expect(run({ type: "edit", draft: { order: "mine" } }, { type: "do", what: "preview" })).toMatchObject({ state: { fault: { key: "messages.noOrder" } }, calls: [] });
  expect(run({ type: "edit", draft: { to: " me@example.com " } }, { type: "do", what: "test" }, { type: "begun" })).toMatchObject({
    state: { told: { key: "messages.testing" } },
    calls: [{ type: "test", body: { to: "me@example.com", order: null } }],
  });
});

test("a name goes in where one writes, and a former version comes back unsaved", () => {
  const { state } = run({ type: "insert", name: "shop.name", at: 5 });
  expect(state).toMatchObject({ draft: { body: "Order{shop.name} {order.number}" } });
  const back = run({ type: "restore", subject: "Old", body: "Older" }).state;
  expect(back.mode === "writing" && isChanged(back)).toBe(true);
  expect(run({ type: "saved", template: { ...template, version: 1, edition: "e1" }, sent: {} }).state).toMatchObject({ view: { template: { edition: "e1" } }, told: { params: { version: "1" } } });
});

test("what is saved stands there as it was saved, and what is written meanwhile stays unsaved", () => {
  const saved = { ...template, version: 1, body: "Hello." };
  const going: readonly Input[] = [{ type: "edit", draft: { body: "Hello. " } }, { type: "do", what: "save" }];
  const done = (sent: readonly Call[]): Input => ({ type: "saved", template: saved, sent: sent[0]?.body ?? {} });
  const { calls } = run(...going);
  expect(run(...going, done(calls)).state).toMatchObject({ draft: { body: "Hello." } });
  const { state } = run(...going, { type: "edit", draft: { body: "Hello. And" } }, done(calls));
  expect(state).toMatchObject({ draft: { body: "Hello. And" }, view: { template: { version: 1 } } });
  expect(state.mode === "writing" && isChanged(state)).toBe(true);
});
