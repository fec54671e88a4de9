/** Why: a list that grows behind its end is asked for in the same way everywhere. */

import { useEffect } from "preact/hooks";
import type { Query } from "../adapters/http";
import { growing, start, type Ask, type Input, type Page, type State } from "../core/growing";
import type { Said } from "../core/machine";
import { whyNot } from "../core/refused";
import { useApp, useBack, useFlow } from "./hooks";

export interface Growing<T> {
  /** null: nothing has come yet. */
  readonly rows: readonly T[] | null;
  readonly hasMore: boolean;
  readonly busy: boolean;
  readonly fault: Said | null;
  readonly more: () => void;
}

/** What is listed at an address, a page at a time; from its beginning again where `because` changes. */
export function useGrowing<T>(path: string, query: Query = {}, because: unknown = null): Growing<T> {
  const { http } = useApp();
  const { state, send } = useFlow<State, Input, Ask>(growing, start, (asked, again) => {
    http.get<Page<T>>(path, { query: { ...query, after: asked.after } }).then(
      (page) => again({ type: "came", asked, page }),
      (error: unknown) => again({ type: "failed", asked, why: whyNot(error) }),
    );
  });
  useEffect(() => send({ type: "anew" }), [because]);
  const { mode, rows, next, fault } = state.value;
  const more = (): void => send({ type: "more" });
  useBack(() => void (fault !== null && more()));
  return { rows: rows as readonly T[] | null, hasMore: next !== null, busy: mode === "busy", fault, more };
}
