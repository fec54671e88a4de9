import { expect, test } from "vitest";
import { parse } from "./barcode";
import { feedback, foreign, outcome, spoken, textual, wrong } from "./said";

test("a number that names something is said as it is, an amount as an amount", () => {
  const params = { order: 10481, tour: 7, carton: 2, units: 1200, bin: "A01-01-A" };
  expect(textual(params)).toEqual({ order: "10481", tour: "7", carton: "2", units: 1200, bin: "A01-01-A" });
});

test("an answer is said by its outcome, with its numbers put right", () => {
  const said = spoken({ id: "x", seq: 1, outcome: "tour_taken", severity: "ok", params: { tour: 1007 }, version: null, task: null });
  expect(said).toEqual({ key: "outcome:tour_taken", params: { tour: "1007" } });
});

test("what is not due is said by what it is, and by its first signs where nobody knows", () => {
  expect(foreign(parse("T-0001"), "cart")).toEqual(outcome("wrong_kind", { got: "tote", wanted: "cart" }));
  expect(foreign(parse("😀".repeat(50)), "cart")).toEqual(outcome("unknown_barcode", { got: "😀".repeat(40) }));
});

test("a full-screen answer has its kind, its title and what stands below", () => {
  const [title, line] = [{ key: "a" }, { key: "b" }];
  expect(feedback("done", title)).toEqual({ type: "feedback", feedback: { kind: "done", title, lines: [] } });
  expect(wrong(title, line)).toEqual({ type: "feedback", feedback: { kind: "wrong", title, lines: [line] } });
});
