/** Why: a browser may show a page whose certificate it does not trust; only that it keeps no service worker gives it away. */

import { unkept } from "../adapters/updates";
import { held } from "./camera";
import { loadScreenTexts } from "./i18n";
import { later } from "./later";

const Words = later(async () => {
  const [words] = await Promise.all([import("../screens/lan/untrusted"), loadScreenTexts("lan")]);
  return words;
}, "Untrusted");

/** On what is held in a hand: that it cannot work without a network, and what to do. */
export const Untrusted = () => (held && unkept.value ? <Words /> : null);
