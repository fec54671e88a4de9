/**
 * Why: a kiosk never navigates, so it must ask for new versions itself; and a new version must not come over somebody
 * in mid-task. It waits until nobody is signed in and nothing is unsent, or until somebody wants it: at a desk one stays
 * signed in for days. Then the page starts anew.
 */

import { signal } from "@preact/signals";

/** The browser keeps no service worker of ours: without a network nothing works. Mostly it does not trust the certificate. */
export const unkept = signal(false);

/** Takes the newer version that is there; null: there is none. */
export const newer = signal<(() => void) | null>(null);

export interface Updates {
  /** Asks the server for a newer version now: at sign-in. */
  look(): void;
  /** Whether this is a moment at which the page may start anew. */
  safe(is: boolean): void;
}

const EVERY = 30 * 60 * 1000;
/** How long the old worker may take to let go, ms. Chromium at times never lets it: seen, 3 of 4 runs, with requests under way. */
const LET_GO = 4000;

const there = (): Promise<boolean> => fetch("/sw.js", { cache: "no-store" }).then((answer) => answer.ok, () => false);

export function startUpdates(): Updates {
  const workers = (navigator as Partial<Navigator>).serviceWorker;
  unkept.value = workers === undefined;
  if (workers === undefined || !import.meta.env.PROD) return { look: () => undefined, safe: () => undefined };
  let registration: ServiceWorkerRegistration | null = null;
  let isSafe = false;
  let isWanted = false;
  let leaving = false;

  const want = (): void => {
    isWanted = true;
    take();
  };
  const take = (): void => {
    const waiting = workers.controller === null ? null : registration?.waiting;
    newer.value = waiting === null || waiting === undefined || leaving ? null : want;
    if (newer.value === null || !(isSafe || isWanted)) return;
    newer.value = null;
    leaving = true;
    workers.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting?.postMessage("take over");
    setTimeout(() => void startOver(), LET_GO);
  };
  /** The old worker is still there: the page goes on without one, from the network, where its new one registers. */
  const startOver = async (): Promise<void> => {
    leaving = false;
    if (!(isSafe || isWanted) || registration?.waiting == null) return;
    if (!(await there()) || !(isSafe || isWanted)) {
      isWanted = false;
      newer.value = want; // no network: the old version stays, and is asked again at the next safe moment
      return;
    }
    await registration.unregister();
    location.reload();
  };
  const look = (): void => {
    registration?.update().catch(() => undefined); // no network: asked for again at the next sign-in
    take();
  };
  workers.register("/sw.js", { updateViaCache: "none" }).then(
    (found) => {
      registration = found;
      found.addEventListener("updatefound", () => found.installing?.addEventListener("statechange", take));
      take();
    },
    (error: unknown) => {
      unkept.value = error instanceof DOMException && error.name === "SecurityError"; // no network says nothing
      console.warn("no service worker: this device cannot work offline", error);
    },
  );
  setInterval(look, EVERY);
  return {
    look,
    safe: (is) => {
      isSafe = is;
      take();
    },
  };
}
