import { expect, test } from "vitest";
import { ApiError, isPassing, isRefused, NetworkError, problemOf } from "./problem";

const error = (status: number): ApiError => new ApiError(problemOf(status, {}));

test("a no is one that the server has looked at; whoever was not heard has no answer yet", () => {
  expect([400, 404, 409, 422].map((status) => isRefused(error(status)))).toEqual([true, true, true, true]);
  expect([401, 403, 408, 429, 500, 503].map((status) => isRefused(error(status)))).toEqual([false, false, false, false, false, false]);
  expect(isRefused(new NetworkError(new Error("gone")))).toBe(false);
});

test("what a server that is away or busy answers passes, what it refuses does not", () => {
  expect([new NetworkError(null), ...[502, 503, 429, 408].map(error)].map(isPassing)).toEqual([true, true, true, true, true]);
  expect([...[404, 410, 409].map(error), new TypeError("ours")].map(isPassing)).toEqual([false, false, false, false]);
});
