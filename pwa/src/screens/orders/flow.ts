/** Why: which page of which orders is shown stands in the address, so that it can be shared, reloaded and stepped back from. */

export interface Row {
  readonly id: string;
  readonly number: number;
  readonly channel: string;
  readonly external_ref: string;
  readonly status: string;
  readonly service: string;
  readonly cutoff_at: string;
  readonly captured_at: string;
  readonly total_minor: number;
  readonly currency: string;
  readonly customer: string;
  readonly country: string;
  readonly service_name: string;
}

/** As the server's `OrderList`: newest first; `next` is the `after` of the page behind. */
export interface List {
  readonly items: readonly Row[];
  readonly next: string | null;
  /** Nothing is exactly what was searched for; these are written nearly so. */
  readonly similar: boolean;
}

export const PAGE = 50;

export interface Wanted {
  readonly status: string | null;
  readonly after: string | null;
  /** Anything that an order is known by. */
  readonly q: string | null;
}

/** A question to this list that somebody has given a name. */
export interface SavedView {
  readonly name: string;
  readonly q: string | null;
  readonly status: string | null;
}

/** Whether a saved view asks what is asked now. */
export const isSame = (view: SavedView, wanted: Wanted): boolean => view.q === wanted.q && view.status === wanted.status;

/** The longest text that the server takes. */
const LONGEST = 100;

/** What the address asks for; what it cannot mean is left out. */
export function wantedOf(params: URLSearchParams, statuses: readonly string[]): Wanted {
  const status = params.get("status");
  const after = params.get("after");
  const q = (params.get("q") ?? "").trim().slice(0, LONGEST);
  return {
    status: status !== null && statuses.includes(status) ? status : null,
    after: after !== null && /^[1-9]\d{0,14}$/.test(after) ? after : null,
    q: q === "" ? null : q,
  };
}

export function addressOf({ status, after, q }: Wanted): string {
  const pairs = Object.entries({ q, status, after }).filter((pair): pair is [string, string] => pair[1] !== null);
  return pairs.length === 0 ? "/orders" : `/orders?${new URLSearchParams(pairs)}`;
}
