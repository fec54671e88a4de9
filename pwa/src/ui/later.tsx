/** Why: what few need and seldom is no part of the first load; the service worker has it on the device before. */

import { signal } from "@preact/signals";
import type { ComponentType, VNode } from "preact";

type Part<P> = (props: P) => VNode | null;
type PropsOf<C> = C extends Part<infer P> ? P : never;

/** A part of a file that is fetched when the part is drawn first; nothing stands there until then. */
export function later<M extends { readonly [name in N]: Part<never> }, N extends keyof M & string>(load: () => Promise<M>, name: N): ComponentType<PropsOf<M[N]>> {
  type P = PropsOf<M[N]>;
  const loaded = signal<ComponentType<P> | null>(null);
  let asked = false;
  return (props) => {
    const Shown = loaded.value as ComponentType<object> | null;
    if (Shown !== null) return <Shown {...(props as object)} />;
    if (!asked) {
      asked = true;
      load().then(
        (file) => (loaded.value = file[name] as unknown as ComponentType<P>),
        (error: unknown) => {
          asked = false; // the next drawing asks again
          console.error(error);
        },
      );
    }
    return null;
  };
}
