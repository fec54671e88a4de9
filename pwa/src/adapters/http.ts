/**
 * Why: one way to the API. Says who calls (`X-Pickwave`), which app it is, and turns every failure into one of two
 * errors: `ApiError` (the server refused, with a code) or `NetworkError` (nobody knows).
 */

import { ApiError, isPassing, NetworkError, problemOf } from "../core/problem";
import type { Batch } from "../core/queue";
import type { Answer } from "../core/queue";
import type { AbortLike, Reply, Wire } from "../core/sync";
import { APP_VERSION } from "../core/version";

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Asked {
  readonly query?: Query;
  /** Sent as Idempotency-Key: repeat a request with the same key and it is done once. */
  readonly key?: string;
  /** Say which device this is: for sign-in and for floor commands. */
  readonly asDevice?: boolean;
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** A file, and what was said of it. */
export interface Taken {
  readonly blob: Blob;
  readonly headers: Headers;
}

export interface Http {
  get<T>(path: string, asked?: Asked): Promise<T>;
  post<T>(path: string, body?: unknown, asked?: Asked): Promise<T>;
  put<T>(path: string, body?: unknown, asked?: Asked): Promise<T>;
  patch<T>(path: string, body?: unknown, asked?: Asked): Promise<T>;
  delete<T>(path: string, asked?: Asked): Promise<T>;
  /** A POST that is answered with a file. */
  file(path: string, body: unknown, asked?: Asked): Promise<Taken>;
  /** Called when the server says that nobody is signed in. */
  onSignedOut(then: () => void): void;
  /** Called with the code when the server says that this device's own secret is no longer good. */
  onLockedOut(then: (code: LockedOut) => void): void;
}

/** Locked by a supervisor, or offered anew: another device may have its place. */
export type LockedOut = "device_revoked" | "device_unknown";
const isLockedOut = (code: string): code is LockedOut => code === "device_revoked" || code === "device_unknown";

export interface HttpParts {
  readonly fetch: typeof fetch;
  readonly deviceSecret: () => string | null;
  readonly language: () => string;
}

const TIMEOUT = 15_000;

export function makeHttp({ fetch, deviceSecret, language }: HttpParts): Http {
  let signedOut: () => void = () => undefined;
  let lockedOut: (code: LockedOut) => void = () => undefined;

  const send = async <T>(method: string, path: string, body: unknown, asked: Asked = {}, read = bodyOf): Promise<T> => {
    const secret = asked.asDevice === true ? deviceSecret() : null;
    const headers: Record<string, string> = {
      accept: "application/json",
      "accept-language": language(),
      "x-pickwave": "1",
      "x-pickwave-app": APP_VERSION,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(asked.key === undefined ? {} : { "idempotency-key": asked.key }),
      ...(secret === null ? {} : { authorization: `Device ${secret}` }),
    };
    const signals = [AbortSignal.timeout(asked.timeout ?? TIMEOUT), ...(asked.signal === undefined ? [] : [asked.signal])];
    const init: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store", signal: AbortSignal.any(signals) };
    if (body !== undefined) init.body = JSON.stringify(body);
    let response: Response;
    let answer: unknown;
    try {
      response = await fetch(`/api${path}${queryText(asked.query)}`, init);
      answer = await read(response);
    } catch (error) {
      throw new NetworkError(error);
    }
    if (response.ok) return answer as T;
    const refused = new ApiError(problemOf(response.status, answer), retryAfter(response));
    if (refused.status === 401 && asked.asDevice !== true) signedOut();
    // What is said of an older secret, late, says nothing of the one that came after it.
    if (secret !== null && secret === deviceSecret() && isLockedOut(refused.code)) lockedOut(refused.code);
    throw refused;
  };

  return {
    get: (path, asked) => send("GET", path, undefined, asked),
    post: (path, body, asked) => send("POST", path, body, asked),
    put: (path, body, asked) => send("PUT", path, body, asked),
    patch: (path, body, asked) => send("PATCH", path, body, asked),
    delete: (path, asked) => send("DELETE", path, undefined, asked),
    file: (path, body, asked) => send("POST", path, body, asked, fileOf),
    onSignedOut: (then) => {
      signedOut = then;
    },
    onLockedOut: (then) => {
      lockedOut = then;
    },
  };
}

function queryText(query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}`;
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === "") return null;
  if (!(response.headers.get("content-type") ?? "").includes("json")) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (response.ok) throw error;
    return text;
  }
}

async function fileOf(response: Response): Promise<unknown> {
  return response.ok ? { blob: await response.blob(), headers: response.headers } : bodyOf(response);
}

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get("retry-after") ?? "");
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
}

/** What goes over the wire for one stored command. */
const wireOf = ({ id, seq, kind, ticket, at, after, version, body }: Batch["commands"][number]) => ({
  id, seq, kind, ticket, at, after, version, body,
});

interface CommandsAnswer {
  readonly answers: readonly Answer[];
  readonly resend_from: number | null;
}

/** The floor commands' way to the server, for `Sync`. */
export function commandWire(http: Http): Wire {
  return {
    post: async (batch, abort) => {
      try {
        const answer = await http.post<CommandsAnswer>(
          "/floor/commands",
          { device: batch.device, epoch: batch.epoch, commands: batch.commands.map(wireOf) },
          { asDevice: true, timeout: 30_000, signal: signalOf(abort) },
        );
        return { kind: "answers", answers: answer.answers, resendFrom: answer.resend_from };
      } catch (error) {
        if (error instanceof ApiError) return replyOf(error);
        throw error;
      }
    },
  };
}

function signalOf(abort: AbortLike): AbortSignal {
  const controller = new AbortController();
  abort.onAbort(() => controller.abort());
  return controller.signal;
}

function replyOf(error: ApiError): Reply {
  if (error.status === 401) return { kind: "signin" };
  if (error.status === 426) return { kind: "update" };
  if (error.status === 413) return { kind: "too_big" };
  if (isPassing(error)) return { kind: "busy", retryAfter: error.retryAfter };
  return { kind: "refused", code: error.code };
}
