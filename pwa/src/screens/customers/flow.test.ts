import { expect, test } from "vitest";
import { addressOf, wantedOf } from "./flow";

const ID = "0192f0c0-0000-7000-8000-000000000001";
const of = (text: string) => wantedOf(new URLSearchParams(text));

test("the address says whom one looks for and which page, and back again", () => {
  expect(of(`q=%20souza%20&after=${ID}`)).toEqual({ q: "souza", after: ID });
  expect(addressOf({ q: "souza", after: ID })).toBe(`/customers?q=souza&after=${ID}`);
  expect(addressOf({ q: null, after: null })).toBe("/customers");
});

test("what an address cannot mean is left out", () => {
  expect(of("q=%20&after=7")).toEqual({ q: null, after: null });
  expect(of(`q=${"x".repeat(300)}`).q).toHaveLength(100);
});
