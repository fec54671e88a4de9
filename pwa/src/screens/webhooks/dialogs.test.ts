import { expect, test } from "vitest";
import { dialogs, start, toggled, type Call, type Input, type State } from "./dialogs";
import type { Delivery, Endpoint } from "./flow";

const why = { key: "common.noNetwork" };
const endpoint: Endpoint = {
  id: "1", url: "https://erp.example.com/", description: "ERP", types: ["order.captured"], state: "on", why: null, version: 3,
  failing_since: null, former_until: null, waiting: 0, failed: 2,
};
const draft = { url: "https://erp.example.com/", description: "", types: ["order.captured"] };
const delivery = (state: Delivery["state"]): Delivery => ({
  id: "7", endpoint: "1", url: endpoint.url, message: "msg_7", type: "webhook.test", at: "2026-11-24T08:00:00Z", state, tries: 1, due_at: null, status: 200, reason: null,
});

function run(...inputs: Input[]): { readonly state: State; readonly calls: readonly Call[] } {
  let state = start();
  const calls: Call[] = [];
  for (const input of inputs) {
    const next = dialogs.step(state, input);
    state = next.state;
    calls.push(...next.effects);
  }
  return { state, calls };
}

test("a new endpoint is saved once, and its secret is shown until it was kept", () => {
  const made = run({ type: "add" }, { type: "edit", draft }, { type: "save" }, { type: "save" }, { type: "made", endpoint, secret: "whsec_x" });
  expect(made.calls).toEqual([{ type: "save", endpoint: null, draft }, { type: "again" }]);
  expect(made.state).toMatchObject({ mode: "secret", secret: "whsec_x" });
  expect(dialogs.step(made.state, { type: "close" }).state).toEqual(start());
});

test("an endpoint that wants nothing is not saved", () => {
  const { state, calls } = run({ type: "add" }, { type: "save" });
  expect(calls).toEqual([]);
  expect(state).toMatchObject({ mode: "form", fault: { key: "webhooks.noTypes" } });
});

test("a change goes with the version that was read, and a refusal is said in the form", () => {
  const { state, calls } = run({ type: "change", endpoint }, { type: "save" }, { type: "failed", why });
  expect(calls).toEqual([{ type: "save", endpoint, draft: endpoint }]);
  expect(state).toMatchObject({ mode: "form", busy: false, fault: why, draft: endpoint });
});

test("what cannot be taken back is asked about first", () => {
  const asked = run({ type: "ask", endpoint, act: "remove", since: "" });
  expect(asked.calls).toEqual([]);
  expect(run({ type: "ask", endpoint, act: "remove", since: "" }, { type: "yes" }, { type: "yes" }, { type: "done" })).toEqual({
    state: start(),
    calls: [{ type: "act", endpoint, act: "remove", since: "" }, { type: "again" }],
  });
});

test("what failed goes out again since a time, and how much it was is said", () => {
  const { state, calls } = run({ type: "ask", endpoint, act: "replay", since: "2026-11-23T08:00" }, { type: "since", since: "2026-11-20T08:00" }, { type: "yes" }, { type: "replayed", count: 2 });
  expect(calls[0]).toEqual({ type: "act", endpoint, act: "replay", since: "2026-11-20T08:00" });
  expect(state).toEqual({ mode: "replayed", count: 2 });
});

test("a new secret is shown as the first one was", () => {
  expect(run({ type: "ask", endpoint, act: "rotate", since: "" }, { type: "yes" }, { type: "made", endpoint, secret: "whsec_y" }).state).toMatchObject({ mode: "secret", secret: "whsec_y" });
});

test("a test is looked at until it was answered", () => {
  const { state, calls } = run({ type: "test", endpoint }, { type: "begun", endpoint, delivery: "7" }, { type: "looked", delivery: delivery("sending") }, { type: "looked", delivery: delivery("delivered") });
  expect(calls.map(({ type }) => type)).toEqual(["test", "look", "look", "again"]);
  expect(state).toMatchObject({ mode: "test", answer: { status: 200 } });
});

test("who closes a test is not shown its answer", () => {
  expect(run({ type: "test", endpoint }, { type: "begun", endpoint, delivery: "7" }, { type: "close" }, { type: "looked", delivery: delivery("delivered") }).state).toEqual(start());
});

test("a secret that is on its way is waited for: it is shown once", () => {
  const made: Input = { type: "made", endpoint, secret: "whsec_z" };
  for (const begun of [[{ type: "add" }, { type: "edit", draft }, { type: "save" }], [{ type: "ask", endpoint, act: "rotate", since: "" }, { type: "yes" }]] as const) {
    expect(run(...begun, { type: "close" }, made).state).toMatchObject({ mode: "secret", secret: "whsec_z" });
    expect(run(...begun, { type: "failed", why }, { type: "close" }).state).toEqual(start());
  }
});

test("the answer of another test is not taken for this one's", () => {
  const other: Endpoint = { ...endpoint, id: "2" };
  const tests: readonly Input[] = [{ type: "test", endpoint }, { type: "begun", endpoint, delivery: "7" }, { type: "close" }, { type: "test", endpoint: other }];
  expect(run(...tests, { type: "looked", delivery: delivery("delivered") }).state).toMatchObject({ mode: "test", endpoint: { id: "2" }, answer: null });
  expect(run(...tests, { type: "begun", endpoint, delivery: "8" }).state).toMatchObject({ delivery: null });
});

test("why an endpoint is still off is said until it is tried again", () => {
  const failed = run({ type: "on", endpoint }, { type: "notOn", why });
  expect(failed.state).toEqual({ mode: "closed", fault: why });
  expect(dialogs.step(failed.state, { type: "on", endpoint }).state).toEqual(start());
});

test("a type is chosen and chosen no more", () => {
  expect(toggled([], "a")).toEqual(["a"]);
  expect(toggled(["a", "b"], "a")).toEqual(["b"]);
});
