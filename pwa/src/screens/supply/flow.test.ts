import { expect, test } from "vitest";
import { joined, toneOf, type Shortage } from "./flow";

const milk: Shortage = { sku: "MILK", names: { en: "Milk" }, orders: 2, waits: 0, on_the_way: 5, next_on: "2026-11-27" };

test("what no delivery is known for is worse than what is on its way", () => {
  expect(toneOf(milk)).toBe("warn");
  expect(toneOf({ ...milk, waits: 1 })).toBe("bad");
});

test("a further page stands behind the first", () => {
  const first = joined(null, { items: [milk], next: "MILK" });
  expect(joined(first, { items: [{ ...milk, sku: "TEA" }], next: null })).toEqual({ items: [milk, { ...milk, sku: "TEA" }], next: null });
});
