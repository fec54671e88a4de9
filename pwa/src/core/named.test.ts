import { expect, test } from "vitest";
import { nameIn } from "./named";

test("an item is called by its name in the language, else in English, else by its SKU", () => {
  const item = { sku: "40-0001", names: { en: "Almond drink", de: "Mandeldrink" } };
  expect(["de", "en", "pl"].map((language) => nameIn(item, language))).toEqual(["Mandeldrink", "Almond drink", "Almond drink"]);
  expect([nameIn({ sku: "40-0001", names: { de: "Mandeldrink" } }, "pl"), nameIn(undefined, "de")]).toEqual(["40-0001", ""]);
});
