/** Why: `fetch` does not say how much of a file has gone out. A file is sent as it lies on the disk, never read into memory. */

import { ApiError, NetworkError, problemOf } from "../core/problem";

export interface Sending<T> {
  readonly answer: Promise<T>;
  /** Breaks it off; the server keeps nothing of it. */
  stop(): void;
}

/** Sends a file as the body of a POST; `sent` hears the share that has gone out, 0 to 1. */
export function upload<T>(path: string, file: Blob, language: string, sent: (share: number) => void): Sending<T> {
  const request = new XMLHttpRequest();
  const answer = new Promise<T>((resolve, reject) => {
    const lost = (why: string) => (): void => reject(new NetworkError(new Error(why)));
    request.open("POST", `/api${path}`);
    for (const [name, value] of [["accept", "application/json"], ["accept-language", language], ["x-pickwave", "1"], ["content-type", "text/csv"]] as const) {
      request.setRequestHeader(name, value);
    }
    request.upload.addEventListener("progress", ({ loaded, total }) => sent(total === 0 ? 0 : loaded / total));
    request.addEventListener("load", () => {
      const body = bodyOf(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(body as T);
      else reject(new ApiError(problemOf(request.status, body)));
    });
    request.addEventListener("error", lost("the file did not arrive"));
    request.addEventListener("abort", lost("broken off"));
    request.send(file);
  });
  return { answer, stop: () => request.abort() };
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    return error instanceof SyntaxError ? text : null;
  }
}
