import { expect, test } from "vitest";
import { addressOf, draftOf, linesOf, readable, settingsOf, othersOf, tableOf, TABS, unknownsOf, wantedOf } from "./flow";

const of = (address: string) => wantedOf(new URL(address, "https://x").searchParams, TABS);
const ID = "019ab4c2-7a10-7c3e-9d52-3f0a6b1c2d3e";

test("the address says what is looked at, and what it cannot mean is left out", () => {
  for (const wanted of [{ tab: "channels", one: "shop" }, { tab: "came", one: ID, state: "refused" }, { tab: "channels", kind: "json" }] as const) {
    expect(of(addressOf(wanted))).toMatchObject(wanted);
  }
  expect(of("/channels?tab=x&one=No&state=gone&kind=fax&after=1")).toEqual({ tab: "channels", one: null, kind: null, state: null, after: null });
  expect(wantedOf(new URLSearchParams("tab=channels"), ["came"]).tab).toBe("came");
});

test("a table is lines, and a line that says nothing is no table", () => {
  const table = { "Standard = slow": "nordpost-parcel", DHL: "blitz" };
  expect(tableOf(linesOf(table))).toEqual(table);
  expect(tableOf("\n")).toEqual({});
  for (const wrong of ["DHL", "= blitz", "DHL ="]) expect(tableOf(wrong)).toBeNull();
});

test("what stands in the form is what was set up, with what the form does not show", () => {
  const settings = { service: "p", warehouse: 2, services: { A: "p" }, payments: {}, items: { x: "HONEY" }, countries: {}, fields: { city: { path: "to.town", otherwise: "", table: { K: "Köln" } } }, money: "minor" as const, signature: { header: "X-S", encoding: "base64" as const, prefix: "", delivery: "X-D" }, back: { url: "https://x", user: "u", notify: true } };
  const known = { code: "shop", kind: "json" as const, name: "Shop", settings };
  expect(settingsOf(draftOf(known, "json", ""), settings)).toEqual({ settings });
  expect(settingsOf({ ...draftOf(known, "json", ""), warehouse: "two" })).toEqual({ wrong: "warehouse" });
  expect(settingsOf({ ...draftOf(null, "csv", "p"), columns: "Nr" })).toEqual({ wrong: "columns" });
  expect(settingsOf({ ...draftOf(null, "csv", "p"), columns: "Nr = reference" })).toMatchObject({ settings: { service: "p", table: { columns: { Nr: "reference" } } } });
});

test("words that nobody knows are asked for once each", () => {
  const faults = [{ field: "lines[0].sku", message: "", got: "JAR" }, { field: "lines[1].sku", message: "", got: "JAR" }, { field: "address.country", message: "", got: "XX" }, { field: "shipping_lines[0].title", message: "", got: "Drone" }, { field: "total", message: "", got: "1" }];
  expect(unknownsOf(faults)).toEqual([{ of: "items", theirs: "JAR" }, { of: "countries", theirs: "XX" }, { of: "services", theirs: "Drone" }]);
  expect(othersOf(faults)).toEqual([{ field: "total", message: "", got: "1" }]);
});

test("what is no JSON stays as it came", () => {
  expect(readable('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(readable("{")).toBe("{");
});
