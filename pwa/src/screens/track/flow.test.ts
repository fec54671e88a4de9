import { expect, test } from "vitest";
import { flow, reached, start, WAY, type Input, type State, type TrackPage } from "./flow";

const page: TrackPage = { reference: "WEB-1003", language: "de", step: "preparing", ordered_at: "2026-11-24T08:00:00Z", leaves_by: "2026-11-24T16:00:00Z", arrives_on: "2026-11-26", may_cancel: true, lines: [], parcels: [], shop: { name: "Hafen", contact: "", colour: "#1f62d9", ink: "#ffffff", logo: "" } };
const why = { key: "common.noNetwork" };
const run = (...inputs: Input[]): State => inputs.reduce((at, input) => flow.step(at, input).state, start());

test("what was shown stays while the network is away, and says that it is old", () => {
  expect(run({ type: "page", page }, { type: "away", why })).toMatchObject({ mode: "shown", page, old: true });
  expect(run({ type: "page", page }, { type: "away", why }, { type: "page", page })).toMatchObject({ mode: "shown", page, old: false });
});

test("a link that was taken back shows nothing any more", () => {
  expect(run({ type: "page", page }, { type: "gone", why })).toEqual({ mode: "unknown", why });
});

test("without a network at the first look it is said why nothing is shown, and it comes by itself", () => {
  expect(run({ type: "away", why })).toEqual({ mode: "unknown", why });
  expect(run({ type: "away", why }, { type: "page", page })).toMatchObject({ mode: "shown", page, old: false });
});

test("each step has its place on the way", () => {
  expect(WAY.map(reached)).toEqual([0, 1, 2, 3]);
  expect([reached("waiting"), reached("cancelled")]).toEqual([0, -1]);
});

test("a customer cancels only after a second word, and once", () => {
  const steps: Input[] = [{ type: "page", page }, { type: "yes" }, { type: "cancel" }, { type: "yes" }, { type: "yes" }];
  let state = start();
  const asked = steps.flatMap((input) => {
    const next = flow.step(state, input);
    state = next.state;
    return next.effects;
  });
  expect(asked).toEqual([{ type: "cancel" }]);
  expect(flow.step(state, { type: "cancelled" })).toMatchObject({ state: { cancelling: "no" }, effects: [{ type: "look" }] });
  expect(flow.step(state, { type: "failed", why })).toMatchObject({ state: { cancelling: "no", fault: why }, effects: [{ type: "look" }] });
});

test("what can no longer be cancelled is not asked about", () => {
  const late = { ...page, may_cancel: false };
  expect(run({ type: "page", page: late }, { type: "cancel" })).toMatchObject({ cancelling: "no" });
  expect(run({ type: "page", page }, { type: "cancel" }, { type: "page", page: late })).toMatchObject({ cancelling: "no" });
});
