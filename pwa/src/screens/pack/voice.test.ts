import { expect, test } from "vitest";
import type { Feedback } from "../../core/machine";
import { sentenceOf, speaker, voiceFor, type Mouth } from "./voice";

const voice = (lang: string, localService = true, isDefault = false) => ({ lang, localService, default: isDefault });
const wrong = (...keys: readonly string[]): Feedback => ({ kind: "wrong", title: { key: keys[0] ?? "" }, lines: keys.slice(1).map((key) => ({ key })) });
const said = ({ key }: { readonly key: string }): string => key;

function heard(): { readonly mouth: Mouth; readonly log: string[] } {
  const log: string[] = [];
  return { log, mouth: { say: (words, language) => void log.push(`${language}: ${words}`), silence: () => void log.push("silence") } };
}

test("a voice speaks the person's language, from this machine where there is one", () => {
  const [far, near, own] = [voice("de-DE", false), voice("de_AT"), voice("de-CH", true, true)];
  expect(voiceFor([voice("en-US"), far, near], "de")).toBe(near);
  expect(voiceFor([near, own], "de-DE")).toBe(own);
  expect(voiceFor([far], "de")).toBe(far);
  expect(voiceFor([voice("en-US", true, true)], "de")).toBeNull();
  expect(voiceFor([], "en")).toBeNull();
});

test("title and lines are spoken with a pause between them", () => {
  expect(sentenceOf(wrong("Honey is not in order 10481", "Put it back into the tote."), said)).toBe("Honey is not in order 10481. Put it back into the tote.");
  expect(sentenceOf(wrong("Wrong?", " "), said)).toBe("Wrong?");
});

test("what is wrong is spoken once, what is right never, and the voice ends with the answer", () => {
  const { mouth, log } = heard();
  const tell = speaker(mouth);
  const [first, second] = [wrong("One"), wrong("Two")];
  tell(null, true, "en", said);
  tell(first, true, "en", said);
  tell(first, true, "en", said);
  tell({ kind: "right", title: { key: "Fine" } }, true, "en", said);
  expect(log).toEqual(["en: One.", "silence"]);
  tell(second, true, "de", said);
  tell(null, true, "de", said);
  tell(null, true, "de", said);
  expect(log.slice(2)).toEqual(["de: Two.", "silence"]);
});

test("where the voice is off nothing is spoken", () => {
  const { mouth, log } = heard();
  const tell = speaker(mouth);
  tell(wrong("One"), false, "en", said);
  tell(null, false, "en", said);
  expect(log).toEqual([]);
});
