/** Why: a customer sees where an order is, and the page moves by itself; what was shown stays while the network is away. */

import { machine, to, type Effect, type Said } from "../../core/machine";

/** As the server's `TrackPage`. */
export interface TrackPage {
  readonly reference: string;
  readonly language: string;
  readonly step: Step;
  readonly ordered_at: string;
  readonly leaves_by: string | null;
  readonly arrives_on: string | null;
  readonly may_cancel: boolean;
  readonly lines: readonly { readonly names: Readonly<Record<string, string>>; readonly ordered: number; readonly sent: number; readonly cancelled: number }[];
  readonly parcels: readonly { readonly carrier: string; readonly tracking: string }[];
  readonly shop: { readonly name: string; readonly contact: string; readonly colour: string; readonly ink: string; readonly logo: string };
}

export type Step = "received" | "waiting" | "preparing" | "packed" | "on_its_way" | "cancelled";

/** The way of an order; what waits or is cancelled stands beside it. */
export const WAY = ["received", "preparing", "packed", "on_its_way"] as const satisfies readonly Step[];

/** How far along the way a step is; -1 for what is off it. */
export const reached = (step: Step): number => (step === "waiting" ? 0 : step === "cancelled" ? -1 : WAY.indexOf(step));

/** `no`: nobody asks. `sure`: it is asked whether it is meant. `busy`: the server is asked. */
export type Cancelling = "no" | "sure" | "busy";

export type State =
  | { readonly mode: "asking" }
  | { readonly mode: "shown"; readonly page: TrackPage; readonly old: boolean; readonly cancelling: Cancelling; readonly fault: Said | null }
  | { readonly mode: "unknown"; readonly why: Said };

export type Input =
  | { readonly type: "page"; readonly page: TrackPage }
  | { readonly type: "gone"; readonly why: Said }
  | { readonly type: "away"; readonly why: Said }
  | { readonly type: "cancel" }
  | { readonly type: "back" }
  | { readonly type: "yes" }
  | { readonly type: "cancelled" }
  | { readonly type: "failed"; readonly why: Said };

export type TrackEffect = { readonly type: "cancel" } | { readonly type: "look" };
export type All = Effect | TrackEffect;

export const start = (): State => ({ mode: "asking" });

const first = (_: State, { page }: { readonly page: TrackPage }) => to<State, All>({ mode: "shown", page, old: false, cancelling: "no", fault: null });
const gone = (_: State, { why }: { readonly why: Said }) => to<State, All>({ mode: "unknown", why });

export const flow = machine<State, Input, All>({
  asking: { page: first, gone, away: gone },
  shown: {
    page: (state, { page }) => to({ ...state, page, old: false, cancelling: page.may_cancel || state.cancelling === "busy" ? state.cancelling : "no" }),
    gone,
    away: (state) => to<State, All>({ ...state, old: true }),
    cancel: (state) => to<State, All>(state.page.may_cancel ? { ...state, cancelling: "sure", fault: null } : state),
    back: (state) => to<State, All>(state.cancelling === "busy" ? state : { ...state, cancelling: "no" }),
    yes: (state) => (state.cancelling === "sure" ? to<State, All>({ ...state, cancelling: "busy", fault: null }, { type: "cancel" }) : to<State, All>(state)),
    cancelled: (state) => to<State, All>({ ...state, cancelling: "no" }, { type: "look" }),
    failed: (state, { why }) => to<State, All>({ ...state, cancelling: "no", fault: why }, { type: "look" }),
  },
  unknown: { page: first },
});
