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
  | { readonly mode: "closed" }
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
  | { readonly type: "begun"; readonly delivery: string }
  | { readonly type: "looked"; readonly delivery: Delivery }
  | { readonly type: "failed"; readonly why: Said }
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
const closed = (): Next => next({ mode: "closed" }, { type: "again" });
const test = (_: State, { endpoint }: { readonly endpoint: Endpoint }): Next => next({ mode: "test", endpoint, delivery: null, answer: null, fault: null }, { type: "test", endpoint });

export const start = (): State => ({ mode: "closed" });

export const dialogs = machine<State, Input, Call>({
  closed: {
    add: () => next({ mode: "form", endpoint: null, draft: { url: "https://", description: "", types: [] }, busy: false, fault: null }),
    change: (_, { endpoint }) => next({ mode: "form", endpoint, draft: endpoint, busy: false, fault: null }),
    ask: (_, { endpoint, act, since }) => next({ mode: "sure", endpoint, act, since, busy: false, fault: null }),
    on: (state, { endpoint }) => next(state, { type: "act", endpoint, act: "on", since: "" }),
    done: closed,
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
    close: closed,
  },
  sure: {
    since: (state, { since }) => next({ ...state, since, fault: null }),
    yes: (state) => (state.busy ? next(state) : next({ ...state, busy: true, fault: null }, { type: "act", endpoint: state.endpoint, act: state.act, since: state.since })),
    made: (_, { endpoint, secret }) => next({ mode: "secret", endpoint, secret, copied: false, fault: null }, { type: "again" }),
    replayed: (_, { count }) => next({ mode: "replayed", count }, { type: "again" }),
    done: closed,
    failed: (state, { why }) => next({ ...state, busy: false, fault: why }),
    close: closed,
  },
  secret: {
    copy: (state) => next(state, { type: "copy", text: state.secret }),
    copied: (state) => next({ ...state, copied: true, fault: null }),
    failed: (state, { why }) => next({ ...state, fault: why }),
    test,
    close: closed,
  },
  test: {
    begun: (state, { delivery }) => next({ ...state, delivery }, { type: "look", delivery }),
    looked: (state, { delivery }) => {
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
