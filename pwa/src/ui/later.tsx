/** Why: what few need and seldom is no part of the first load; the service worker has it on the device before. */

import { signal } from "@preact/signals";
import type { ComponentType } from "preact";

/** A part whose JavaScript is fetched when it is drawn first; nothing stands there until then. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const loaded = signal<ComponentType<P> | null>(null);
  let asked = false;
  const fetched = (): void => {
    if (asked) return;
    asked = true;
    load().then(
      (part) => (loaded.value = part),
      (error: unknown) => {
        asked = false; // the next drawing asks again
        console.error(error);
      },
    );
  };
  return (props) => {
    const Part = loaded.value;
    if (Part !== null) return <Part {...props} />;
    fetched();
    return null;
  };
}
