import { afterEach, expect, test } from "vitest";
import { fieldText, momentOf } from "./zoned";

/** The machine's own zone is the browser's here. */
const { env } = (globalThis as unknown as { readonly process: { readonly env: Record<string, string | undefined> } }).process;
const own = env["TZ"];
afterEach(() => {
  if (own === undefined) delete env["TZ"];
  else env["TZ"] = own;
});

test.each(["America/New_York", "Europe/Berlin", "Asia/Tokyo"])("what is typed is meant on the warehouse's clock, in a browser in %s", (browser) => {
  env["TZ"] = browser;
  expect(new Date("2026-11-27T12:00:00Z").getTimezoneOffset()).toBe({ "America/New_York": 300, "Europe/Berlin": -60, "Asia/Tokyo": -540 }[browser]);
  expect(momentOf("2026-11-27T16:00", "Europe/Berlin")).toBe("2026-11-27T15:00:00.000Z");
  expect(fieldText("2026-11-27T15:00:00.000Z", "Europe/Berlin")).toBe("2026-11-27T16:00");
  expect(momentOf("2026-07-01T00:30", "Europe/Berlin")).toBe("2026-06-30T22:30:00.000Z");
  expect(fieldText("2026-06-30T22:30:00.000Z", "Europe/Berlin")).toBe("2026-07-01T00:30");
});

test("without a warehouse it is the browser's clock", () => {
  env["TZ"] = "America/New_York";
  expect(momentOf("2026-11-27T16:00", undefined)).toBe("2026-11-27T21:00:00.000Z");
});

test("around the change of the clocks what is typed is what is shown", () => {
  for (const typed of ["2026-03-29T01:59", "2026-03-29T03:00", "2026-10-25T01:30", "2026-10-25T03:00", "2026-10-24T23:59"]) {
    expect(fieldText(momentOf(typed, "Europe/Berlin"), "Europe/Berlin")).toBe(typed);
  }
});
