/** Why: what an order's page says and asks: how far it is, why it waits, and what may be done about it, only after a question. */

import { machine, to, type Effect, type Said } from "../../core/machine";
import type { Money } from "./paying";

/** The nine quantities, as the server's `Facts`. */
export interface Facts {
  readonly ordered: number;
  readonly cancelled: number;
  readonly backordered: number;
  readonly reserved: number;
  readonly picked: number;
  readonly packed: number;
  readonly shipped: number;
  readonly returned: number;
  readonly to_put_back: number;
}

export interface Line {
  readonly id: string;
  readonly position: number;
  readonly item: { readonly id: string; readonly sku: string; readonly names: Readonly<Record<string, string>>; readonly picture: string | null };
  readonly price_minor: number;
  readonly status: string;
  readonly facts: Facts;
  readonly open: number;
  readonly backorder_reason: string | null;
  readonly backorder_expected: string | null;
}

export interface Part {
  readonly id: string;
  readonly warehouse: number;
  readonly service: string;
  readonly cutoff_at: string;
  readonly status: string;
  readonly held: boolean;
  readonly facts: Facts;
  readonly service_name: string;
}

/** Where something of it waits for its rest; `missing` are the totes that are not there. */
export interface Place {
  readonly station: string;
  readonly place: number;
  readonly since: string;
  readonly missing: readonly string[];
}

export interface Hold {
  readonly id: string;
  readonly reason: string;
  readonly en: string;
  readonly de: string;
  readonly permission: string;
  readonly releasable: boolean;
  readonly state: string;
  readonly detail: unknown;
  readonly placed_at: string;
  readonly placed_by: string;
}

export interface Entry {
  readonly id: string;
  readonly at: string;
  readonly what: string;
  readonly en: string;
  readonly de: string;
  readonly tone: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly who: string;
  readonly device: string | null;
  readonly why: string | null;
  readonly fulfilment: string | null;
}

/** What the customer was or will be told of it. */
export interface Told {
  readonly id: string;
  readonly words: { readonly en: string; readonly de: string };
  readonly channel: string;
  readonly state: string;
  readonly reason: string;
  readonly made_at: string;
  readonly test: boolean;
}

/** Words in both languages; without German ones the English ones are said. */
export interface Both {
  readonly en: string;
  readonly de?: string;
}

/** A rule that spoke about the order, as the server's `PageVerdict`. */
export interface Verdict {
  readonly at: string;
  readonly moment: string;
  readonly kind: string;
  readonly kind_words: Both;
  readonly version: number;
  readonly rule: Both;
  readonly then: Both;
  readonly because: readonly { readonly path: string; readonly words: Both; readonly said: Both }[];
  readonly broken: string;
}

/** As the server's `OrderPage`: the topic `order`. */
export interface OrderPage {
  readonly tags: readonly string[];
  readonly decisions: readonly Verdict[];
  readonly id: string;
  readonly number: number;
  readonly channel: string;
  readonly external_ref: string;
  readonly status: string;
  readonly service: string;
  readonly split: string;
  readonly cutoff_at: string;
  readonly promised_on: string | null;
  readonly captured_at: string;
  readonly cancelled_at: string | null;
  readonly currency: string;
  readonly items_minor: number;
  readonly shipping_minor: number;
  readonly tax_minor: number;
  readonly total_minor: number;
  readonly customer: { readonly name: string; readonly email: string; readonly phone: string; readonly language: string };
  /** None for who gave neither mail nor phone. */
  readonly customer_id: string | null;
  readonly address: {
    readonly street: string;
    readonly city: string;
    readonly country: string;
    readonly postal_code: string;
    readonly region: string;
    readonly name: string;
    readonly company: string;
  };
  readonly facts: Facts;
  readonly lines: readonly Line[];
  readonly fulfilments: readonly Part[];
  readonly holds: readonly Hold[];
  readonly payment: {
    readonly method: string;
    readonly state: string;
    readonly total_minor: number;
    readonly captured_minor: number;
    readonly currency: string;
    readonly authorised_until: string | null;
  };
  readonly timeline: readonly Entry[];
  readonly can: readonly string[];
  readonly service_name: string;
  /** What later rooms add; each is there where its room is. */
  readonly more?: {
    readonly shipments?: readonly { readonly cartons: readonly { readonly sscc: string; readonly slip_url: string; readonly reprint_url: string | null }[] }[];
    readonly places?: readonly Place[];
    readonly money?: Money | null;
    readonly heard?: readonly Heard[];
    readonly messages?: readonly Told[];
  };
}

/** What a channel sent about the order. */
export interface Heard {
  readonly id: string;
  readonly topic: string;
  readonly state: string;
  readonly received_at: string;
  readonly reason: string | null;
}

