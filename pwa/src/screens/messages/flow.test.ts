import { expect, test } from "vitest";
import { addressOf, wantedOf } from "./flow";

const ID = "0192f0c0-0000-7000-8000-000000000001";
const of = (text: string) => wantedOf(new URLSearchParams(text));

test("the address says what is looked at, and back again", () => {
  expect(of(`tab=log&state=failed&after=${ID}`)).toEqual({ tab: "log", state: "failed", after: ID, one: null, template: null });
  expect(addressOf({ tab: "log", state: "failed", after: null })).toBe("/messages?tab=log&state=failed");
  expect(of("template=confirmed/email/de").template).toBe("confirmed/email/de");
  expect(addressOf({})).toBe("/messages");
});

test("what an address cannot mean is left out", () => {
  expect(of("tab=x&state=lost&after=7&one=../7&template=confirmed/fax/de")).toEqual({ tab: "told", state: null, after: null, one: null, template: null });
});
