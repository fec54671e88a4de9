/** Why: rules are written as a draft, looked at while they are typed, tried on past orders, and only then let live. */

import { machine, to, type Effect, type Said } from "../../core/machine";

/** Words in both languages, as the server's `Both`: without German ones the English ones are said. */
export interface Both {
  readonly en: string;
  readonly de?: string;
}

/** What a rule does: `do` says which of the others are there. */
export interface Action {
  readonly do: string;
  readonly reason?: string;
  readonly owner?: string;
  readonly due_hours?: number;
  readonly words?: Both;
  readonly warehouse?: number;
  readonly code?: string;
  readonly policy?: string;
  readonly text?: string;
}

export interface Rule {
  readonly name: Both;
  readonly when: string;
  readonly then: Action;
}

/** A version with its rules; 0 is as delivered. */
export interface RuleSet {
  readonly version: number;
  readonly state: string;
  readonly rules: readonly Rule[];
  readonly note: string;
  readonly written_by: string;
  readonly written_at: string | null;
  readonly live_by: string | null;
  readonly live_at: string | null;
  readonly edition: string;
}

/** As the server's `KindView`. */
export interface KindView {
  readonly name: string;
  readonly words: Both;
  readonly decides: Both;
  readonly moments: readonly Both[];
  readonly actions: readonly string[];
  readonly first: boolean;
  readonly choices: Readonly<Record<string, Both>>;
  readonly reasons: Readonly<Record<string, Both>>;
  readonly owners: Readonly<Record<string, Both>>;
  readonly live: RuleSet;
  readonly draft: RuleSet | null;
}

export interface Step {
  readonly name: Both;
  readonly when: Both;
  readonly then: Both;
  readonly source: string;
}

/** As the server's `SetFault`; line and column are there for a condition. */
export interface SetFault {
  readonly field: string;
  readonly en: string;
  readonly de: string;
  readonly line?: number;
  readonly column?: number;
}

export interface Looked {
  readonly faults: readonly SetFault[];
  readonly steps: readonly Step[];
}

export interface Seen {
  readonly path: string;
  readonly words: Both;
  /** The value as people write it. */
  readonly said: Both;
}

/** As the server's `Trial`. */
export interface Trial {
  readonly looked_at: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly spared: number;
  readonly items: readonly {
    readonly order: number;
    readonly captured_at: string;
    readonly total_minor: number;
    readonly currency: string;
    readonly rule: Both;
    readonly do: string;
    readonly then: Both;
    readonly because: readonly Seen[];
    readonly broken: string;
    readonly already: boolean;
  }[];
}

type Asking = "live" | "drop";

export interface Written {
  readonly view: KindView;
  readonly rules: readonly Rule[];
  /** Something is written that is not saved. */
  readonly dirty: boolean;
  readonly looked: Looked | null;
  readonly trial: Trial | null;
  readonly busy: "" | "save" | "try" | Asking;
  readonly fault: Said | null;
  readonly told: Said | null;
}

export type State =
  | { readonly mode: "loading"; readonly fault: Said | null }
  /** What is live is read; no draft is open. */
  | ({ readonly mode: "reading" } & Written)
  | ({ readonly mode: "writing" } & Written)
  | ({ readonly mode: "asking"; readonly ask: Asking; readonly note: string } & Written);

export type Input =
  | { readonly type: "seen"; readonly view: KindView; readonly told?: Said }
  | { readonly type: "missing"; readonly why: Said }
  /** Begins a draft from these rules, or from what is live. */
  | { readonly type: "begin"; readonly rules?: readonly Rule[] }
  | { readonly type: "add" }
  | { readonly type: "remove"; readonly at: number }
  | { readonly type: "move"; readonly at: number; readonly by: -1 | 1 }
  | { readonly type: "change"; readonly at: number; readonly rule: Partial<Rule> }
  | { readonly type: "looked"; readonly looked: Looked; readonly rules: readonly Rule[] }
  | { readonly type: "save" }
  | { readonly type: "saved"; readonly draft: RuleSet }
  | { readonly type: "try" }
  | { readonly type: "tried"; readonly trial: Trial }
  | { readonly type: "ask"; readonly ask: Asking }
  | { readonly type: "note"; readonly note: string }
  | { readonly type: "close" }
  | { readonly type: "yes" }
  | { readonly type: "failed"; readonly why: Said };

