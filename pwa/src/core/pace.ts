/**
 * Why: how fast, when finished, in time or not: a board goes on counting when nothing happens on the floor, so the rules
 * of `server/analytics/rules.py` run here too. `tests/cases/pace.json` holds both together. All in whole minutes.
 */

export const WINDOW = 20;
const FEWEST = 10;
const TIGHT = 15;
const QUIET = 5;
export const STUCK = 15;

export type Word = "loaded" | "picked" | "late" | "at_risk" | "on_time" | "unknown";
export type Standing = "working" | "quiet" | "stuck" | "idle";

/** What becomes of a wave: a word, and how many minutes late, or to spare; null where that is not known. */
export interface Forecast {
  readonly word: Word;
  readonly minutes: number | null;
}

/** Lines done in the window that ends with the minute `now` (minutes since the epoch); null where they are too few. */
export function pace(byMinute: Readonly<Record<string, number>>, now: number): number | null {
  let done = 0;
  for (const [minute, count] of Object.entries(byMinute)) if (Number(minute) > now - WINDOW && Number(minute) <= now) done += count;
  return done >= FEWEST ? done : null;
}

/** Minutes until so many lines are done at this pace (lines a window), rounded up; null where it is unknown. */
export function minutesToDo(left: number, done: number | null): number | null {
  if (left <= 0) return 0;
  return done === null ? null : Math.ceil((left * WINDOW) / done);
}

/** A wave against its cut-off: lines to pick, lines not on the truck, lines a window, minutes until the cut-off (negative after it). */
export function forecast(left: number, unloaded: number, done: number | null, toCutoff: number): Forecast {
  if (unloaded <= 0) return { word: "loaded", minutes: null };
  if (left <= 0) return toCutoff >= 0 ? { word: "picked", minutes: null } : { word: "late", minutes: -toCutoff };
  const needs = minutesToDo(left, done);
  if (needs === null) return toCutoff < 0 ? { word: "late", minutes: -toCutoff } : { word: "unknown", minutes: null };
  const spare = toCutoff - needs;
  if (spare < 0) return { word: "late", minutes: -spare };
  return { word: spare < TIGHT ? "at_risk" : "on_time", minutes: spare };
}

/** How somebody is doing: whether a tour is theirs, and minutes since something was heard; null: never. */
export function standing(hasTour: boolean, quietFor: number | null): Standing {
  if (!hasTour) return "idle";
  if (quietFor === null || quietFor < QUIET) return "working";
  return quietFor >= STUCK ? "stuck" : "quiet";
}
