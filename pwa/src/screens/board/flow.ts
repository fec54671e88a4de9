/** Why: what a supervisor may do with what waits for somebody, in one table. Nothing is decided unseen, nothing twice. */

import { machine, to, type Effect, type Said } from "../../core/machine";
import type { Need, Person } from "./shapes";

/** What was opened: something that waits, or a person with a tour. */
export type Opened = { readonly need: Need } | { readonly person: Person };

/** What can be done with it. */
export type Act =
  | { readonly do: "print"; readonly decision: "printed" | "reprint" }
  | { readonly do: "aside"; readonly decision: "book" | "dismiss" }
  | { readonly do: "release" }
  | { readonly do: "later" }
  | { readonly do: "reassign"; readonly person: string | null };

export interface BoardEffect {
  readonly type: "ask";
  readonly path: string;
  readonly body: Readonly<Record<string, string | null>>;
}

export type State =
  | { readonly mode: "watching" }
  | { readonly mode: "open"; readonly opened: Opened; readonly fault: Said | null }
  | { readonly mode: "asking"; readonly opened: Opened };

export type Input =
  | { readonly type: "open"; readonly opened: Opened }
  | { readonly type: "close" }
  | { readonly type: "act"; readonly act: Act }
  | { readonly type: "did" }
  | { readonly type: "failed"; readonly why: Said };

export type All = Effect | BoardEffect;

export const start = (): State => ({ mode: "watching" });

export const flow = machine<State, Input, All>({
  watching: {
    open: (_, { opened }) => to({ mode: "open", opened, fault: null }),
  },
  open: {
    close: () => to({ mode: "watching" }),
    act: (state, { act }) => {
      const asked = askOf(state.opened, act);
      return asked === null ? to<State, All>(state) : to<State, All>({ mode: "asking", opened: state.opened }, asked);
    },
  },
  asking: {
    did: () => to({ mode: "watching" }),
    failed: ({ opened }, { why }) => to({ mode: "open", opened, fault: why }),
  },
});

/** The request that an act comes to; null where it does not fit what was opened. */
function askOf(opened: Opened, act: Act): BoardEffect | null {
  if ("person" in opened) return act.do === "reassign" && opened.person.tour !== null ? ask(`tours/${opened.person.tour}/reassign`, { person: act.person }) : null;
  const { kind, id, order } = opened.need;
  if (act.do === "print" && kind === "print") return ask(`print-jobs/${id}/decide`, { decision: act.decision });
  if (act.do === "aside" && kind === "aside") return ask(`facts-aside/${id}/decide`, { decision: act.decision });
  if (act.do === "later" && kind === "count") return ask(`tasks/${id}/later`, {});
  if (act.do === "release" && kind === "hold" && order !== null) return ask(`/orders/${order}/holds/${id}/release`, {});
  return null;
}

/** Below the warehouse, unless the path begins at the root. */
const ask = (path: string, body: BoardEffect["body"]): BoardEffect => ({ type: "ask", path, body });
