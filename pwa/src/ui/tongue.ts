/**
 * Why: a person reads their own language, wherever they chose it: what they chose on this device goes before what the
 * server knows of them. What is chosen before anybody has signed in is the choice of whoever signs in next.
 */

import { isLanguage, type Language } from "./i18n";
import { keep, stored } from "./kept";

/** The language chosen on this device last: for whoever has not signed in yet. */
export const storedLanguage = (): string | null => stored("language");

/** Chosen at the sign-in, and nobody's yet. */
let waiting: Language | null = null;

/** Somebody chose a language: the person at work, or whoever is about to sign in. */
export function chooseLanguage(code: Language, person: string | null): void {
  keep("language", code);
  if (person === null) waiting = code;
  else keep(`language.${person}`, code);
}

/** The language to speak with a person: their choice at this sign-in, on this device, or the server's word; else as it is. */
export function languageOf(person: { readonly id: string; readonly language: string }): Language | null {
  if (waiting !== null) keep(`language.${person.id}`, waiting);
  waiting = null;
  const own = stored(`language.${person.id}`) ?? person.language;
  return isLanguage(own) ? own : null;
}
