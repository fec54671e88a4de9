import { expect, test } from "vitest";
import { addressOf, wantedOf } from "./flow";

const of = (text: string) => wantedOf(new URLSearchParams(text), ["ready", "shipped"]);

test("the address says which orders and which page, and back again", () => {
  expect(of("status=shipped&after=10400")).toEqual({ status: "shipped", after: "10400" });
  expect(addressOf({ status: "shipped", after: "10400" })).toBe("/orders?status=shipped&after=10400");
  expect(addressOf({ status: null, after: null })).toBe("/orders");
});

test("what an address cannot mean is left out", () => {
  expect(of("status=mine&after=-1")).toEqual({ status: null, after: null });
});
