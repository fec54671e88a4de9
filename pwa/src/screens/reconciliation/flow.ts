/** Why: our payments beside the gateway's: which days are compared, and what is looked at, stands in the address. */

import { machine, to, type Said } from "../../core/machine";
import { fieldText, momentOf } from "../../core/zoned";

export const VERDICTS = ["missing_there", "missing_here", "other_amount", "other_state", "under_way", "same"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** As the server's `RunView`. */
export interface Run {
  readonly id: string;
  readonly gateway: string;
  readonly since: string;
  readonly until: string;
  readonly state: "running" | "done" | "failed";
  readonly started_at: string;
  readonly started_by: string;
  readonly ended_at: string | null;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly differences: number;
}

/** As the server's `RunList`. */
export interface Runs {
  readonly items: readonly Run[];
  readonly next: string | null;
  readonly gateways: readonly string[];
}

/** As the server's `Booking`: an authorisation in one of the two books. */
export interface Booking {
  readonly state: string;
  readonly currency: string;
  readonly authorised_minor: number;
  readonly captured_minor: number;
  readonly refunded_minor: number;
}

/** As the server's `Compared`. */
export interface Compared {
  readonly id: string;
  readonly reference: string;
  readonly order_number: number | null;
  readonly verdict: Verdict;
  readonly ours: Booking | null;
  readonly theirs: Booking | null;
}

export interface ComparedList {
  readonly items: readonly Compared[];
  readonly next: string | null;
}

export interface Wanted {
  /** The comparison that is looked at. */
  readonly run: string | null;
  /** Only what came to this; null: whatever differs. */
  readonly verdict: Verdict | null;
  readonly after: string | null;
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What the address asks for; what it cannot mean is left out. */
export function wantedOf(params: URLSearchParams): Wanted {
  const id = (name: string): string | null => (ID.test(params.get(name) ?? "") ? params.get(name) : null);
  return { run: id("run"), verdict: VERDICTS.find((each) => each === params.get("verdict")) ?? null, after: id("after") };
}

export function addressOf(wanted: Partial<Wanted>): string {
  const pairs = (["run", "verdict", "after"] as const).flatMap((name) => (wanted[name] == null ? [] : [[name, wanted[name]] as [string, string]]));
  return pairs.length === 0 ? "/reconciliation" : `/reconciliation?${new URLSearchParams(pairs)}`;
}

/** A day of the warehouse's clock, some days ago, as a date field has it. */
export const daysAgo = (now: number, days: number, zone: string | undefined): string => fieldText(new Date(now - days * 86_400_000).toISOString(), zone).slice(0, 10);

/** When a day of the warehouse's clock begins, or the day after it; null for no day. */
function beginning(day: string, later: number, zone: string | undefined): string | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (found === null) return null;
  const wall = new Date(Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3]) + later));
  return momentOf(wall.toISOString().slice(0, 16), zone);
}

interface Form {
  readonly zone: string | undefined;
  readonly gateway: string;
  readonly since: string;
  readonly until: string;
  readonly fault: Said | null;
}
export type State = (Form & { readonly mode: "ready" }) | (Form & { readonly mode: "asked" });
export type Input =
  | { readonly type: "edit"; readonly changes: Partial<Pick<Form, "gateway" | "since" | "until">> }
  | { readonly type: "compare" }
  | { readonly type: "begun"; readonly run: string }
  | { readonly type: "failed"; readonly why: Said };
export type Effects = { readonly type: "post"; readonly body: Readonly<Record<string, string>> } | { readonly type: "show"; readonly run: string };

/** The last week, to the end of today. */
export const start = (now: number, zone: string | undefined): State => ({ mode: "ready", zone, gateway: "", since: daysAgo(now, 6, zone), until: daysAgo(now, 0, zone), fault: null });

export const flow = machine<State, Input, Effects>({
  ready: {
    edit: (state, { changes }) => to({ ...state, ...changes, fault: null }),
    compare: (state) => {
      const since = beginning(state.since, 0, state.zone);
      const until = beginning(state.until, 1, state.zone);
      if (since === null || until === null || since >= until) return to({ ...state, fault: { key: "reconciliation.noDays" } });
      return to<State, Effects>({ ...state, mode: "asked", fault: null }, { type: "post", body: { gateway: state.gateway, since, until } });
    },
  },
  asked: {
    begun: (state, { run }) => to<State, Effects>({ ...state, mode: "ready" }, { type: "show", run }),
    failed: (state, { why }) => to({ ...state, mode: "ready", fault: why }),
  },
});
