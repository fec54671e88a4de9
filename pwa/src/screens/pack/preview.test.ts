import { expect, test } from "vitest";
import { nameOf, sizeOf } from "./preview";

test("a label's size is read from its own words, at both densities", () => {
  expect(sizeOf("^XA^PW812^LL1218^XZ")).toEqual({ width_mm: 101.5, height_mm: 152.25, dots_per_mm: 8 });
  expect(sizeOf("^XA^PW1218^LL1827^XZ")).toEqual({ width_mm: 101.5, height_mm: 152.25, dots_per_mm: 12 });
  expect(sizeOf("^XA^XZ")).toEqual({ width_mm: 101.5, height_mm: 152.25, dots_per_mm: 8 });
});

test("another content has another name", () => {
  expect(new Set(["", "a", "b", "ab", "ba"].map(nameOf)).size).toBe(5);
});
