import { expect, test } from "vitest";
import { doneOf, isCounted, pageOf } from "./flow";

const step = (name: string, done: boolean) => ({ step: name, have: done ? 1 : 0, done, yours: true });

test("each step is done on a page of its own, what comes from files on the imports'", () => {
  expect(pageOf("carton_types")).toBe("/setup/cartons");
  expect(pageOf("stock")).toBe("/imports?kind=stock");
  expect(pageOf("something new")).toBe("/setup");
});

test("what is done is counted, and of a million items only whether there are any", () => {
  expect(doneOf({ warehouse: 1, steps: [step("warehouse", true), step("bins", false)], next: "bins" })).toBe(1);
  expect([isCounted(step("items", true)), isCounted(step("carts", true))]).toEqual([false, true]);
});