// --- how far it is

export const STEPS = ["captured", "authorised", "allocated", "picked", "packed", "shipped"] as const;
export interface Progress {
  readonly step: (typeof STEPS)[number];
  readonly state: "done" | "begun" | "open" | "failed";
  readonly n: number;
  readonly of: number;
  /** When it was last told, for what is done. */
  readonly at: string | null;
}

/** Whether money is still to come: not from a card that declined, nor what was let go or paid back. */
export const mayBeTaken = (payment: string): boolean => !["declined", "refunded", "voiding", "voided"].includes(payment);

/** How much of the money is meant, and whether a part of it was taken: what is said of the payment says no more than that. */
export function moneyOf({ state, total_minor, captured_minor }: Pick<OrderPage["payment"], "state" | "total_minor" | "captured_minor">): { readonly amount: number; readonly partly: boolean } {
  const rest = total_minor - captured_minor;
  if (captured_minor <= 0 || rest <= 0) return { amount: total_minor, partly: false };
  // What is let go, or did not come, is the rest; all the others are said beside the whole.
  return mayBeTaken(state) ? { amount: total_minor, partly: true } : { amount: rest, partly: false };
}

const PAID = new Set(["authorised", "capturing", "captured", "refunded"]);
/** The entries that tell of a step. */
const TOLD: Readonly<Record<(typeof STEPS)[number], readonly string[]>> = {
  captured: ["captured"],
  authorised: ["payment_authorised", "payment_due", "payment_received", "payment_on_account"],
  allocated: ["reserved", "fulfilment_created", "released"],
  picked: ["picked"],
  packed: ["packed"],
  shipped: ["shipped", "shipment_closed", "carton_closed"],
};

/** The steps from the order's facts: nobody sets them. */
export function progressOf(page: OrderPage): readonly Progress[] {
  const { facts } = page;
  const of = facts.ordered - facts.cancelled;
  const told = (step: (typeof STEPS)[number]): string | null => page.timeline.find((entry) => TOLD[step].includes(entry.what))?.at ?? null;
  const counted = (step: (typeof STEPS)[number], n: number): Progress => {
    const state = of > 0 && n >= of ? "done" : n > 0 ? "begun" : "open";
    return { step, state, n, of, at: state === "done" ? told(step) : null };
  };
  const paid = PAID.has(page.payment.state);
  return [
    { step: "captured", state: "done", n: 1, of: 1, at: page.captured_at },
    { step: "authorised", state: paid ? "done" : page.payment.state === "declined" ? "failed" : "open", n: paid ? 1 : 0, of: 1, at: paid ? told("authorised") : null },
    counted("allocated", facts.reserved + facts.picked),
    counted("picked", facts.picked),
    counted("packed", facts.packed),
    counted("shipped", facts.shipped),
  ];
}

// --- why it waits

export type Why =
  | { readonly kind: "held"; readonly hold: Hold }
  | { readonly kind: "parked"; readonly place: Place }
  | { readonly kind: "backordered"; readonly line: Line }
  | { readonly kind: "short" | "cancelled" | "refused"; readonly entry: Entry };

const TELLING: Readonly<Record<string, "short" | "cancelled" | "refused">> = { shorted: "short", cancelled: "cancelled", line_cancelled: "cancelled", label_refused: "refused", label_unnumbered: "refused" };

/** What keeps it or has changed it, the most pressing first; nothing for an order that simply goes its way. */
export function whysOf(page: OrderPage): readonly Why[] {
  const held = page.holds.filter((hold) => hold.state === "open").map((hold): Why => ({ kind: "held", hold }));
  const parked = (page.more?.places ?? []).map((place): Why => ({ kind: "parked", place }));
  const waits = page.lines.filter((line) => line.facts.backordered > 0).map((line): Why => ({ kind: "backordered", line }));
  const seen = new Set<string>();
  const whole = page.timeline.some((entry) => entry.what === "cancelled");
  const told = page.timeline.flatMap((entry): Why[] => {
    if (whole && entry.what === "line_cancelled") return []; // the order's own entry says it for all of them
    const kind = Object.hasOwn(TELLING, entry.what) ? TELLING[entry.what] : undefined;
    if (kind === undefined || seen.has(kind) || (kind === "short" && page.facts.shipped > 0)) return [];
    seen.add(kind);
    return [{ kind, entry }];
  });
  return [...held, ...parked, ...waits, ...told];
}

