/**
 * Why: each screen is a folder that says its own address; nothing else lists them. The History API and forty lines.
 */

import { computed, effect, signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { matchPath } from "../core/paths";
import { loadScreenTexts } from "./i18n";
import type { IconName } from "./icons";

export interface ScreenProps {
  readonly params: Readonly<Record<string, string>>;
}

/** What `src/screens/<folder>/route.ts` exports as default. */
export interface Route {
  /** `/orders/:number` */
  readonly path: string;
  /** A key of the shared catalogue (`nav.…`): the page's title, and its words in the menu. */
  readonly title: string;
  /** Who may come here; the server decides what they may do. `public`: without sign-in. */
  readonly roles: readonly string[] | "public";
  /** Floor work: only on an enrolled device, with the ticket of who works. */
  readonly floor?: true;
  /** `auto`: dark on a handheld, else as the device is set. A person's own wish goes before. */
  readonly theme: "dark" | "light" | "auto";
  /** Where it stands in the desk's menu; not there when left out. */
  readonly menu?: { readonly order: number; readonly icon: IconName; /** Addresses elsewhere that belong to it. */ readonly also?: readonly string[] };
  /** Its JavaScript is fetched at the first visit (and by the service worker before). */
  readonly load: () => Promise<{ readonly default: ComponentType<ScreenProps> }>;
}

export interface PlacedRoute extends Route {
  readonly folder: string;
}

const FILES = import.meta.glob<Route>("../screens/*/route.ts", { eager: true, import: "default" });

export const ROUTES: readonly PlacedRoute[] = Object.entries(FILES)
  .map(([file, route]) => ({ ...route, folder: file.split("/")[2] ?? "" }))
  .sort((a, b) => Number(a.path.includes(":")) - Number(b.path.includes(":")));

const path = signal(typeof location === "undefined" ? "/" : location.pathname);
/** What stands behind the question mark of the address. */
export const searchParams = signal(new URLSearchParams(typeof location === "undefined" ? "" : location.search));
export const currentPath = computed(() => path.value);

const follow = (): void => {
  path.value = location.pathname;
  searchParams.value = new URLSearchParams(location.search);
};

/** Goes to an address of ours; `replace` leaves no step back. */
export function navigate(to: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  follow();
  scrollTo(0, 0);
}

/** The route of an address and its parameters. */
export function routeOf(address: string): { route: PlacedRoute; params: Record<string, string> } | null {
  for (const route of ROUTES) {
    const params = matchPath(route.path, address);
    if (params !== null) return { route, params };
  }
  return null;
}

export const here = computed(() => routeOf(path.value));

export type Screen = ComponentType<ScreenProps>;
const loaded = new Map<string, Screen>();

/** The screen that is ready to be drawn, and the one that could not be fetched. */
export const screen = signal<{ route: PlacedRoute; params: Record<string, string>; View: Screen } | null>(null);
export const screenFailed = signal(false);

/** Fetches what the address needs, then shows it: the old screen stands until then. */
async function show(): Promise<void> {
  const wanted = here.value;
  if (wanted === null) return void (screen.value = null);
  const { route, params } = wanted;
  try {
    const [View] = await Promise.all([loaded.get(route.path) ?? route.load().then((file) => file.default), loadScreenTexts(route.folder)]);
    loaded.set(route.path, View);
    screenFailed.value = false;
    if (here.peek()?.route.path === route.path) screen.value = { route, params: here.peek()?.params ?? params, View };
  } catch (error) {
    screenFailed.value = true;
    console.error(error);
  }
}

/** Listens to the browser: back and forward, and links of ours. */
export function startRouter(page: Document = document): void {
  addEventListener("popstate", follow);
  page.addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest?.("a");
    if (link === null || link === undefined || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || link.target !== "" || link.hasAttribute("download")) return;
    if (link.origin !== location.origin || routeOf(link.pathname) === null) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
  effect(() => void show());
}
