/** Why: another badge on any screen means another person; the sign-in begins with it. Kept in memory, not in the address. */

import { signal } from "@preact/signals";

export const nextBadge = signal<string | null>(null);
/** Who worked at a bench before a supervisor's badge was scanned there: the way back to them. */
export const stoodHere = signal<{ readonly id: string; readonly name: string } | null>(null);
/** Where the person who is signed in was when a badge was scanned: the way back to their work. */
export const cameFrom = signal("/");
