import { afterEach, beforeEach, expect, test, vi } from "vitest";

const READER = "/assets/reader-AAAAAAAA.wasm";
const GONE = "/assets/reader-BBBBBBBB.wasm";

type Kept = Map<string, Response>;
let stores: Map<string, Kept>;
let heard: Map<string, (event: unknown) => void>;
const fetched = vi.fn(async (request: Request) => new Response(`fetched ${new URL(request.url).pathname}`));

function cacheOf(kept: Kept) {
  const key = (what: Request | string): string => (typeof what === "string" ? what : new URL(what.url).pathname);
  return {
    match: async (what: Request | string) => kept.get(key(what)),
    put: async (what: Request | string, answer: Response) => void kept.set(key(what), answer),
  };
}

beforeEach(async () => {
  stores = new Map([["pickwave-old", new Map([[READER, new Response("kept")], [GONE, new Response("old")]])], ["pickwave-new", new Map()], ["others", new Map()]]);
  heard = new Map();
  fetched.mockClear();
  vi.stubGlobal("__FILES__", []);
  vi.stubGlobal("__LATER__", [READER]);
  vi.stubGlobal("__VERSION__", "new");
  vi.stubGlobal("fetch", fetched);
  vi.stubGlobal("caches", {
    keys: async () => [...stores.keys()],
    open: async (name: string) => cacheOf(stores.get(name)!),
    delete: async (name: string) => stores.delete(name),
  });
  vi.stubGlobal("self", {
    location: { origin: "https://here" },
    clients: { claim: async () => undefined },
    addEventListener: (name: string, then: (event: unknown) => void) => heard.set(name, then),
  });
  vi.resetModules();
  await import("./sw" as string); // a script, no module: it gives nothing, it listens
});
afterEach(() => vi.unstubAllGlobals());

const happens = async (name: string): Promise<void> => {
  let done: Promise<unknown> = Promise.resolve();
  heard.get(name)!({ waitUntil: (work: Promise<unknown>) => (done = work) });
  await done;
};
const asks = async (path: string): Promise<string> => {
  let answer: Promise<Response> | undefined;
  heard.get("fetch")!({ request: new Request(`https://here${path}`), respondWith: (given: Promise<Response>) => (answer = given) });
  return (await answer!).clone().text();
};

test("a new version takes over what is heavy and still the same, and throws the rest of the old one away", async () => {
  await happens("activate");
  expect([...stores.keys()]).toEqual(["pickwave-new", "others"]);
  expect([...stores.get("pickwave-new")!.keys()]).toEqual([READER]);
  expect(await asks(READER)).toBe("kept");
  expect(fetched).not.toHaveBeenCalled();
});

test("what was too heavy to be fetched before is kept from its first use on, and only that", async () => {
  for (const path of [GONE, "/icons/none.svg"]) for (let n = 0; n < 2; n++) expect(await asks(path)).toBe(`fetched ${path}`);
  expect(fetched.mock.calls.map(([request]) => new URL(request.url).pathname)).toEqual([GONE, "/icons/none.svg", "/icons/none.svg"]);
});
