import { expect, test } from "vitest";
import { bodyOf, leftOf, refusedIn, typedOf, wrongIn, type Terms } from "./terms";

const terms: Terms = { days: "30", limit: "5000,50", currency: "eur" };
const wrongs = (changes: Partial<Terms>): unknown => wrongIn({ ...terms, ...changes });

test("terms are typed as people say them and sent in the smallest unit", () => {
  expect(wrongIn(terms)).toEqual({});
  expect(bodyOf(terms, null)).toEqual({ days: 30, currency: "EUR", limit_minor: 500_050, version: null });
  expect(bodyOf({ days: " 0 ", limit: " ", currency: "EUR" }, 3)).toEqual({ days: 0, currency: "EUR", limit_minor: null, version: 3 });
  expect(bodyOf({ ...terms, limit: "5000", currency: "JPY" }, 1)).toMatchObject({ limit_minor: 5000 });
});

test("what is read is what would be typed", () => {
  const account = { days: 10, limit_minor: 123_405, currency: "EUR", owing_minor: 0, version: 1, ended_at: null };
  expect(typedOf(account, ",")).toEqual({ days: "10", limit: "1234,05", currency: "EUR" });
  expect(typedOf({ ...account, limit_minor: null }, ",")).toMatchObject({ limit: "" });
});

test("each wrong field says what was got", () => {
  expect(wrongs({ days: "366" })).toEqual({ days: { key: "customer.wrong.days", params: { got: "366", is: "other" } } });
  expect(wrongs({ days: "" })).toEqual({ days: { key: "customer.wrong.days", params: { got: "", is: "nothing" } } });
  expect(wrongs({ days: "1.5", limit: "much", currency: "EURO" })).toMatchObject({ days: {}, limit: { params: { got: "much" } }, currency: { params: { got: "EURO" } } });
  expect(wrongs({ limit: "12,345" })).toHaveProperty("limit");
  expect(wrongs({ limit: "12,5", currency: "JPY" })).toHaveProperty("limit");
});

test("what the server refuses is said at the field that it was typed in", () => {
  const fault = (field: string) => ({ field, message: "", wanted: "", got: "" });
  expect(Object.keys(refusedIn(terms, [fault("limit_minor"), fault("currency"), fault("version")]))).toEqual(["limit", "currency"]);
});

test("what is left of a limit may be less than nothing, and without one nothing is counted", () => {
  const account = { days: 30, limit_minor: 1000, currency: "EUR", owing_minor: 400, version: 1, ended_at: null };
  expect([leftOf(account), leftOf({ ...account, owing_minor: 1400 }), leftOf({ ...account, limit_minor: null })]).toEqual([600, -400, null]);
});
