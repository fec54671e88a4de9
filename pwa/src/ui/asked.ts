/** Why: what is shown here changes by itself (a try, an answer, an order); it is looked at again while somebody looks. */

import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Said } from "../core/machine";
import { whyNot } from "../core/refused";
import type { Query } from "../adapters/http";
import { useApp } from "./hooks";

const EVERY = 4_000;

export interface Asked<T> {
  readonly value: ReadonlySignal<T | null>;
  readonly fault: ReadonlySignal<Said | null>;
  /** Looks now. */
  readonly again: () => void;
}

/** What the server says at an address, now and every few seconds. What was shown stays while no answer comes. */
export function useAsked<T>(path: string, query: Query = {}): Asked<T> {
  const { http } = useApp();
  const value = useSignal<T | null>(null);
  const fault = useSignal<Said | null>(null);
  const turn = useSignal(0);
  const key = `${path} ${JSON.stringify(query)}`;
  useEffect(() => {
    value.value = null;
  }, [key]);
  useEffect(() => {
    let current = true;
    const look = (): void => {
      if (document.visibilityState !== "visible") return;
      http.get<T>(path, { query }).then(
        (found) => {
          if (!current) return;
          value.value = found;
          fault.value = null;
        },
        (error: unknown) => void (current && (fault.value = whyNot(error))),
      );
    };
    look();
    const timer = setInterval(look, EVERY);
    document.addEventListener("visibilitychange", look);
    return () => {
      current = false;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [key, turn.value]);
  return { value, fault, again: () => void (turn.value += 1) };
}
