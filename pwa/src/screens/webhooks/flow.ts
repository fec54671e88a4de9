/** Why: what is looked at stands in the address, so that it can be shared, reloaded and stepped back from. */

/** As the server's `Endpoint`. */
export interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly types: readonly string[];
  readonly state: "on" | "off";
  readonly why: string | null;
  readonly version: number;
  readonly failing_since: string | null;
  readonly former_until: string | null;
  readonly waiting: number;
  readonly failed: number;
}

/** As the server's `EndpointList`. */
export interface Endpoints {
  readonly items: readonly Endpoint[];
  readonly types: readonly string[];
}

/** As the server's `Delivery`. */
export interface Delivery {
  readonly id: string;
  readonly endpoint: string;
  readonly url: string;
  readonly message: string;
  readonly type: string;
  readonly at: string;
  readonly state: "waiting" | "sending" | "delivered" | "failed";
  readonly tries: number;
  readonly due_at: string | null;
  readonly status: number | null;
  readonly reason: string | null;
}

export interface Deliveries {
  readonly items: readonly Delivery[];
  readonly next: string | null;
}

/** As the server's `DeliveryPage`. */
export interface DeliveryPage {
  readonly delivery: Delivery;
  readonly body: string;
  readonly tries: readonly { readonly at: string; readonly status: number | null; readonly reason: string; readonly said: string; readonly took_ms: number }[];
}

export const TABS = ["endpoints", "deliveries"] as const;
export type Tab = (typeof TABS)[number];

/** The states of deliveries, in the order in which one goes through them. */
export const DELIVERY_STATES = ["waiting", "sending", "delivered", "failed"] as const;

export interface Wanted {
  readonly tab: Tab;
  /** The delivery that is looked at alone. */
  readonly one: string | null;
  readonly endpoint: string | null;
  readonly state: string | null;
  readonly after: string | null;
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What the address asks for; what it cannot mean is left out. */
export function wantedOf(params: URLSearchParams, tabs: readonly Tab[]): Wanted {
  const id = (name: string): string | null => (ID.test(params.get(name) ?? "") ? params.get(name) : null);
  const tab = tabs.find((each) => each === params.get("tab")) ?? tabs[0] ?? "endpoints";
  const states: readonly string[] = DELIVERY_STATES;
  const state = params.get("state");
  return { tab, one: id("one"), endpoint: id("endpoint"), state: state !== null && states.includes(state) ? state : null, after: id("after") };
}

export function addressOf(wanted: Partial<Wanted> & { readonly tab: Tab }): string {
  const pairs = (["tab", "endpoint", "state", "after", "one"] as const).flatMap((name) => (wanted[name] == null ? [] : [[name, wanted[name]] as [string, string]]));
  return `/webhooks?${new URLSearchParams(pairs)}`;
}

/** JSON as people read it; what is none stays as it came. */
export function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch (error) {
    if (error instanceof SyntaxError) return body;
    throw error;
  }
}

/** A moment of the person's clock for a `datetime-local` field, some hours ago. */
export function hoursAgo(now: number, hours: number): string {
  const at = new Date(now - hours * 3_600_000);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
