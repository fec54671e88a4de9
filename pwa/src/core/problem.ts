/** Why: every error of the API has one shape, problem+json; screens switch on `code` and show `detail`. */

export interface Fault {
  readonly field: string;
  readonly message: string;
  readonly wanted: string;
  readonly got: string;
}

/** How the server says that nothing was sent, in each language. */
const NOTHING: readonly string[] = ["", "nothing", "nichts"];

/** Whether a field that is wrong was left out. */
export const isLeftOut = (got: string): boolean => NOTHING.includes(got);

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly faults: readonly Fault[];
  readonly requestId: string;
}

/** The server refused. `code` is an outcome of the catalogue. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly faults: readonly Fault[];
  readonly requestId: string;
  /** Milliseconds to wait before the next try, where the server said so. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
    this.name = "ApiError";
    this.status = problem.status;
    this.code = problem.code;
    this.detail = problem.detail;
    this.faults = problem.faults;
    this.requestId = problem.requestId;
    this.retryAfter = retryAfter;
  }
}

/** There was no answer: no network, the server is away, or it took too long. Whether it was done is not known. */
export class NetworkError extends Error {
  constructor(cause: unknown) {
    super("no answer from the server", { cause });
    this.name = "NetworkError";
  }
}

/** Nobody has looked at what was asked: who asks is to be known first, or asks too much. */
const UNHEARD: readonly number[] = [401, 403, 408, 429];

/** Whether what was asked was refused, and would be again under the same key, also when what stood against it is gone. */
export const isRefused = (error: unknown): boolean => error instanceof ApiError && error.status < 500 && !UNHEARD.includes(error.status);

/** Whether the same may go well in a moment: nobody answered, not the server itself, or it asks to wait. */
export const isPassing = (error: unknown): boolean =>
  error instanceof NetworkError || (error instanceof ApiError && (error.status === 408 || error.status === 429 || error.status >= 500));

const text = (value: unknown): string => (typeof value === "string" ? value : typeof value === "number" ? String(value) : "");

/** A problem from whatever body came with a status: a proxy's HTML page becomes `http_502`. */
export function problemOf(status: number, body: unknown): Problem {
  const fields = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const faults = Array.isArray(fields["faults"]) ? (fields["faults"] as unknown[]) : [];
  return {
    status,
    code: text(fields["code"]) || `http_${status}`,
    detail: text(fields["detail"]) || text(fields["title"]),
    faults: faults.map((each) => {
      const fault = (typeof each === "object" && each !== null ? each : {}) as Record<string, unknown>;
      return { field: text(fault["field"]), message: text(fault["message"]), wanted: text(fault["wanted"]), got: text(fault["got"]) };
    }),
    requestId: text(fields["request_id"]),
  };
}
