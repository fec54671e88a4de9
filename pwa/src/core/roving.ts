/** Why: whoever goes through a menu by its keys comes round at its ends. */

const STEPS: Readonly<Record<string, (at: number, of: number) => number>> = {
  ArrowDown: (at, of) => (at + 1) % of,
  ArrowUp: (at, of) => (at + of - 1) % of,
  Home: () => 0,
  End: (_, of) => of - 1,
};
const OPENS: Readonly<Record<string, (of: number) => number>> = { ArrowDown: () => 0, ArrowUp: (of) => of - 1 };

/** Where a key leads from one of so many things; null for a key that leads nowhere. */
export const stepped = (key: string, at: number, of: number): number | null => STEPS[key]?.(at, of) ?? null;

/** Where one stands when a key opens it; null for a key that does not. */
export const openedAt = (key: string, of: number): number | null => OPENS[key]?.(of) ?? null;
