/** Why: an endpoint is set up, tried and looked after by questions that say what will happen; a secret is shown once. */

import { machine, to, type Said } from "../../core/machine";
import type { Delivery, Endpoint } from "./flow";

export interface Draft {
  readonly url: string;
  readonly description: string;
  readonly types: readonly string[];
}

export const ACTS = ["replay", "rotate", "off", "remove"] as const;
/** What is asked about before it is done. */
export type Act = (typeof ACTS)[number];

export type State =
  /** `fault`: why an endpoint could not be turned on. */
  | { readonly mode: "closed"; readonly fault: Said | null }
  | { readonly mode: "form"; readonly endpoint: Endpoint | null; readonly draft: Draft; readonly busy: boolean; readonly fault: Said | null }
  | { readonly mode: "sure"; readonly endpoint: Endpoint; readonly act: Act; readonly since: string; readonly busy: boolean; readonly fault: Said | null }
  | { readonly mode: "secret"; readonly endpoint: Endpoint; readonly secret: string; readonly copied: boolean; readonly fault: Said | null }
  | { readonly mode: "test"; readonly endpoint: Endpoint; readonly delivery: string | null; readonly answer: Delivery | null; readonly fault: Said | null }
  | { readonly mode: "replayed"; readonly count: number };

export type Input =
  | { readonly type: "add" }
  | { readonly type: "change"; readonly endpoint: Endpoint }
  | { readonly type: "edit"; readonly draft: Draft }
  | { readonly type: "save" }
  | { readonly type: "ask"; readonly endpoint: Endpoint; readonly act: Act; readonly since: string }
  | { readonly type: "since"; readonly since: string }
  | { readonly type: "yes" }
  | { readonly type: "on"; readonly endpoint: Endpoint }
  | { readonly type: "made"; readonly endpoint: Endpoint; readonly secret: string }
  | { readonly type: "done" }
  | { readonly type: "replayed"; readonly count: number }
  | { readonly type: "copy" }
  | { readonly type: "copied" }
  | { readonly type: "test"; readonly endpoint: Endpoint }
  | { readonly type: "begun"; readonly endpoint: Endpoint; readonly delivery: string }
  | { readonly type: "looked"; readonly delivery: Delivery }
  | { readonly type: "failed"; readonly why: Said }
  | { readonly type: "notOn"; readonly why: Said }
  | { readonly type: "close" };

export type Call =
  | { readonly type: "save"; readonly endpoint: Endpoint | null; readonly draft: Draft }
  | { readonly type: "act"; readonly endpoint: Endpoint; readonly act: Act | "on"; readonly since: string }
  | { readonly type: "copy"; readonly text: string }
  | { readonly type: "test"; readonly endpoint: Endpoint }
  | { readonly type: "look"; readonly delivery: string }
  | { readonly type: "again" };

type Next = ReturnType<typeof to<State, Call>>;
const next = (state: State, ...calls: readonly Call[]): Next => to<State, Call>(state, ...calls);
/** Whatever was asked, the list is looked at anew. */
const closed = (): Next => next({ mode: "closed", fault: null }, { type: "again" });
/** What is under way is waited for: a secret is shown once. */
const unlessBusy = (state: State & { readonly busy: boolean }): Next => (state.busy ? next(state) : closed());
const test = (_: State, { endpoint }: { readonly endpoint: Endpoint }): Next => next({ mode: "test", endpoint, delivery: null, answer: null, fault: null }, { type: "test", endpoint });

export const start = (): State => ({ mode: "closed", fault: null });

export const dialogs = machine<State, Input, Call>({
  closed: {
    add: () => next({ mode: "form", endpoint: null, draft: { url: "https://", description: "", types: [] }, busy: false, fault: null }),
    change: (_, { endpoint }) => next({ mode: "form", endpoint, draft: endpoint, busy: false, fault: null }),
    ask: (_, { endpoint, act, since }) => next({ mode: "sure", endpoint, act, since, busy: false, fault: null }),
    on: (_, { endpoint }) => next({ mode: "closed", fault: null }, { type: "act", endpoint, act: "on", since: "" }),
    done: closed,
    notOn: (_, { why }) => next({ mode: "closed", fault: why }),
    test,
  },
  form: {
    edit: (state, { draft }) => next({ ...state, draft, fault: null }),
    save: (state) => {
      if (state.busy) return next(state);
      if (state.draft.types.length === 0) return next({ ...state, fault: { key: "webhooks.noTypes" } });
      return next({ ...state, busy: true, fault: null }, { type: "save", endpoint: state.endpoint, draft: state.draft });
    },
    made: (_, { endpoint, secret }) => next({ mode: "secret", endpoint, secret, copied: false, fault: null }, { type: "again" }),
    done: closed,
    failed: (state, { why }) => next({ ...state, busy: false, fault: why }),
    close: unlessBusy,
  },
  sure: {
    since: (state, { since }) => next({ ...state, since, fault: null }),
    yes: (state) => (state.busy ? next(state) : next({ ...state, busy: true, fault: null }, { type: "act", endpoint: state.endpoint, act: state.act, since: state.since })),
    made: (_, { endpoint, secret }) => next({ mode: "secret", endpoint, secret, copied: false, fault: null }, { type: "again" }),
    replayed: (_, { count }) => next({ mode: "replayed", count }, { type: "again" }),
    done: closed,
    failed: (state, { why }) => next({ ...state, busy: false, fault: why }),
    close: unlessBusy,
  },
  secret: {
    copy: (state) => next(state, { type: "copy", text: state.secret }),
    copied: (state) => next({ ...state, copied: true, fault: null }),
    failed: (state, { why }) => next({ ...state, fault: why }),
    test,
    close: closed,
  },
  test: {
    begun: (state, { endpoint, delivery }) => (endpoint.id === state.endpoint.id ? next({ ...state, delivery }, { type: "look", delivery }) : next(state)),
    looked: (state, { delivery }) => {
      if (delivery.id !== state.delivery) return next(state);
      if (delivery.state === "waiting" || delivery.state === "sending") return next(state, { type: "look", delivery: delivery.id });
      return next({ ...state, answer: delivery }, { type: "again" });
    },
    failed: (state, { why }) => next({ ...state, fault: why }),
    test,
    close: closed,
  },
  replayed: { close: closed },
});

/** One more type, or one less. */
export const toggled = (types: readonly string[], type: string): readonly string[] => (types.includes(type) ? types.filter((each) => each !== type) : [...types, type]);