export type PolicyEffect =
  | { readonly type: "fetch"; readonly told?: Said }
  | { readonly type: "check"; readonly rules: readonly Rule[] }
  | { readonly type: "save"; readonly rules: readonly Rule[]; readonly edition: string }
  | { readonly type: "try"; readonly rules: readonly Rule[] }
  | { readonly type: "live"; readonly note: string; readonly edition: string }
  | { readonly type: "drop" };
export type All = Effect | PolicyEffect;

export const start: State = { mode: "loading", fault: null };
/** As the server's `note`. */
export const SHORTEST_NOTE = 3;

const writing = (state: Written): State => ({
  mode: "writing", view: state.view, rules: state.rules, dirty: state.dirty, looked: state.looked, trial: state.trial, busy: "", fault: null, told: null,
});

/** The rules as they are from here on: what was said of them before is old. */
const rewritten = (state: Written, rules: readonly Rule[]) =>
  to<State, All>({ ...(writing(state) as Extract<State, { mode: "writing" }>), rules, dirty: true, trial: null }, { type: "check", rules });

function seen(view: KindView, told: Said | undefined) {
  const rules = view.draft?.rules ?? view.live.rules;
  const written: Written = { view, rules, dirty: false, looked: null, trial: null, busy: "", fault: null, told: told ?? null };
  return view.draft === null ? to<State, All>({ mode: "reading", ...written }) : to<State, All>({ mode: "writing", ...written }, { type: "check", rules });
}

export const flow = machine<State, Input, All>({
  loading: {
    seen: (_state, { view, told }) => seen(view, told),
    missing: (_state, { why }) => to({ mode: "loading", fault: why }),
  },
  reading: {
    seen: (_state, { view, told }) => seen(view, told),
    begin: (state, { rules }) => rewritten(state, rules ?? state.view.live.rules),
  },
  writing: {
    seen: (state, { view, told }) => (state.dirty ? to(state) : seen(view, told)),
    begin: (state, { rules }) => (rules === undefined ? to(state) : rewritten(state, rules)),
    add: (state) => rewritten(state, [...state.rules, emptyRule(state.view, state.rules.length + 1)]),
    remove: (state, { at }) => rewritten(state, state.rules.filter((_, each) => each !== at)),
    move: (state, { at, by }) => rewritten(state, moved(state.rules, at, by)),
    change: (state, { at, rule }) => rewritten(state, state.rules.map((each, here) => (here === at ? { ...each, ...rule } : each))),
    // What was looked at may have been typed over since.
    looked: (state, { looked, rules }) => to(rules === state.rules ? { ...state, looked } : state),
    save: (state) => to<State, All>({ ...state, busy: "save", fault: null, told: null }, { type: "save", rules: state.rules, edition: (state.view.draft ?? state.view.live).edition }),
    saved: (state, { draft }) => to({ ...state, view: { ...state.view, draft }, dirty: false, busy: "", told: { key: "policy.saved", params: { version: String(draft.version) } } }),
    try: (state) => to<State, All>({ ...state, busy: "try", fault: null, told: null }, { type: "try", rules: state.rules }),
    tried: (state, { trial }) => to({ ...state, busy: "", trial }),
    ask: (state, { ask }) => to<State, All>({ ...state, mode: "asking", ask, note: "", fault: null }),
    failed: (state, { why }) => to({ ...state, busy: "", fault: why }),
  },
  asking: {
    note: (state, { note }) => to({ ...state, note }),
    close: (state) => to(writing(state)),
    yes: (state) => {
      if (state.ask === "live") return to<State, All>({ ...state, busy: "live", fault: null }, { type: "live", note: state.note.trim(), edition: (state.view.draft ?? state.view.live).edition });
      // A draft that was never saved is only forgotten.
      return state.view.draft === null ? seen(state.view, { key: "policy.dropped" }) : to<State, All>({ ...state, busy: "drop", fault: null }, { type: "drop" });
    },
    seen: (_state, { view, told }) => seen(view, told),
    failed: (state, { why }) => to({ ...state, busy: "", fault: why }),
  },
});

