import fc from "fast-check";
import { describe, expect, test } from "vitest";
import SHARED from "../../../tests/cases/barcodes.json";
import { checkCharacter, checkDigit, command, GS, KINDS, parse, printedBin } from "./barcode";

type Case = { text: string; note?: string } & Record<string, unknown>;
const CASES = SHARED as unknown as Case[];

describe("a barcode is read alike on the device and on the server", () => {
  test.each(CASES.map((each) => [each.note ?? each.text, each] as const))("%s", (_, { text, note: _note, ...wanted }) => {
    const read = parse(text) as unknown as Record<string, unknown>;
    const seen = Object.fromEntries(Object.keys(wanted).map((name) => [name, read[name] ?? ""]));
    expect(seen).toEqual(wanted);
  });
});

test("no text breaks the parser, and it always says one of the known kinds", () => {
  const near = fc.stringMatching(/^(\][A-Z]\d)?(B-|T-|P-|%CMD:|\(\d\d\)|00|01|10|17){0,4}[ -~\x1d]{0,30}$/);
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 250, unit: "binary" }), near), (text) => {
      expect(KINDS).toContain(parse(text).kind);
    }),
  );
});

test("a GTIN with one wrong digit is never an item", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\d{12}$/), fc.nat(12), fc.integer({ min: 1, max: 9 }), (body, place, by) => {
      const good = body + checkDigit(body);
      const wrong = good.slice(0, place) + String((Number(good[place]) + by) % 10) + good.slice(place + 1);
      expect(parse(good)).toMatchObject({ kind: "item", code: `0${good}` });
      expect(parse(wrong).kind).toBe("unknown");
    }),
  );
});

test("an element string is the same whatever way its GS is written and in whatever order it comes", () => {
  const lot = fc.stringMatching(/^[A-Z0-9]{1,20}$/);
  fc.assert(
    fc.property(fc.stringMatching(/^\d{13}$/), lot, fc.constantFrom(GS, "{GS}", "<GS>"), (body, lotText, gs) => {
      const gtin = body + checkDigit(body);
      const wanted = { kind: "item", code: gtin, lot: lotText, expiry: "2027-04-30" };
      expect(parse(`]C101${gtin}17270430` + `10${lotText}`)).toMatchObject(wanted);
      expect(parse(`]C101${gtin}10${lotText}${gs}17270430`)).toMatchObject(wanted);
      expect(parse(`(01)${gtin}(10)${lotText}(17)270430`)).toMatchObject(wanted);
    }),
  );
});

test("a command card reads back as its command, and a bin prints with middle dots", () => {
  expect(parse(command("NEW_CARTON"))).toMatchObject({ kind: "command", code: "NEW_CARTON" });
  expect(checkCharacter("DONE")).toHaveLength(1);
  expect(printedBin("A07-03-B")).toBe("A07·03·B");
});
