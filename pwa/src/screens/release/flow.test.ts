import { expect, test } from "vitest";
import { flow, savedPercent, start, type Input, type Preview, type State } from "./flow";

const preview: Preview = {
  orders: 2, lines: 4, units: 7, short_lines: 0, short_units: 0, totes: 2, tours: 1, metres: 80, bin_order_m: 100, left_out: [], order_numbers: [1, 2],
};
const run = (...inputs: Input[]): { state: State; asked: string[] } => {
  let state = start();
  const asked: string[] = [];
  for (const input of inputs) {
    const step = flow.step(state, input);
    state = step.state;
    asked.push(...step.effects.map((effect) => effect.type));
  }
  return { state, asked };
};

test("nothing is released that was not looked at", () => {
  expect(run({ type: "release" }).asked).toEqual([]);
  expect(run({ type: "look" }, { type: "previewed", preview }, { type: "release" }).asked).toEqual(["preview", "release"]);
});

test("another choice needs another look", () => {
  const { state, asked } = run({ type: "look" }, { type: "previewed", preview }, { type: "choose", filter: { zone: "MEZ" } }, { type: "release" });
  expect(state).toEqual({ mode: "choosing", filter: { zone: "MEZ" }, fault: null });
  expect(asked).toEqual(["preview"]);
});

test("an empty preview cannot be released, a failed release can be tried again", () => {
  expect(run({ type: "look" }, { type: "previewed", preview: { ...preview, orders: 0 } }, { type: "release" }).asked).toEqual(["preview"]);
  const why = { key: "common.noNetwork" };
  const { state } = run({ type: "look" }, { type: "previewed", preview }, { type: "release" }, { type: "failed", why });
  expect(state).toMatchObject({ mode: "seen", fault: why });
});

test("what is saved is said in whole per cent, never below nothing", () => {
  expect([savedPercent(preview), savedPercent({ metres: 5, bin_order_m: 0 }), savedPercent({ metres: 9, bin_order_m: 8 })]).toEqual([20, 0, 0]);
});
