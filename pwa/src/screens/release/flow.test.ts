import { expect, test } from "vitest";
import { filterOf, flow, inOrder, savedPercent, start, type All, type Input, type Preview, type State, type Wave } from "./flow";

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

test("what is released is what was looked at, order by order", () => {
  const seen = run({ type: "choose", filter: { carrier: "nordpost" } }, { type: "look" }, { type: "previewed", preview }).state;
  const effects: readonly All[] = flow.step(seen, { type: "release" }).effects;
  expect(effects).toEqual([{ type: "release", orders: [1, 2] }]);
});

test("when an order of it cannot go any more it is said, and looked at again", () => {
  const why = { key: "common.said", params: { text: "Order 2 cannot go: on hold" } };
  const { state, asked } = run({ type: "look" }, { type: "previewed", preview }, { type: "release" }, { type: "failed", why, code: "order_on_hold" });
  expect(asked).toEqual(["preview", "release", "preview"]);
  const again = { ...preview, orders: 1, order_numbers: [1] };
  expect(flow.step(state, { type: "previewed", preview: again }).state).toMatchObject({ mode: "seen", preview: again, fault: why });
});

test("the wave that must leave first stands first, then by number; what is over stands last", () => {
  const wave = (number: number, cutoff_at: string, state = "released"): Wave => ({ number, cutoff_at, state }) as unknown as Wave;
  const [late, soon] = ["2026-11-27T15:00:00Z", "2026-11-27T11:30:00+01:00"];
  const waves = [wave(1, "2026-11-26T15:00:00Z", "finished"), wave(5, late), wave(4, soon), wave(2, soon, "undone"), wave(3, soon)];
  expect(inOrder(waves).map(({ number }) => number)).toEqual([3, 4, 5, 2, 1]);
});

test("a template chooses what it says for today, and leaves open what it leaves open", () => {
  const filter = { cutoff_before: "2026-11-26T15:01:00Z", carrier: null, zone: null, services: ["post-parcel"], limit: 500 };
  expect(filterOf({ id: "1", name: "Afternoon", filter })).toEqual({ cutoff_before: "2026-11-26T15:01:00Z", services: ["post-parcel"], limit: 500 });
});
