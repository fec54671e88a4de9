import { expect, test } from "vitest";
import { addressOf, isSame, wantedOf } from "./flow";

const of = (text: string) => wantedOf(new URLSearchParams(text), ["ready", "shipped"]);

test("the address says which orders and which page, and back again", () => {
  expect(of("status=shipped&after=10400")).toEqual({ status: "shipped", after: "10400", q: null });
  expect(addressOf({ status: "shipped", after: "10400", q: null })).toBe("/orders?status=shipped&after=10400");
  expect(addressOf({ status: null, after: null, q: null })).toBe("/orders");
});

test("what an address cannot mean is left out", () => {
  expect(of("status=mine&after=-1")).toEqual({ status: null, after: null, q: null });
});

test("what is looked for stands in the address, without blanks around it and not too long", () => {
  expect(of("q=%20ana%20souza%20").q).toBe("ana souza");
  expect(of("q=%20").q).toBeNull();
  expect(of(`q=${"x".repeat(300)}`).q).toHaveLength(100);
  expect(addressOf({ status: "ready", after: null, q: "T-0419" })).toBe("/orders?q=T-0419&status=ready");
});

test("a saved view is the one that asks what is asked now", () => {
  const view = { name: "Held", q: null, status: "on_hold" };
  expect(isSame(view, { q: null, status: "on_hold", after: "7" })).toBe(true);
  expect(isSame(view, { q: "tea", status: "on_hold", after: null })).toBe(false);
});
