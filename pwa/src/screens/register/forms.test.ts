import { expect, test } from "vitest";
import { bodyOf, faultsOf, placed, valuesOf, type FieldDef } from "./forms";

const FIELDS: readonly FieldDef[] = [
  { name: "name", kind: "text", max: 80 },
  { name: "slot_volume_ml", kind: "number", min: 1_000, max: 1_000_000, scale: 1000, start: "40" },
  { name: "roles", kind: "many", options: [["picker", "role.picker"]] },
  { name: "countries", kind: "codes" },
  { name: "weekdays", kind: "numbers", options: [["1", ".weekday.1"]] },
  { name: "active", kind: "flag", start: true },
  { name: "warehouse", kind: "choice", options: "warehouses", optional: "null" },
  { name: "address.city", kind: "text", max: 60, optional: "text" },
  { name: "printers", from: "printer_codes", kind: "many", options: "printers", optional: "null" },
];

test("a form begins with what is usual, and a change with what is there", () => {
  expect(valuesOf(FIELDS, null)).toMatchObject({ name: "", slot_volume_ml: "40", roles: [], active: true });
  const row = { name: "Pia", slot_volume_ml: 2500, roles: ["picker"], countries: ["DE", "AT"], weekdays: [1], active: false, warehouse: null, address: { city: "Ulm" }, printer_codes: ["PRN-2"] };
  expect(valuesOf(FIELDS, row)).toEqual({
    name: "Pia", slot_volume_ml: "2.5", roles: ["picker"], countries: "DE, AT", weekdays: ["1"], active: false, warehouse: "", "address.city": "Ulm", printers: ["PRN-2"],
  });
});

test("the server gets its own units, lists and nulls", () => {
  const values = { name: " Pia ", slot_volume_ml: "2,5", roles: ["picker"], countries: "DE, AT;CH", weekdays: ["1", "5"], active: true, warehouse: "", "address.city": "", printers: [] };
  expect(bodyOf(FIELDS, values)).toEqual({
    name: "Pia", slot_volume_ml: 2500, roles: ["picker"], countries: ["DE", "AT", "CH"], weekdays: [1, 5], active: true, warehouse: null, address: { city: "" }, printers: [],
  });
});

test("what is missing or out of bounds is said before anybody is asked", () => {
  const values = { ...valuesOf(FIELDS, null), slot_volume_ml: "0.5", weekdays: [] };
  expect(faultsOf(FIELDS, values)).toEqual({
    name: { key: "register.missing" }, roles: { key: "register.missing" }, weekdays: { key: "register.missing" },
    slot_volume_ml: { key: "register.between", params: { least: 1, most: 1000 } },
  });
  expect(faultsOf(FIELDS, { ...values, slot_volume_ml: "much" })["slot_volume_ml"]).toBeDefined();
});

test("codes are put into their letters; what cannot be one is said in words, before anybody is asked", () => {
  const fields: readonly FieldDef[] = [
    { name: "code", kind: "text", max: 12, shape: "capitals" }, { name: "service", kind: "text", max: 64, shape: "small" },
    { name: "country", kind: "text", max: 2, shape: "country" }, { name: "countries", kind: "codes", shape: "country" },
  ];
  const values = { code: "ber-1", service: "Post-Parcel", country: "de", countries: "de at" };
  expect(faultsOf(fields, values)).toEqual({});
  expect(bodyOf(fields, values)).toEqual({ code: "BER-1", service: "post-parcel", country: "DE", countries: ["DE", "AT"] });
  expect(faultsOf(fields, { ...values, code: "Lager 1", service: "a--b", country: "D", countries: "" })).toEqual({
    code: { key: "register.shape.capitals" }, service: { key: "register.shape.small" }, country: { key: "register.shape.country" },
  });
  expect(faultsOf(fields, { ...values, countries: "DE, Austria" })).toEqual({ countries: { key: "register.shape.country" } });
});

test("what was wanted is said once", () => {
  const said = (message: string) => placed(FIELDS, [{ field: "name", message, wanted: "a name" }])["name"]?.key;
  expect([said("Wanted a name."), said("No.")]).toEqual(["register.refused", "register.wanted"]);
});

test("the server's faults stand at their fields", () => {
  const fault = (field: string) => ({ field, message: "No.", wanted: "yes" });
  expect(Object.keys(placed(FIELDS, [fault("roles[0]"), fault("address.city"), fault("body")]))).toEqual(["roles", "address.city"]);
});
