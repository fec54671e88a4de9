/** Why: a customer sees where an order is, and the page moves by itself; what was shown stays while the network is away. */

import { machine, to, type Effect, type Said } from "../../core/machine";

/** As the server's `TrackPage`. */
export interface TrackPage {
  readonly reference: string;
  readonly language: string;
  readonly step: Step;
  readonly ordered_at: string;
  readonly leaves_by: string | null;
  readonly lines: readonly { readonly names: Readonly<Record<string, string>>; readonly ordered: number; readonly sent: number; readonly cancelled: number }[];
  readonly parcels: readonly { readonly carrier: string; readonly tracking: string }[];
}

export type Step = "received" | "waiting" | "preparing" | "packed" | "on_its_way" | "cancelled";

/** The way of an order; what waits or is cancelled stands beside it. */
export const WAY = ["received", "preparing", "packed", "on_its_way"] as const satisfies readonly Step[];

/** How far along the way a step is; -1 for what is off it. */
export const reached = (step: Step): number => (step === "waiting" ? 0 : step === "cancelled" ? -1 : WAY.indexOf(step));

export type State =
  | { readonly mode: "asking" }
  | { readonly mode: "shown"; readonly page: TrackPage; readonly old: boolean }
  | { readonly mode: "unknown"; readonly why: Said };

export type Input =
  | { readonly type: "page"; readonly page: TrackPage }
  | { readonly type: "gone"; readonly why: Said }
  | { readonly type: "away"; readonly why: Said };

export const start = (): State => ({ mode: "asking" });

const shown = (_: State, { page }: { readonly page: TrackPage }) => to<State, Effect>({ mode: "shown", page, old: false });
const gone = (_: State, { why }: { readonly why: Said }) => to<State, Effect>({ mode: "unknown", why });

export const flow = machine<State, Input, Effect>({
  asking: { page: shown, gone, away: gone },
  shown: { page: shown, gone, away: (state) => to<State, Effect>({ ...state, old: true }) },
  unknown: { page: shown },
});
