import { expect, test } from "vitest";
import { digitsOf, markOf, minorOf, typed } from "./amounts";

test("an amount is read as it is typed, and nothing is rounded", () => {
  expect(["12.90", "12,9", "12", " 3.05 ", "1.234", "-1", "0", "", "1e3", "1.000.00"].map((text) => minorOf(text, 2))).toEqual([1290, 1290, 1200, 305, null, null, 0, null, null, null]);
  expect([minorOf("500", 0), minorOf("5.5", 0), minorOf("1.234", 3)]).toEqual([500, null, 1234]);
  expect([typed(1290, 2, ","), typed(5, 2, "."), typed(500, 0, "."), typed(1234, 3, ".")]).toEqual(["12,90", "0.05", "500", "1.234"]);
});

test("a currency says how many digits it has, a language how they are parted", () => {
  expect([digitsOf("EUR"), digitsOf("JPY"), digitsOf("KWD")]).toEqual([2, 0, 3]);
  expect([markOf("de"), markOf("en")]).toEqual([",", "."]);
});
