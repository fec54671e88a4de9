/** Why: what orders wait for is read in one table: how bad it is, and when it gets better. Pure. */

/** As the server's `Shortage`. */
export interface Shortage {
  readonly sku: string;
  readonly names: Readonly<Record<string, string>>;
  readonly orders: number;
  readonly waits: number;
  readonly on_the_way: number;
  readonly next_on: string | null;
}

export interface Page {
  readonly items: readonly Shortage[];
  readonly next: string | null;
}

/** Units for which no delivery is known are what somebody must do something about. */
export const toneOf = ({ waits }: Shortage): "bad" | "warn" => (waits > 0 ? "bad" : "warn");
/** What is planned elsewhere, by the page where. */
export const PAGES = ["deliveries", "kept", "zones", "sourcing"] as const;
/** A further page behind the one that is shown. */
export const joined = (before: Page | null, more: Page): Page => ({ items: [...(before?.items ?? []), ...more.items], next: more.next });
