/**
 * Why: a PIN of six digits holds on a device without a network only if it cannot be guessed there for long. The waits
 * are the server's own for one badge on one device; after ten wrong tries only the server lets anybody in.
 */

export const FREE = 3;
export const MOST = 10;
const LONGEST = 900;
/** A clock that was set back by more than this, ms, opens nothing: it may be there to make waits pass. */
const BACK = 24 * 60 * 60 * 1000;

export interface Tries {
  readonly failures: number;
  /** Nothing is tried before this moment (ms since 1970, by the device). */
  readonly notBefore: number;
  /** When it was kept, and until when it opens. */
  readonly since: number;
  readonly until: number;
}

export type May = { readonly is: "try" } | { readonly is: "wait"; readonly seconds: number } | { readonly is: "gone" };

/** Whether a PIN may be tried now. */
export function mayTry(tries: Tries, now: number): May {
  if (tries.failures >= MOST || now >= tries.until || now < tries.since - BACK) return { is: "gone" };
  const left = Math.min(tries.notBefore - now, LONGEST * 1000); // a clock that was set back makes nobody wait for days
  return left > 0 ? { is: "wait", seconds: Math.ceil(left / 1000) } : { is: "try" };
}

/** A try that begins now counts as wrong until it was right: a reload in the middle of it wins nothing. */
export function tried(tries: Tries, now: number): Tries {
  const failures = tries.failures + 1;
  return { ...tries, failures, notBefore: now + waitAfter(failures) * 1000 };
}

/** Seconds to wait after so many wrong tries. */
export const waitAfter = (failures: number): number => (failures < FREE ? 0 : Math.min(2 ** (failures - FREE + 1), LONGEST));
