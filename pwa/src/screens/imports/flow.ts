/** Why: a file goes through a few moments (chosen, on its way, looked at, written); what may happen in each is one table. */

import { machine, to, type Effect, type Said } from "../../core/machine";
import { KINDS } from "../../generated/imports";

export type Kind = (typeof KINDS)[number];
export type KindName = Kind["name"];

/** As the server's `Counts`. */
export interface Counts {
  readonly rows: number;
  readonly records: number;
  readonly made: number;
  readonly changed: number;
  readonly skipped: number;
  readonly faulty: number;
  readonly lines: number;
  readonly held: number;
  readonly faults: number;
}

/** As the server's `ImportView`. */
export interface Import {
  readonly id: string;
  readonly kind: KindName;
  readonly state: string;
  readonly file_name: string;
  readonly size: number;
  readonly encoding: string;
  readonly separator: string;
  readonly columns: readonly { readonly header: string; readonly column: string | null }[];
  readonly notes: readonly { readonly code: string; readonly text: string }[];
  readonly preview: readonly (readonly string[])[];
  readonly checked: Counts;
  readonly written: Counts;
  readonly progress: number;
  readonly allowed: readonly string[];
  readonly why: string;
  readonly created_at: string;
  readonly created_by: string;
}

export interface Skipped {
  readonly number: number;
  readonly row: number;
  readonly why: string;
}

