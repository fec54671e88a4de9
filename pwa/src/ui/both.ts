/** Why: what people have named in both languages is said in the reader's, and in English where there is no German. */

import { language, t } from "./i18n";

export const inWords = (both: { readonly en: string; readonly de?: string }): string => (language.value === "de" && both.de !== undefined && both.de !== "" ? both.de : both.en);

/** Which version of rules: those that nobody has changed are none. */
export const editionOf = (version: number): string => (version === 0 ? t("common.delivered") : t("common.edition", { version: String(version) }));
