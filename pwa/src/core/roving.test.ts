import { expect, test } from "vitest";
import { openedAt, stepped } from "./roving";

test("arrows come round at the ends, Home and End go to them", () => {
  expect(["ArrowDown", "ArrowUp", "Home", "End"].map((key) => [0, 1, 2].map((at) => stepped(key, at, 3)))).toEqual([[1, 2, 0], [2, 0, 1], [0, 0, 0], [2, 2, 2]]);
});

test("an arrow opens it at the end that it comes from, no other key does", () => {
  expect(["ArrowDown", "ArrowUp", "Home", "End", "a"].map((key) => openedAt(key, 3))).toEqual([0, 2, null, null, null]);
});

test("what is no way leads nowhere", () => {
  expect(["Enter", " ", "Tab", "ArrowRight"].map((key) => stepped(key, 1, 3))).toEqual([null, null, null, null]);
});
