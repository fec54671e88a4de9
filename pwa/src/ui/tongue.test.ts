import { beforeEach, expect, test, vi } from "vitest";

const kept = new Map<string, string>();
vi.stubGlobal("localStorage", { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => kept.set(name, value) });
const { chooseLanguage, languageOf, storedLanguage } = await import("./tongue");
const PETRA = { id: "p1", language: "de" };
const KWAME = { id: "p2", language: "de" };

beforeEach(() => kept.clear());

test("what a person chose on this device goes before what the server knows, at every sign-in and reload", () => {
  expect(languageOf(PETRA)).toBe("de");
  chooseLanguage("en", PETRA.id);
  expect([languageOf(PETRA), languageOf(PETRA), languageOf(KWAME)]).toEqual(["en", "en", "de"]);
});

test("what is chosen before the sign-in is the choice of whoever signs in next, and of nobody else", () => {
  chooseLanguage("en", null);
  expect(storedLanguage()).toBe("en");
  expect([languageOf(PETRA), languageOf(PETRA), languageOf(KWAME)]).toEqual(["en", "en", "de"]);
});

test("a language that the app does not speak changes nothing", () => {
  expect(languageOf({ id: "p3", language: "fi" })).toBeNull();
});