/** What can be done with a carton: its packing slip, its label once more. */
const papersOf = (page: OrderPage, sscc: unknown): { readonly slip: string | null; readonly reprint: string | null } => {
  const found = (page.more?.shipments ?? []).flatMap(({ cartons }) => cartons).find((carton) => carton.sscc === sscc);
  return { slip: found?.slip_url ?? null, reprint: found?.reprint_url ?? null };
};

export interface Packed {
  readonly carton: string;
  readonly tracking: string | null;
  readonly slip: string | null;
  readonly reprint: string | null;
}

/** The cartons of a fulfilment that left or are closed, as the timeline tells. */
export const cartonsOf = (page: OrderPage, part: string): readonly Packed[] =>
  page.timeline
    .filter((entry) => entry.what === "carton_closed" && entry.fulfilment === part)
    .map(({ params }) => ({ carton: String(params["carton"] ?? ""), tracking: typeof params["tracking"] === "string" ? params["tracking"] : null, ...papersOf(page, params["sscc"]) }))
    .reverse();

// --- what may be done

export type Question = { readonly what: "hold" } | { readonly what: "cancel" } | { readonly what: "release"; readonly hold: Hold } | { readonly what: "reprint"; readonly path: string };

/** What this person may ask of the order now: the order allows it, and so do their permissions. */
export const mayHold = (page: OrderPage, permissions: readonly string[]): boolean =>
  page.can.includes("hold") && permissions.includes("orders.hold") && !page.holds.some((hold) => hold.state === "open" && hold.reason === "manual");
export const mayCancel = (page: OrderPage, permissions: readonly string[]): boolean => page.can.includes("cancel") && permissions.includes("orders.cancel");
export const releasable = (page: OrderPage, permissions: readonly string[]): readonly Hold[] =>
  page.holds.filter((hold) => hold.state === "open" && hold.releasable && permissions.includes(hold.permission));

export type State =
  | { readonly mode: "loading"; readonly number: string; readonly fault: Said | null }
  | { readonly mode: "shown"; readonly number: string; readonly page: OrderPage }
  | { readonly mode: "asking"; readonly number: string; readonly page: OrderPage; readonly question: Question; readonly note: string; readonly busy: boolean; readonly fault: Said | null };

export type Input =
  | { readonly type: "page"; readonly page: OrderPage }
  | { readonly type: "missing"; readonly why: Said }
  | { readonly type: "ask"; readonly question: Question }
  | { readonly type: "note"; readonly note: string }
  | { readonly type: "confirm" }
  | { readonly type: "back" }
  | { readonly type: "done" }
  | { readonly type: "failed"; readonly why: Said };

export type OrderEffect =
  | { readonly type: "post"; readonly path: string; readonly body: Readonly<Record<string, string>> }
  | { readonly type: "fetch" };
export type All = Effect | OrderEffect;

export const start = (number: string): State => ({ mode: "loading", number, fault: null });

export const REASON_MISSING: Said = { key: "order.reasonMissing" };

/** A hold and a cancel are told with a reason; a release may be. */
export const needsNote = (question: Question): boolean => question.what === "hold" || question.what === "cancel";

function posted(number: string, question: Question, note: string): OrderEffect {
  switch (question.what) {
    case "hold":
      return { type: "post", path: `/orders/${number}/holds`, body: { reason: "manual", note } };
    case "cancel":
      return { type: "post", path: `/orders/${number}/cancel`, body: { why: note } };
    case "reprint":
      return { type: "post", path: question.path.replace(/^\/api/u, ""), body: {} };
    case "release":
      return { type: "post", path: `/orders/${number}/holds/${question.hold.id}/release`, body: { note } };
  }
}

export const flow = machine<State, Input, All>({
  loading: {
    page: ({ number }, { page }) => to({ mode: "shown", number, page }),
    missing: (state, { why }) => to({ ...state, fault: why }),
  },
  shown: {
    page: (state, { page }) => to({ ...state, page }),
    ask: ({ number, page }, { question }) => to({ mode: "asking", number, page, question, note: "", busy: false, fault: null }),
  },
  asking: {
    page: (state, { page }) => to({ ...state, page }),
    note: (state, { note }) => to({ ...state, note, fault: null }),
    back: (state) => (state.busy ? to(state) : to({ mode: "shown", number: state.number, page: state.page })),
    confirm: (state) => {
      const note = state.note.trim();
      if (state.busy) return to(state);
      if (needsNote(state.question) && note === "") return to({ ...state, fault: REASON_MISSING });
      return to<State, All>({ ...state, busy: true, fault: null }, posted(state.number, state.question, note));
    },
    done: ({ number, page }) => to<State, All>({ mode: "shown", number, page }, { type: "fetch" }),
    failed: (state, { why }) => to<State, All>({ ...state, busy: false, fault: why }, { type: "fetch" }),
  },
});
