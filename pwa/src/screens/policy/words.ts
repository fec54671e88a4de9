import { language } from "../../ui";
import type { Both } from "./flow";

/** In the language that is spoken; without German words the English ones. */
export const inWords = (both: Both): string => (language.value === "de" && both.de !== undefined && both.de !== "" ? both.de : both.en);
