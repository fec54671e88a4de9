/**
 * Why: who packs looks at the goods, so what is wrong is also spoken, in their language. Never the only channel: the red
 * screen and the buzz are there anyway, and where the browser has no voice nothing is missing.
 */

import type { Feedback, Said } from "../../core/machine";

/** What of a browser's voice is needed to choose it. */
export interface Voice {
  readonly lang: string;
  readonly localService: boolean;
  readonly default: boolean;
}

/** The voice for a language: of this machine before one that needs the network, the browser's own choice first. */
export function voiceFor<V extends Voice>(voices: readonly V[], language: string): V | null {
  const spoken = (voice: V): string => voice.lang.toLowerCase().split(/[-_]/)[0] ?? "";
  const rank = (voice: V): number => (voice.localService ? 2 : 0) + (voice.default ? 1 : 0);
  const [best] = voices.filter((voice) => spoken(voice) === language.toLowerCase().split("-")[0]).sort((a, b) => rank(b) - rank(a));
  return best ?? null;
}

/** One sentence after the other; each ends with a stop, so that the voice makes a pause. */
export const sentenceOf = ({ title, lines = [] }: Feedback, said: (words: Said) => string): string =>
  [title, ...lines].map((each) => said(each).replaceAll("\u2060", "").trim()).filter((each) => each !== "").map((each) => (/[.!?:]$/.test(each) ? each : `${each}.`)).join(" ");

/** What speaks: the browser's speech synthesis, or a test's. */
export interface Mouth {
  say(words: string, language: string): void;
  silence(): void;
}

/** Speaks what is wrong, once; with the answer gone from the screen the voice is gone too. */
export function speaker(mouth: Mouth): (shown: Feedback | null, on: boolean, language: string, said: (words: Said) => string) => void {
  let spoken: Feedback | null = null;
  return (shown, on, language, said) => {
    if (shown !== null && shown === spoken) return;
    if (spoken !== null) mouth.silence();
    spoken = shown?.kind === "wrong" && on ? shown : null;
    if (spoken !== null) mouth.say(sentenceOf(spoken, said), language);
  };
}

/** The browser's. It may have none, and may know its voices only later: then it speaks with its own for the language. */
export const mouth = (): Mouth | null =>
  typeof speechSynthesis === "undefined"
    ? null
    : {
        say: (words, language) => {
          const utterance = new SpeechSynthesisUtterance(words);
          utterance.lang = language;
          const voice = voiceFor(speechSynthesis.getVoices(), language);
          if (voice !== null) utterance.voice = voice;
          speechSynthesis.speak(utterance);
        },
        silence: () => speechSynthesis.cancel(),
      };
