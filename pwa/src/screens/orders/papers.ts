/** Why: the papers of many orders are made as one PDF while the list stays in use: one sees that it is made, breaks it off, opens it. */

import { machine, to, type Said, type Step } from "../../core/machine";

export type Kind = "confirmations" | "slips";
export const KINDS: readonly Kind[] = ["confirmations", "slips"];
const NEEDED: Readonly<Record<Kind, string>> = { confirmations: "orders.read", slips: "slips.read" };
export const mayPrint = (permissions: readonly string[]): readonly Kind[] => KINDS.filter((kind) => permissions.includes(NEEDED[kind]));

/** Of so many orders the server prints the papers at once. */
export const MOST = 200;
export const TOO_MANY: Said = { key: "orders.papers.tooMany", params: { most: MOST } };

export interface Made {
  /** Where the PDF lies in this browser. */
  readonly url: string;
  readonly orders: number;
  /** The numbers of those of which there is no paper yet. */
  readonly without: readonly number[];
}

export type State =
  | { readonly mode: "none" }
  | { readonly mode: "making"; readonly kind: Kind }
  | { readonly mode: "ready"; readonly kind: Kind; readonly made: Made }
  | { readonly mode: "failed"; readonly kind: Kind; readonly why: Said };

export type Input =
  /** `orders` null: all that are found. */
  | { readonly type: "print"; readonly kind: Kind; readonly orders: readonly number[] | null }
  | { readonly type: "made"; readonly made: Made }
  | { readonly type: "failed"; readonly why: Said }
  | { readonly type: "close" };

export type Effect =
  | { readonly type: "make"; readonly kind: Kind; readonly orders: readonly number[] | null }
  /** Nobody waits for it any more. */
  | { readonly type: "stop" }
  /** The PDF is needed no longer. */
  | { readonly type: "forget"; readonly url: string };

export const start: State = { mode: "none" };

type Print = Extract<Input, { type: "print" }>;
const begin = ({ kind, orders }: Print, ...before: readonly Effect[]): Step<State, Effect> =>
  orders !== null && orders.length > MOST
    ? to<State, Effect>({ mode: "failed", kind, why: TOO_MANY }, ...before)
    : to<State, Effect>({ mode: "making", kind }, ...before, { type: "make", kind, orders });

export const papers = machine<State, Input, Effect>({
  none: { print: (_, input) => begin(input) },
  making: {
    made: ({ kind }, { made }) => to({ mode: "ready", kind, made }),
    failed: ({ kind }, { why }) => to({ mode: "failed", kind, why }),
    close: () => to<State, Effect>(start, { type: "stop" }),
  },
  ready: {
    print: ({ made }, input) => begin(input, { type: "forget", url: made.url }),
    close: ({ made }) => to<State, Effect>(start, { type: "forget", url: made.url }),
  },
  failed: {
    print: (_, input) => begin(input),
    close: () => to(start),
  },
});

/** The numbers in the header that names orders without a paper. */
export const withoutOf = (header: string | null): readonly number[] => (header === null || header === "" ? [] : header.split(",").map(Number));
