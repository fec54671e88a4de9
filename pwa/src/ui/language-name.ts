/** Why: a language is known to people by its name, not by its two letters. */

import { language } from "./i18n";

/** A language by its name, where the browser knows it. */
export const languageName = (code: string): string => new Intl.DisplayNames(language.value, { type: "language", fallback: "code" }).of(code) ?? code;
