import { expect, test } from "vitest";
import { flow, reached, start, WAY, type Input, type State, type TrackPage } from "./flow";

const page: TrackPage = { reference: "WEB-1003", language: "de", step: "preparing", ordered_at: "2026-11-24T08:00:00Z", leaves_by: "2026-11-24T16:00:00Z", lines: [], parcels: [] };
const why = { key: "common.noNetwork" };
const run = (...inputs: Input[]): State => inputs.reduce((at, input) => flow.step(at, input).state, start());

test("what was shown stays while the network is away, and says that it is old", () => {
  expect(run({ type: "page", page }, { type: "away", why })).toEqual({ mode: "shown", page, old: true });
  expect(run({ type: "page", page }, { type: "away", why }, { type: "page", page })).toEqual({ mode: "shown", page, old: false });
});

test("a link that was taken back shows nothing any more", () => {
  expect(run({ type: "page", page }, { type: "gone", why })).toEqual({ mode: "unknown", why });
});

test("without a network at the first look it is said why nothing is shown, and it comes by itself", () => {
  expect(run({ type: "away", why })).toEqual({ mode: "unknown", why });
  expect(run({ type: "away", why }, { type: "page", page })).toEqual({ mode: "shown", page, old: false });
});

test("each step has its place on the way", () => {
  expect(WAY.map(reached)).toEqual([0, 1, 2, 3]);
  expect([reached("waiting"), reached("cancelled")]).toEqual([0, -1]);
});
