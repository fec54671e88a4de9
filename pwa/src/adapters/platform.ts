/** Why: the browser's clock, chance and timers, in the shape of the core's ports; and what keeps a handheld awake. */

import type { Chance, Clock, Exclusive, Timers } from "../core/ports";

export const clock: Clock = { now: () => Date.now() };

export const chance: Chance = {
  random: () => Math.random(),
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
};

export const timers: Timers = {
  after: (milliseconds, then) => {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** One tab sends at a time. Where the browser has no locks (plain HTTP on a LAN) each tab sends: the server sorts it out. */
export const exclusive: Exclusive = (work) => {
  const locks = (navigator as Partial<Navigator>).locks;
  return locks === undefined ? work() : (locks.request("pickwave-sync", work) as Promise<Awaited<ReturnType<typeof work>>>);
};

/** Asks the browser never to throw the storage away. False: it may, and a supervisor should know. */
export async function keepStorage(): Promise<boolean> {
  const storage = (navigator as Partial<Navigator>).storage;
  if (storage?.persist === undefined) return false;
  return (await storage.persisted()) || storage.persist();
}

/** Keeps the screen on while `wanted`; the browser lets go of it whenever the page is hidden, so it is asked for again. */
export function keepAwake(page: Document = document): (wanted: boolean) => void {
  let wanted = false;
  let held: WakeLockSentinel | null = null;
  const ask = async (): Promise<void> => {
    const lock = (navigator as Partial<Navigator>).wakeLock;
    if (lock === undefined || !wanted || held !== null || page.visibilityState !== "visible") return;
    try {
      const got = await lock.request("screen");
      held = got;
      got.addEventListener("release", () => (held = null));
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      held = null;
    }
  };
  page.addEventListener("visibilitychange", () => void ask());
  return (want) => {
    wanted = want;
    if (want) void ask();
    else void held?.release();
  };
}
