import { expect, test } from "vitest";
import type { Channel } from "./flow";
import { shopping, start, type Call, type Input, type State } from "./shopping";

const known: Channel = { channel: "shop", path: "/api/integrations/shopify/shop", service: "nordpost-parcel", warehouse: null, version: 1, heard_at: null, refused: 0 };

function run(...inputs: Input[]): { readonly state: State; readonly calls: readonly Call[] } {
  let state = start();
  const calls: Call[] = [];
  for (const input of inputs) {
    const next = shopping.step(state, input);
    state = next.state;
    calls.push(...next.effects);
  }
  return { state, calls };
}

test("a shop is connected by a name that can stand on orders", () => {
  const draft = { channel: "Web Shop", service: "nordpost-parcel", secret: "shpss_1234567890" };
  const wrong = run({ type: "add", service: "nordpost-parcel" }, { type: "edit", draft }, { type: "save" });
  expect(wrong.calls).toEqual([]);
  expect(wrong.state).toMatchObject({ fault: { key: "webhooks.shopNameWrong" } });
  const right = { ...draft, channel: "web-shop" };
  expect(run({ type: "add", service: "nordpost-parcel" }, { type: "edit", draft: right }, { type: "save" }, { type: "save" }, { type: "done" })).toEqual({
    state: { mode: "closed" },
    calls: [{ type: "put", draft: right, known: null }, { type: "again" }],
  });
});

test("a secret that is known is not shown, and stays where none is typed", () => {
  const { state, calls } = run({ type: "change", known }, { type: "save" });
  expect(state).toMatchObject({ draft: { secret: "" } });
  expect(calls).toEqual([{ type: "put", draft: { channel: "shop", service: "nordpost-parcel", secret: "" }, known }]);
});

test("a shop is removed at the second word only", () => {
  expect(run({ type: "remove", known }).calls).toEqual([]);
  expect(run({ type: "remove", known }, { type: "save" }).calls).toEqual([{ type: "remove", known }]);
  expect(run({ type: "remove", known }, { type: "close" }).state).toEqual({ mode: "closed" });
});
