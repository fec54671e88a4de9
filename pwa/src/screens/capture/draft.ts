/** Why: somebody is on the phone: a reload, a look at another page or a session that ends must not cost half an order. */

import { APP_VERSION } from "../../core/version";
import { keepInTab, storedInTab } from "../../ui/kept";
import type { Draft } from "./flow";

const KEY = "capture";
interface Kept {
  readonly person: string;
  /** An older app may have written it otherwise. */
  readonly app: string;
  readonly draft: Draft;
}

/** What this person had begun in this tab; null where there is nothing of theirs. */
export function keptDraft(person: string): Draft | null {
  const text = storedInTab(KEY);
  if (text === null) return null;
  const kept = JSON.parse(text) as Kept;
  return kept.person === person && kept.app === APP_VERSION ? kept.draft : null;
}

/** Keeps it in the place of what was there; null: there is nothing to keep any more. */
export function keepDraft(draft: Draft | null, person: string): void {
  keepInTab(KEY, draft === null ? null : JSON.stringify({ person, app: APP_VERSION, draft } satisfies Kept));
}
