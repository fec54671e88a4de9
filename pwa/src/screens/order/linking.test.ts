import { expect, test } from "vitest";
import { linking, start, type Input, type LinkEffect, type State } from "./linking";

const why = { key: "common.noNetwork" };

function run(...inputs: Input[]): { readonly state: State; readonly effects: readonly LinkEffect[] } {
  let state = start();
  const effects: LinkEffect[] = [];
  for (const input of inputs) {
    const next = linking.step(state, input);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}

test("a link is asked for when it is wanted, and copied by a tap", () => {
  const { state, effects } = run({ type: "open" }, { type: "given", path: "/track/x" }, { type: "copy" }, { type: "copied" });
  expect(effects).toEqual([{ type: "give" }, { type: "copy", path: "/track/x" }]);
  expect(state).toEqual({ mode: "shown", path: "/track/x", copied: true, fault: null });
});

test("it is taken back at the second word only, and then another one is shown", () => {
  expect(run({ type: "open" }, { type: "given", path: "/track/x" }, { type: "takeBack" }).effects).toEqual([{ type: "give" }]);
  const { state, effects } = run({ type: "open" }, { type: "given", path: "/track/x" }, { type: "takeBack" }, { type: "takeBack" }, { type: "given", path: "/track/y" });
  expect(effects).toEqual([{ type: "give" }, { type: "takeBack" }]);
  expect(state).toMatchObject({ mode: "shown", path: "/track/y", copied: false });
});

test("whoever thinks better of it has the same link", () => {
  expect(run({ type: "open" }, { type: "given", path: "/track/x" }, { type: "takeBack" }, { type: "close" }).state).toMatchObject({ mode: "shown", path: "/track/x" });
});

test("a failure is said where it happened", () => {
  expect(run({ type: "open" }, { type: "failed", why }).state).toEqual({ mode: "failed", fault: why });
  expect(run({ type: "open" }, { type: "given", path: "/track/x" }, { type: "copy" }, { type: "failed", why }).state).toMatchObject({ mode: "shown", fault: why });
});
