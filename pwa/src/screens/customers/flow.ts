/** Why: which page of which customers is shown stands in the address, so that it can be shared, reloaded and stepped back from. */

/** As the server's `Customer`. */
export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly language: string;
  readonly wish: "email" | "sms" | "none";
  readonly created_at: string;
}

/** As the server's `CustomerList`: newest first; `next` is the `after` of the page behind. */
export interface List {
  readonly items: readonly Customer[];
  readonly next: string | null;
}

export const PAGE = 50;
/** The longest text that the server takes. */
const LONGEST = 100;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface Wanted {
  readonly q: string | null;
  readonly after: string | null;
}

/** What the address asks for; what it cannot mean is left out. */
export function wantedOf(params: URLSearchParams): Wanted {
  const q = (params.get("q") ?? "").trim().slice(0, LONGEST);
  const after = params.get("after");
  return { q: q === "" ? null : q, after: after !== null && ID.test(after) ? after : null };
}

export function addressOf({ q, after }: Wanted): string {
  const pairs = Object.entries({ q, after }).filter((pair): pair is [string, string] => pair[1] !== null);
  return pairs.length === 0 ? "/customers" : `/customers?${new URLSearchParams(pairs)}`;
}
