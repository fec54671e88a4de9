import { describe, expect, test } from "vitest";
import { ApiError, NetworkError } from "../core/problem";
import type { Batch } from "../core/queue";
import { commandWire, makeHttp } from "./http";

type Called = { url: string; init: RequestInit };

function httpWith(answer: () => Response | Promise<Response>, secret: string | null = null) {
  const calls: Called[] = [];
  const fake = async (url: unknown, init?: RequestInit) => {
    calls.push({ url: String(url), init: init ?? {} });
    return answer();
  };
  return { calls, http: makeHttp({ fetch: fake as typeof fetch, deviceSecret: () => secret, language: () => "de" }) };
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/problem+json", ...headers } });

const BATCH: Batch = {
  device: "d",
  epoch: "e",
  commands: [{ id: "i", seq: 1, kind: "pick", ticket: "t", at: "2026-11-24T15:00:00.000Z", after: [], version: null, body: {}, asked: true, renumbered: true }],
};
const never = { onAbort: () => undefined };

describe("a request", () => {
  test("says that it comes from the app, in which language, and asks with what it was given", async () => {
    const { calls, http } = httpWith(() => json(200, { items: [] }));
    expect(await http.get("/orders", { query: { q: "ana & co", limit: 20, after: null } })).toEqual({ items: [] });
    expect(calls[0]?.url).toBe("/api/orders?q=ana+%26+co&limit=20");
    expect(calls[0]?.init.headers).toMatchObject({ "x-pickwave": "1", "accept-language": "de" });
  });

  test("names the device only where it is asked for", async () => {
    const { calls, http } = httpWith(() => json(200, {}), "s3cret");
    await http.post("/auth/sign-in", {}, { asDevice: true });
    await http.get("/orders");
    expect(calls.map((call) => (call.init.headers as Record<string, string>)["authorization"])).toEqual(["Device s3cret", undefined]);
  });

  test("that tells the device that it is locked out is heard, unless its secret is another one by now", async () => {
    let secret = "old";
    const answers = ["device_revoked", "device_unknown", "sign_in_refused", "device_revoked"];
    const fake = async () => {
      if (answers.length === 1) secret = "new";
      return json(401, { code: answers.shift() });
    };
    const http = makeHttp({ fetch: fake as unknown as typeof fetch, deviceSecret: () => secret, language: () => "en" });
    const heard: string[] = [];
    http.onLockedOut((code) => heard.push(code));
    for (let i = 0; i < 4; i++) await http.post("/auth/sign-in", {}, { asDevice: true }).catch(() => undefined);
    expect(heard).toEqual(["device_revoked", "device_unknown"]);
  });

  test("that is refused throws the problem with its faults", async () => {
    const problem = { code: "order_invalid", detail: "The order has 1 fault.", faults: [{ field: "lines.0.sku", message: "unknown", wanted: "a SKU", got: "x" }], request_id: "r1" };
    const { http } = httpWith(() => json(422, problem));
    const error = await http.post("/orders", {}).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 422, code: "order_invalid", requestId: "r1", faults: [{ field: "lines.0.sku", got: "x" }] });
  });

  test("that meets a proxy's page of HTML still throws a problem", async () => {
    const { http } = httpWith(() => new Response("<h1>Bad gateway</h1>", { status: 502, headers: { "content-type": "text/html" } }));
    await expect(http.get("/x")).rejects.toMatchObject({ code: "http_502", faults: [] });
  });

  test("without a network throws that nobody knows", async () => {
    const { http } = httpWith(() => Promise.reject(new TypeError("failed to fetch")));
    await expect(http.get("/x")).rejects.toBeInstanceOf(NetworkError);
  });

  test("that is answered with nothing gives null", async () => {
    const { http } = httpWith(() => new Response(null, { status: 204 }));
    expect(await http.delete("/x")).toBeNull();
  });

  test("for a file gives its bytes and what was said of it, and for a refusal its problem", async () => {
    const { calls, http } = httpWith(() => new Response(new Uint8Array([37, 80, 68, 70, 255]), { headers: { "content-type": "application/pdf", "x-pickwave-without": "7" } }));
    const { blob, headers } = await http.file("/orders/slips.pdf", { orders: [7, 8] });
    expect([...new Uint8Array(await blob.arrayBuffer())]).toEqual([37, 80, 68, 70, 255]);
    expect([blob.type, headers.get("x-pickwave-without")]).toEqual(["application/pdf", "7"]);
    expect([calls[0]?.init.method, calls[0]?.init.body]).toEqual(["POST", '{"orders":[7,8]}']);
    await expect(httpWith(() => json(409, { code: "cartons_missing" })).http.file("/orders/slips.pdf", {})).rejects.toMatchObject({ code: "cartons_missing" });
  });

  test("tells when nobody is signed in any more", async () => {
    const { http } = httpWith(() => json(401, { code: "not_signed_in" }));
    let told = 0;
    http.onSignedOut(() => told++);
    await expect(http.get("/orders")).rejects.toMatchObject({ status: 401 });
    await expect(http.post("/auth/sign-in", {}, { asDevice: true })).rejects.toMatchObject({ status: 401 });
    expect(told).toBe(1);
  });
});

describe("a batch of floor commands", () => {
  test("carries the envelope and nothing of the device's own notes", async () => {
    const { calls, http } = httpWith(() => json(200, { answers: [], resend_from: 3, high_water: 2 }));
    expect(await commandWire(http).post(BATCH, never)).toEqual({ kind: "answers", answers: [], resendFrom: 3 });
    const sent = JSON.parse(String(calls[0]?.init.body)) as Batch;
    expect(sent).toMatchObject({ device: "d", epoch: "e" });
    expect(Object.keys(sent.commands[0] ?? {})).toEqual(["id", "seq", "kind", "ticket", "at", "after", "version", "body"]);
  });

  test.each([
    [401, { kind: "signin" }],
    [426, { kind: "update" }],
    [413, { kind: "too_big" }],
    [429, { kind: "busy", retryAfter: 7000 }],
    [503, { kind: "busy", retryAfter: 7000 }],
    [403, { kind: "refused", code: "nope" }],
  ])("answered with %d is understood", async (status, reply) => {
    const { http } = httpWith(() => json(status, { code: "nope" }, { "retry-after": "7" }));
    expect(await commandWire(http).post(BATCH, never)).toEqual(reply);
  });
});
