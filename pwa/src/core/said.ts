/** Why: what a scan or an answer came to is said alike on every screen of the floor: outcomes, and what is right or wrong. */

import type { Scan } from "./barcode";
import { notThat } from "./judge";
import type { Effect, Feedback, Said } from "./machine";
import type { Answer } from "./queue";

type Params = NonNullable<Said["params"]>;

/** An outcome of the server's catalogue. */
export const outcome = (code: string, params: Params = {}): Said => ({ key: `outcome:${code}`, params });

/** Numbers that name something: said as they are, not as an amount. */
const NAMING = new Set(["order", "tour", "carton"]);
export const textual = (params: Params): Params =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, NAMING.has(name) ? String(value) : value]));

/** What the server answered. */
export const spoken = (answer: Answer): Said => outcome(answer.outcome, textual(answer.params));

/** What was scanned is something else than what is due. */
export function foreign(scan: Scan, wanted: string): Said {
  const against = notThat(scan, wanted);
  return outcome(against.outcome, against.params);
}

/** The same over the whole screen; to what nobody knows, what to do instead. */
export const notDue = (scan: Scan, wanted: string, due: Said): Effect => wrong(foreign(scan, wanted), ...(notThat(scan, wanted).outcome === "unknown_barcode" ? [due] : []));

export const feedback = (kind: Feedback["kind"], title: Said, ...lines: readonly Said[]): Effect => ({ type: "feedback", feedback: { kind, title, lines } });
export const wrong = (title: Said, ...lines: readonly Said[]): Effect => feedback("wrong", title, ...lines);
