import { expect, test } from "vitest";
import { addressOf, hoursAgo, readable, TABS, wantedOf } from "./flow";

const ID = "019ab4c2-7a10-7c3e-9d52-3f0a6b1c2d3e";
const wanted = (query: string) => wantedOf(new URLSearchParams(query), TABS);

test("an address says what is looked at, and what it cannot mean is left out", () => {
  expect(wanted("")).toEqual({ tab: "endpoints", one: null, endpoint: null, state: null, after: null });
  expect(wanted(`tab=deliveries&endpoint=${ID}&state=failed`)).toEqual({ tab: "deliveries", one: null, endpoint: ID, state: "failed", after: null });
  expect(wanted("tab=deliveries&endpoint=x&state=placed&after=1")).toEqual({ tab: "deliveries", one: null, endpoint: null, state: null, after: null });
});

test("who may not see a tab does not come there by its address", () => {
  expect(wantedOf(new URLSearchParams("tab=deliveries"), ["endpoints"]).tab).toBe("endpoints");
});

test("an address that is written is read as the same", () => {
  const asked = { tab: "deliveries", one: ID, endpoint: ID, state: "waiting", after: ID } as const;
  expect(wanted(addressOf(asked).split("?")[1] ?? "")).toEqual(asked);
});

test("a body is shown as JSON, or as it came where it is none", () => {
  expect(readable('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(readable("{")).toBe("{");
});

test("some hours ago is a moment of the person's own clock", () => {
  const now = new Date(2026, 10, 24, 1, 5).getTime();
  expect(hoursAgo(now, 24)).toBe("2026-11-23T01:05");
});
