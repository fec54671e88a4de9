import { expect, test } from "vitest";
import { nameIn } from "./named";

test("an item is called by its name in the language, else in English, else by its SKU", () => {
  const item = { sku: "40-0001", names: { en: "Almond drink", de: "Mandeldrink" } };
  expect(["de", "en", "pl"].map((language) => nameIn(item, language))).toEqual(["Mandeldrink", "Almond drink", "Almond drink"]);
  expect([nameIn({ sku: "40-0001", names: { de: "Mandeldrink" } }, "pl"), nameIn(undefined, "de")]).toEqual(["40-0001", ""]);
});

test("a number is not parted from its unit at the end of a line", () => {
  const named = (en: string): string => nameIn({ sku: "1", names: { en } }, "en");
  expect([named("Kitchen cleaner, 500 ml"), named("Battery 9 V"), named("Paper 80 sheets")]).toEqual(["Kitchen cleaner, 500\u00a0ml", "Battery 9\u00a0V", "Paper 80 sheets"]);
});
