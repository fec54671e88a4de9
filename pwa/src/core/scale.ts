/**
 * Why: a scale says a number that moves before it stands still; only one that stands still is a weight.
 *
 * What a USB scale sends is read by the HID tables "Point of Sale, weighing devices" (usage page 0x8D): one report of
 * status, unit, power of ten, and the weight as a whole number, the low byte first.
 */

/** What a scale says. `grams` is whole and never negative; only of a `stable` reading it is a weight. */
export interface Reading {
  readonly state: "stable" | "moving" | "zero" | "overload" | "under" | "fault";
  readonly grams: number;
}

export const USAGE_PAGE = 0x8d;
/** The report in which HID scales say their weight. */
export const WEIGHT_REPORT = 3;

const STATES: Readonly<Record<number, Reading["state"]>> = { 1: "fault", 2: "zero", 3: "moving", 4: "stable", 5: "under", 6: "overload", 7: "fault", 8: "fault" };
/** Grams in each unit of the table; taels are none of them, for no two lands have the same. */
const GRAMS: Readonly<Record<number, number>> = {
  1: 0.001, 2: 1, 3: 1000, 4: 0.2, 6: 0.06479891, 7: 1.55517384, 8: 1_000_000, 9: 907_184.74, 10: 31.1034768, 11: 28.349523125, 12: 453.59237,
};
/** More than a bench scale carries: a garbled report, not a carton. */
const MOST = 1_000_000;

/** What a report says, without its number; null where it is no weight report, or says what nobody can mean. */
export function readReport(data: DataView): Reading | null {
  if (data.byteLength < 5) return null;
  const state = STATES[data.getUint8(0)];
  if (state === undefined) return null;
  if (state !== "stable" && state !== "moving") return { state, grams: 0 };
  const unit = GRAMS[data.getUint8(1)];
  if (unit === undefined) return null;
  let weight = 0;
  for (let at = Math.min(data.byteLength, 7) - 1; at >= 3; at--) weight = weight * 256 + data.getUint8(at);
  const grams = Math.round(weight * 10 ** data.getInt8(2) * unit);
  if (!Number.isFinite(grams) || grams > MOST) return { state: "fault", grams: 0 };
  return { state: grams === 0 && state === "stable" ? "zero" : state, grams };
}

/** Whether the next still weight is taken: what lies there already was taken, so something must move before the next. */
export interface Taking {
  readonly armed: boolean;
  readonly take: number | null;
}
export const untaken: Taking = { armed: true, take: null };

/** `due`: a weight is waited for. What was put on before stays untaken until then. */
export function heard({ armed }: Taking, { state, grams }: Reading, due: boolean): Taking {
  if (state !== "stable" || grams === 0) return { armed: armed || state === "moving" || state === "zero", take: null };
  return armed && due ? { armed: false, take: grams } : { armed, take: null };
}

/** Numbers from 0 to 1 out of a seed, always the same ones (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** One in so many cartons weighs on the simulated scale what it should not. */
const ODD_ONE_IN = 8;

/**
 * What a scale says while a carton is put on it that should weigh `expected` grams: it swings, and stands still near the
 * truth; now and then it drifts for longer, and now and then the carton weighs what it should not.
 */
export function simulated(expected: number, random: () => number): readonly Reading[] {
  const odd = random() * ODD_ONE_IN < 1;
  const truth = Math.max(1, Math.round(odd ? expected * 0.8 - 60 : expected + (random() - 0.5) * Math.min(60, expected * 0.05)));
  const swings = random() < 0.25 ? 9 : 4;
  const moving = Array.from({ length: swings }, (_, at): Reading => ({ state: "moving", grams: Math.max(0, Math.round(truth * (1 + (random() - 0.5) * (0.5 / (at + 1))))) }));
  return [{ state: "zero", grams: 0 }, ...moving, { state: "stable", grams: truth }];
}
