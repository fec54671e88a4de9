/**
 * Why: a kiosk never navigates, so it must ask for new versions itself; and a new version must not come over somebody
 * in mid-task. It waits until nobody is signed in and nothing is unsent, then the page starts anew.
 */

import { signal } from "@preact/signals";

/** The browser keeps no service worker of ours: without a network nothing works. Mostly it does not trust the certificate. */
export const unkept = signal(false);

export interface Updates {
  /** Asks the server for a newer version now: at sign-in. */
  look(): void;
  /** Whether this is a moment at which the page may start anew. */
  safe(is: boolean): void;
}

const EVERY = 30 * 60 * 1000;
/** How long the old worker may take to let go, ms. Chromium at times never lets it: seen, 3 of 4 runs, with requests under way. */
const LET_GO = 4000;

export function startUpdates(): Updates {
  const workers = (navigator as Partial<Navigator>).serviceWorker;
  unkept.value = workers === undefined;
  if (workers === undefined || !import.meta.env.PROD) return { look: () => undefined, safe: () => undefined };
  let registration: ServiceWorkerRegistration | null = null;
  let isSafe = false;
  let leaving = false;

  const take = (): void => {
    const waiting = registration?.waiting;
    if (!isSafe || leaving || waiting === null || waiting === undefined || workers.controller === null) return;
    leaving = true;
    workers.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting.postMessage("take over");
    setTimeout(() => void startOver(), LET_GO);
  };
  /** The old worker is still there: the page goes on without one, from the network, where its new one registers. */
  const startOver = async (): Promise<void> => {
    leaving = false;
    if (!isSafe || registration?.waiting == null) return;
    try {
      const reached = await fetch("/sw.js", { cache: "no-store" });
      if (!reached.ok || !isSafe) return;
    } catch {
      return; // no network: the old version stays, and is asked again at the next safe moment
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