function moved(rules: readonly Rule[], at: number, by: -1 | 1): readonly Rule[] {
  const one = rules[at];
  const other = rules[at + by];
  if (one === undefined || other === undefined) return rules;
  return rules.map((each, here) => (here === at ? other : here === at + by ? one : each));
}

function emptyRule(view: KindView, n: number): Rule {
  return { name: { en: `Rule ${n}`, de: `Regel ${n}` }, when: "false", then: actionOf(view, view.actions[0] ?? "pass") };
}

/** An action of this kind as it begins: everything that it needs has a value. */
export function actionOf(view: KindView, does: string): Action {
  const first = (of: Readonly<Record<string, Both>>): string => Object.keys(of)[0] ?? "";
  switch (does) {
    case "hold":
      return { do: "hold", reason: REASON_OF[view.name] ?? first(view.reasons), owner: "desk", due_hours: 24 };
    case "refuse":
      return { do: "refuse", words: { en: "We cannot take this order.", de: "Diesen Auftrag können wir nicht annehmen." } };
    case "route":
      return { do: "route", warehouse: 1 };
    case "service":
      return { do: "service", code: "" };
    case "choose":
      return { do: "choose", policy: first(view.choices) };
    case "tag":
      return { do: "tag", text: "look" };
    default:
      return { do: "pass" };
  }
}

const REASON_OF: Readonly<Record<string, string>> = {
  accuracy: "order_doubtful", availability: "not_available", address: "address_doubtful", compliance: "not_permitted", credit: "credit_doubtful", fraud: "fraud_suspected", release: "look_before_release",
};

/** What is wrong with a part of a rule: `rules[2].when`, or anything of `rules[2].then`. */
export const faultOf = (looked: Looked | null, at: number, part: "name" | "when" | "then"): SetFault | undefined => looked?.faults.find(({ field }) => field.startsWith(`rules[${at}].${part}`));

/** What is wrong with the whole set. */
export const wholeFault = (looked: Looked | null): SetFault | undefined => looked?.faults.find(({ field }) => field === "rules");

/** Whether it may be saved, as far as anybody knows. */
export const isSound = (state: Written): boolean => state.looked !== null && state.looked.faults.length === 0;

export interface Difference {
  readonly name: Both;
  readonly what: "added" | "removed" | "changed" | "moved";
  readonly before: Rule | null;
  readonly after: Rule | null;
}

/** What differs between two versions, rule by rule; a rule is known by its English name. */
export function differences(before: readonly Rule[], after: readonly Rule[]): readonly Difference[] {
  const found: Difference[] = [];
  for (const [at, rule] of after.entries()) {
    const was = before.findIndex((each) => each.name.en === rule.name.en);
    const old = before[was];
    if (old === undefined) found.push({ name: rule.name, what: "added", before: null, after: rule });
    else if (JSON.stringify(sorted(old)) !== JSON.stringify(sorted(rule))) found.push({ name: rule.name, what: "changed", before: old, after: rule });
    else if (was !== at && before.length === after.length) found.push({ name: rule.name, what: "moved", before: old, after: rule });
  }
  for (const rule of before) if (!after.some((each) => each.name.en === rule.name.en)) found.push({ name: rule.name, what: "removed", before: rule, after: null });
  return found;
}

const sorted = (rule: Rule): unknown => [rule.name.en, rule.name.de ?? "", rule.when, Object.entries(rule.then).sort(([a], [b]) => a.localeCompare(b))];

export const TABS = ["procedure", "draft", "history"] as const;
export type Tab = (typeof TABS)[number];
export const tabOf = (params: URLSearchParams): Tab => TABS.find((each) => each === params.get("tab")) ?? "procedure";