export interface Fault {
  readonly number: number;
  readonly row: number;
  readonly column: string;
  readonly code: string;
  readonly message: string;
  readonly wanted: string;
  readonly got: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** What the screen knows of a file that somebody chose; the file itself stays outside. */
export interface Chosen {
  readonly name: string;
  readonly size: number;
}

export const ENCODINGS = ["auto", "utf-8", "utf-16", "windows-1252"] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** A channel whose files are read as it is set up. */
export interface ChannelName {
  readonly code: string;
  readonly name: string;
}

interface Wish {
  readonly kind: KindName;
  readonly encoding: Encoding;
  /** Of orders: whose file it is; empty: as it says itself. */
  readonly channel: string;
}

export type State =
  | ({ readonly mode: "choosing"; readonly file: Chosen | null; readonly fault: Said | null } & Wish)
  | ({ readonly mode: "sending"; readonly file: Chosen; readonly share: number } & Wish)
  | ({ readonly mode: "opened"; readonly id: string; readonly seen: Import | null; readonly busy: boolean; readonly fault: Said | null } & Wish);

export type Input =
  | { readonly type: "choose"; readonly kind: KindName }
  | { readonly type: "encode"; readonly encoding: Encoding }
  | { readonly type: "from"; readonly channel: string }
  | { readonly type: "take"; readonly file: Chosen }
  | { readonly type: "send" }
  | { readonly type: "sent"; readonly share: number }
  | { readonly type: "brought"; readonly found: Import }
  | { readonly type: "open"; readonly id: string }
  | { readonly type: "looked"; readonly found: Import }
  | { readonly type: "start" }
  | { readonly type: "cancel" }
  | { readonly type: "leave" }
  | { readonly type: "failed"; readonly why: Said };

export type ImportEffect =
  | ({ readonly type: "send" } & Wish)
  | { readonly type: "stop" }
  | { readonly type: "look"; readonly id: string }
  | { readonly type: "start"; readonly id: string; readonly faults: "skip" | "stop" }
  | { readonly type: "cancel"; readonly id: string };

export type All = Effect | ImportEffect;

export const start = (kind: KindName, id: string | null): State =>
  id === null ? { mode: "choosing", kind, encoding: "auto", channel: "", file: null, fault: null } : { mode: "opened", kind, encoding: "auto", channel: "", id, seen: null, busy: false, fault: null };

const wishOf = ({ kind, encoding, channel }: Wish): Wish => ({ kind, encoding, channel });
const opened = (state: Wish, id: string): State => ({ mode: "opened", ...wishOf(state), id, seen: null, busy: false, fault: null });

export const flow = machine<State, Input, All>({
  choosing: {
    choose: (state, { kind }) => to({ ...state, kind, fault: null }),
    encode: (state, { encoding }) => to({ ...state, encoding, fault: null }),
    from: (state, { channel }) => to({ ...state, channel, fault: null }),
    take: (state, { file }) => to({ ...state, file, fault: null }),
    send: (state) =>
      state.file === null ? to({ ...state, fault: { key: "imports.noFile" } }) : to<State, All>({ mode: "sending", ...wishOf(state), file: state.file, share: 0 }, { type: "send", ...wishOf(state) }),
    open: (state, { id }) => to<State, All>(opened(state, id), { type: "look", id }),
  },
  sending: {
    sent: (state, { share }) => to({ ...state, share }),
    brought: (state, { found }) => to<State, All>({ ...opened(state, found.id), seen: found } as State, { type: "go", path: addressOf(found.id, null) }),
    cancel: (state) => to<State, All>({ mode: "choosing", ...wishOf(state), file: state.file, fault: null }, { type: "stop" }),
    failed: (state, { why }) => to({ mode: "choosing", ...wishOf(state), file: state.file, fault: why }),
  },
  opened: {
    open: (state, { id }) => (id === state.id ? to(state) : to<State, All>(opened(state, id), { type: "look", id })),
    looked: (state, { found }) => to(found.id === state.id ? { ...state, seen: found, busy: false, fault: null } : state),
    start: (state) =>
      state.seen === null ? to(state) : to<State, All>({ ...state, busy: true, fault: null }, { type: "start", id: state.id, faults: state.seen.checked.faulty > 0 ? "skip" : "stop" }),
    cancel: (state) => to<State, All>({ ...state, busy: true, fault: null }, { type: "cancel", id: state.id }),
    leave: (state) => to({ mode: "choosing", ...wishOf(state), kind: state.seen?.kind ?? state.kind, file: null, fault: null }),
    failed: (state, { why }) => to({ ...state, busy: false, fault: why }),
  },
});

/** Whether the server is at it, so that it is worth looking again. */
export const isMoving = (seen: Import | null): boolean => seen === null || seen.state === "checking" || seen.state === "running";

/** Whether what was written counts by now, not what was looked at. */
export const isWritten = (seen: Import): boolean => seen.state === "running" || seen.state === "done" || seen.written.records > 0;

/** The kinds that somebody may bring in. */
export const kindsFor = (permissions: readonly string[]): readonly Kind[] => KINDS.filter((kind) => permissions.includes(kind.permission));

/** The kind to begin with: the one that the address asks for, where this person may, or else their first. */
export const begunWith = (kinds: readonly Kind[], wanted: string | null): KindName => (kinds.find(({ name }) => name === wanted) ?? kinds[0])?.name ?? "orders";

/** The sentences of what will happen, or happened: only what is more than none, nothing left out. */
export function sentences(kind: KindName, counts: Counts, when: "will" | "did"): readonly Said[] {
  const all: readonly (readonly [word: string, n: number])[] = [["made", counts.made], ["changed", counts.changed], ["skipped", counts.skipped], ["faulty", counts.faulty]];
  const told = all.filter(([, n]) => n > 0).map(([word, n]): Said => ({ key: `imports.${when}.${word}.${kind}`, params: { n, lines: counts.lines } }));
  return told.length > 0 ? told : [{ key: `imports.${when}.nothing` }];
}

/** Whether starting would change anything. */
export const isWorthIt = ({ made, changed }: Counts): boolean => made + changed > 0;

const ID = /^[0-9a-f-]{36}$/;

/** What the address asks for: an import, or a page of former ones. */
export function wantedOf(params: URLSearchParams): { readonly id: string | null; readonly after: string | null; readonly kind: string | null } {
  const named = (name: string): string | null => {
    const value = params.get(name);
    return value !== null && ID.test(value) ? value : null;
  };
  return { id: named("id"), after: named("after"), kind: params.get("kind") };
}

export function addressOf(id: string | null, after: string | null): string {
  const pairs = Object.entries({ id, after }).filter((pair): pair is [string, string] => pair[1] !== null);
  return pairs.length === 0 ? "/imports" : `/imports?${new URLSearchParams(pairs)}`;
}
