import { expect, test } from "vitest";
import { addressOf, daysAgo, flow, start, wantedOf } from "./flow";

const NOW = Date.parse("2026-11-24T23:30:00Z");
const ZONE = "Europe/Berlin"; // there the 25th has begun
const RUN = "01a24ad3-3f40-74c9-b660-37b6926da083";

test("what is looked at stands in the address, and nonsense is left out", () => {
  expect(wantedOf(new URLSearchParams(`run=${RUN}&verdict=other_amount`))).toEqual({ run: RUN, verdict: "other_amount", after: null });
  expect(wantedOf(new URLSearchParams("run=1&verdict=constructor&after=x"))).toEqual({ run: null, verdict: null, after: null });
  expect(addressOf({ run: RUN, verdict: "same" })).toBe(`/reconciliation?run=${RUN}&verdict=same`);
  expect(addressOf({})).toBe("/reconciliation");
});

test("whole days are compared, the last one too", () => {
  const state = start(NOW, ZONE);
  expect([state.since, state.until]).toEqual(["2026-11-19", "2026-11-25"]);
  const { state: asked, effects } = flow.step(state, { type: "compare" });
  expect(asked.mode).toBe("asked");
  expect(effects).toEqual([{ type: "post", body: { gateway: "", since: "2026-11-18T23:00:00.000Z", until: "2026-11-25T23:00:00.000Z" } }]);
  expect(flow.step(asked, { type: "compare" }).effects).toEqual([]);
  expect(flow.step(asked, { type: "begun", run: RUN }).effects).toEqual([{ type: "show", run: RUN }]);
});

test("days that are none, or end before they begin, are told so", () => {
  const backwards = flow.step(start(NOW, ZONE), { type: "edit", changes: { until: daysAgo(NOW, 9, ZONE) } }).state;
  expect(flow.step(backwards, { type: "compare" }).state.fault).toEqual({ key: "reconciliation.noDays" });
  const none = flow.step(start(NOW, ZONE), { type: "edit", changes: { since: "" } }).state;
  expect(flow.step(none, { type: "compare" }).state.fault).toEqual({ key: "reconciliation.noDays" });
});
