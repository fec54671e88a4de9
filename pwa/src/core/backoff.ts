/** Why: two hundred handhelds that lost one access point must not come back in the same second. */

import type { Chance } from "./ports";

export const BASE = 1000;
export const CAP = 30_000;

/** Full jitter: anywhere between nothing and the doubled wait, in milliseconds, never above the cap. */
export const backoff = (attempt: number, chance: Chance): number =>
  chance.random() * Math.min(CAP, BASE * 2 ** Math.min(attempt, 10));
