import { expect, test } from "vitest";
import { ApiError, NetworkError, problemOf } from "./problem";
import { whyNot } from "./refused";

test("a refusal is said in the server's words, a page of a proxy's by its number and no code of ours", () => {
  expect(whyNot(new ApiError(problemOf(409, { code: "already_released", detail: "It is on the floor." })))).toEqual({ key: "common.said", params: { text: "It is on the floor." } });
  expect(whyNot(new ApiError(problemOf(502, "<html>Bad gateway</html>")))).toEqual({ key: "common.unanswered", params: { status: "502" } });
  expect(whyNot(new NetworkError(null))).toEqual({ key: "common.noNetwork" });
});

test("what is no failure of a request is none of ours to say", () => {
  expect(() => whyNot(new TypeError("a fault of the app"))).toThrow("a fault of the app");
});
