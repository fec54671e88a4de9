/**
 * Why: the app opens without a network, and never half old and half new.
 *
 * All files of one version are fetched before it counts as installed; it then waits until the page says that it is
 * a safe moment. API calls are not touched.
 */

/** Filled in by the build: the files of this version, what comes later, and a name made of their hashes. */
declare const __FILES__: readonly string[];
/** What is too heavy to be fetched before it is needed, and then kept. */
declare const __LATER__: readonly string[];
declare const __VERSION__: string;

const sw = self as unknown as ServiceWorkerGlobalScope;
const CACHE = `pickwave-${__VERSION__}`;

sw.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE).then((cache) => cache.addAll(__FILES__.map((file) => new Request(file, { cache: isHashed(file) ? "default" : "no-cache" })))),
  );
});

sw.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith("pickwave-") && name !== CACHE) await succeed(name);
      await sw.clients.claim();
    })(),
  );
});

/** Takes over from an older version's cache what is heavy and still the same; the rest goes. */
async function succeed(name: string): Promise<void> {
  const [old, cache] = [await caches.open(name), await caches.open(CACHE)];
  for (const file of __LATER__) {
    const kept = await old.match(file);
    if (kept !== undefined) await cache.put(file, kept);
  }
  await caches.delete(name);
}

sw.addEventListener("message", (event) => {
  if (event.data === "take over") void sw.skipWaiting();
});

sw.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== sw.location.origin || url.pathname.startsWith("/api/")) return;
  event.respondWith(request.mode === "navigate" && !isFile(url.pathname) ? fromCache("/index.html", request) : fromCache(url.pathname, request));
});

/**
 * This version's file, else the network: an unhashed file outside the list, or a cache that the browser threw away. What
 * was left out of the list for its weight is kept from its first use on.
 */
async function fromCache(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const cached = await cache.match(path, { ignoreSearch: true });
  if (cached !== undefined) return cached;
  const fetched = await fetch(request);
  if (isHashed(path) && fetched.status === 200) await cache.put(path, fetched.clone());
  return fetched;
}

const isHashed = (file: string): boolean => file.startsWith("/assets/");
const isFile = (path: string): boolean => path.slice(path.lastIndexOf("/")).includes(".");
