/** Why: a failure of a request, as words that a flow can hold. */

import type { Said } from "./machine";
import { ApiError, NetworkError } from "./problem";

/** What to say when a request failed: the outcome's words with what the server filled in, or that there is no network. */
export function whyNot(error: unknown): Said {
  if (error instanceof NetworkError) return { key: "common.noNetwork" };
  if (error instanceof ApiError) return error.detail === "" ? { key: "common.unanswered", params: { status: String(error.status) } } : { key: "common.said", params: { text: error.detail } };
  throw error;
}
