import { beforeEach, describe, expect, test } from "vitest";
import picks from "../../../tests/cases/judge.json";
import loose from "../../../tests/cases/loose.json";
import { outcome } from "../core/said";
import { OUTCOMES } from "../generated/outcomes";
import { STATUSES } from "../generated/statuses";
import { WORDS } from "../generated/words";
import { day, inOnePiece, languageFor, LANGUAGES, loadScreenTexts, minutesLeft, minutesText, money, number, outcomeText, plainDate, said, setLanguage, t, time, timeFrom, unitsApart, wordOf, zone } from "./i18n";

/** What a scan can be judged to be that stops everything, as the cases of the twins have it. */
const WRONG = new Set([...picks, ...loose].map((each) => each.verdict.outcome).filter((code) => OUTCOMES[code as keyof typeof OUTCOMES].severity === "error"));

beforeEach(async () => {
  zone.value = "Europe/Berlin";
  await setLanguage("en");
  await loadScreenTexts("me");
});

describe("the texts", () => {
  test("change with the language, the screen's own with the shared ones", async () => {
    await loadScreenTexts("sign-in");
    expect([t("common.back"), t("sign-in.scanBadge")]).toEqual(["Back", "Scan your badge"]);
    await setLanguage("de");
    expect([t("common.back"), t("sign-in.scanBadge")]).toEqual(["Zurück", "Scanne deinen Ausweis"]);
  });

  test("are all there when a screen comes while the language changes", async () => {
    await Promise.all([setLanguage("de"), loadScreenTexts("me")]);
    expect(t("me.signOut")).toBe("Abmelden");
    await Promise.all([loadScreenTexts("home"), setLanguage("en")]);
    expect(t("home.me")).toBe("Me and this device");
  });

  test("follow the last wish", async () => {
    await Promise.all([setLanguage("de"), setLanguage("en")]);
    expect(t("common.back")).toBe("Back");
  });

  test("show the key where there is none, so that it is seen", () => {
    expect(t("no.such")).toBe("no.such");
  });

  test("of outcomes come from the server's catalogue", async () => {
    expect(outcomeText("wrong_bin", { got: "A01", wanted: "A07" })).toBe("This is bin A01. Wanted: A07");
    expect(said(outcome("done"))).toBe("Done.");
    expect(outcomeText("not_known_here")).toBe("Refused (not_known_here).");
  });

  test("say the codes inside them in words, and leave names as they are", async () => {
    expect(outcomeText("wrong_kind", { got: "tote", wanted: "bin" })).toBe("Scanned: tote. Wanted: bin");
    expect(outcomeText("undo_too_late", { reason: "count_done" })).toBe("This can no longer be taken back: the bin was counted since");
    await setLanguage("de");
    expect(outcomeText("wrong_kind", { got: "tote", wanted: "bin" })).toBe("Gescannt: Kiste. Gebraucht wird: Platz");
    expect([wordOf("no_stock_left"), wordOf("She called.")]).toEqual(["nichts mehr vorrätig", "She called."]);
  });

  test("do not break inside a code", () => {
    expect(inOnePiece("Bin A08-02-C is half-empty")).toBe("Bin A08\u2060-\u206002\u2060-\u2060C is half-empty");
  });
});

describe("whatever the server may say", () => {
  test.each([["outcomes", OUTCOMES], ["statuses", STATUSES], ["words", WORDS]])("has words in every language: %s", (_, rows) => {
    for (const [code, texts] of Object.entries<Readonly<Record<string, unknown>>>(rows)) {
      for (const { code: language } of LANGUAGES) expect(texts[language], `${language} ${code}`).toMatch(/\p{L}/u);
      expect(Object.values(texts).join(" "), code).not.toMatch(/[a-z]_[a-z](?![^{]*})/);
    }
  });

  test("and what a scan can be judged to be has a title of its own", async () => {
    for (const { code: language } of LANGUAGES) {
      await setLanguage(language);
      for (const code of WRONG) expect(t(`floor.wrong.${code}`)).not.toBe(`floor.wrong.${code}`);
    }
  });
});

describe("numbers and times", () => {
  test("are in the person's notation and the warehouse's zone", async () => {
    const moment = "2026-11-24T14:18:00Z";
    expect([number(1284), number(99.7, 1), time(moment), day(moment)]).toEqual(["1,284", "99.7", "15:18", "Tue 24 Nov"]);
    await setLanguage("de");
    expect([number(1284), money(2247, "EUR"), money(500, "JPY")]).toEqual(["1.284", "22,47\u00a0€", "500\u00a0¥"]);
    zone.value = "America/New_York";
    expect(time(moment)).toBe("09:18");
  });

  test("say how long is left, and past it how far", () => {
    const now = Date.parse("2026-11-24T14:18:30Z");
    expect([minutesText(0), minutesText(59), minutesText(609)]).toEqual(["0 min", "59 min", "10 h 09 min"]);
    expect(minutesLeft("2026-11-24T15:01:00Z", now)).toBe("42 min");
    expect(minutesLeft("2026-11-24T16:23:30Z", now)).toBe("2 h 05 min");
    expect(minutesLeft("2026-11-24T14:18:00Z", now)).toBe("0 min");
    expect(minutesLeft("2026-11-24T14:00:00Z", now)).toBe("18 min over");
    expect(minutesLeft("2026-11-24T12:00:00Z", now)).toBe("2 h 18 min over");
  });

  test("leave a unit as it is where the rest is in capitals", () => {
    expect(unitsApart("On the scale: 1,310 g of 2 kg")).toEqual(["On the scale: 1,31", "0 g", " of ", "2 kg", ""]);
    expect(unitsApart("4 gaps in 2 minutes")).toEqual(["4 gaps in 2 minutes"]);
  });

  test("name the day of a time that is not today, as the warehouse's days go", () => {
    const now = Date.parse("2026-11-26T22:30:00Z");
    expect(timeFrom("2026-11-26T22:50:00Z", now)).toBe("23:50");
    expect(timeFrom("2026-11-26T23:10:00Z", now)).toBe("Fri 27 Nov 00:10");
  });

  test("give a best-before as the day it is, in every zone", () => {
    zone.value = "America/New_York";
    expect(plainDate("2027-03-31")).toBe("31 Mar 2027");
  });
});

test("the language is the first of the wanted ones that we speak", () => {
  expect(languageFor("", "fr-FR", "de-AT", "en")).toBe("de");
  expect(languageFor("ja")).toBe("en");
});
