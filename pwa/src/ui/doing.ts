/** Why: what is asked of the server is asked once, however often it is tapped, and why it was refused is said until the next. */

import { useSignal, type ReadonlySignal } from "@preact/signals";
import type { Said } from "../core/machine";
import { whyNot } from "../core/refused";

export interface Doing {
  readonly busy: ReadonlySignal<boolean>;
  readonly fault: ReadonlySignal<Said | null>;
  /** Asks, unless it is asking already; `then` is for what it answers. */
  readonly go: <T>(ask: () => Promise<T>, then?: (answer: T) => void) => void;
  /** Something else is begun: what was refused before is said no more. */
  readonly forget: () => void;
}

export function useDoing(): Doing {
  const busy = useSignal(false);
  const fault = useSignal<Said | null>(null);
  const forget = (): void => void (fault.value = null);
  return {
    busy,
    fault,
    forget,
    go: (ask, then = () => undefined) => {
      if (busy.value) return;
      busy.value = true;
      forget();
      ask()
        .then(then, (error: unknown) => void (fault.value = whyNot(error)))
        .finally(() => (busy.value = false));
    },
  };
}
