/**
 * Why: who looks after devices sees which one nobody has heard of, and which battery is about to end. An enrolled
 * device says so now and then; where the browser tells nothing of the battery, it only says that it is there.
 */

import { NetworkError } from "../core/problem";
import type { Http } from "./http";

const EVERY = 5 * 60_000;

interface Battery {
  readonly level: number;
  readonly charging: boolean;
}

/** Not in every browser, and in none without TLS. */
type Powered = Navigator & { readonly getBattery?: () => Promise<Battery> };

export interface Condition {
  readonly battery_percent: number | null;
  readonly charging: boolean | null;
}

/** How this device is now. */
export async function conditionOf(navigator: Powered): Promise<Condition> {
  const battery = await navigator.getBattery?.();
  return battery === undefined ? { battery_percent: null, charging: null } : { battery_percent: Math.round(100 * battery.level), charging: battery.charging };
}

/** Says it at once and every five minutes, as long as the device is enrolled. */
export function tellCondition(http: Http, navigator: Powered): void {
  const tell = (): void => {
    conditionOf(navigator)
      .then((condition) => http.post("/auth/device", condition, { asDevice: true }))
      .catch((error: unknown) => {
        if (!(error instanceof NetworkError)) console.warn("not told how this device is", error); // the next time will do
      });
  };
  tell();
  setInterval(tell, EVERY);
}
