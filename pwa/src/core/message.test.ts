import { expect, test } from "vitest";
import { format, MessageBroken, paramsOf } from "./message";

test("values are put in: numbers in the person's notation, texts as they are", () => {
  expect(format("{n} lines of order {order}", { n: 1284, order: "10481" }, "de")).toBe("1.284 lines of order 10481");
  expect(format("{n} lines", { n: 1284 }, "en")).toBe("1,284 lines");
});

test("plurals follow the language", () => {
  const lines = "{n, plural, =0 {nothing} one {# line} other {# lines}}";
  expect([0, 1, 2, 1000].map((n) => format(lines, { n }, "en"))).toEqual(["nothing", "1 line", "2 lines", "1,000 lines"]);
  const polish = "{n, plural, one {# linia} few {# linie} many {# linii} other {# linii}}";
  expect([1, 3, 5].map((n) => format(polish, { n }, "pl"))).toEqual(["1 linia", "3 linie", "5 linii"]);
});

test("a choice takes its case, or other; cases may hold values", () => {
  const message = "{who, select, me {you took {what}} other {{who} took {what}}}";
  expect(format(message, { who: "me", what: "T-1" }, "en")).toBe("you took T-1");
  expect(format(message, { who: "Lea", what: "T-1" }, "en")).toBe("Lea took T-1");
});

test("a parameter that is not given stays visible", () => {
  expect(format("Scan {bin}", {}, "en")).toBe("Scan {bin}");
});

test("the parameters of a message are known without saying it", () => {
  expect(paramsOf("{a} {b, plural, one {{c}} other {#}}")).toEqual(new Set(["a", "b", "c"]));
});

test.each(["{", "{a", "a}", "{a, plural}", "{a, number, x {}}", "{n, plural, one {x}}"])("%s is refused as broken", (message) => {
  expect(() => paramsOf(message)).toThrow(MessageBroken);
});
