/** Why: where each step of the set-up is done, and how far one has come: pure. */

export interface Step {
  readonly step: string;
  readonly have: number;
  readonly done: boolean;
  readonly yours: boolean;
}

/** As the server's `Guide`. */
export interface Guide {
  readonly warehouse: number;
  readonly steps: readonly Step[];
  readonly next: string | null;
}

/** Where a step is done. */
const PAGES: Readonly<Record<string, string>> = {
  warehouse: "/setup/warehouse", bins: "/setup/bins", items: "/imports?kind=items", stock: "/imports?kind=stock", carts: "/setup/carts", totes: "/setup/totes",
  services: "/setup/services", carton_types: "/setup/cartons", printers: "/setup/printers", stations: "/setup/stations", pickers: "/setup/people",
  packers: "/setup/people", handhelds: "/setup/devices", benches: "/setup/devices", orders: "/imports?kind=orders",
};
export const pageOf = (step: string): string => PAGES[step] ?? "/setup";

/** Of these the server only knows whether there is any. */
const ANY = new Set(["items", "stock", "orders"]);
export const isCounted = ({ step }: Step): boolean => !ANY.has(step);

export const doneOf = (guide: Guide): number => guide.steps.filter(({ done }) => done).length;
