/** Why: the role decides where a person's work is. One place: go there. Several: choose with one tap. */

import type { IconName } from "../../ui/icons";

export interface Place {
  readonly path: string;
  /** A key of the shared catalogue. */
  readonly title: string;
  readonly icon: IconName;
  readonly roles: readonly string[];
  /** Work beside the main one: it alone decides no home, and is reached from there. */
  readonly beside?: true;
}

export const PLACES: readonly Place[] = [
  { path: "/pick", title: "nav.pick", icon: "cart", roles: ["picker"] },
  { path: "/pack", title: "nav.pack", icon: "box", roles: ["packer"] },
  { path: "/release", title: "nav.release", icon: "wave", roles: ["supervisor"] },
  { path: "/tasks", title: "nav.tasks", icon: "putBack", roles: ["picker", "packer", "receiver", "supervisor"], beside: true },
  { path: "/supply", title: "nav.supply", icon: "box", roles: ["receiver"], beside: true },
  { path: "/board", title: "nav.board", icon: "map", roles: ["supervisor"] },
  { path: "/orders", title: "nav.orders", icon: "list", roles: ["desk", "supervisor", "integrator"] },
  { path: "/channels", title: "nav.channels", icon: "cart", roles: ["desk", "integrator"], beside: true },
  { path: "/webhooks", title: "nav.webhooks", icon: "globe", roles: ["integrator", "operator"], beside: true },
  { path: "/setup", title: "nav.setup", icon: "check", roles: ["operator", "supervisor"] },
];

/** The places of these roles that the app has screens for; the administrator's are all. */
export const placesFor = (roles: readonly string[], exists: (path: string) => boolean): Place[] =>
  PLACES.filter((place) => exists(place.path) && (roles.includes("admin") || place.roles.some((role) => roles.includes(role))));

/** Where to go at once: the one main place of these. */
export function homeOf(places: readonly Place[]): Place | undefined {
  const main = places.filter((place) => place.beside !== true);
  return main.length === 1 ? main[0] : undefined;
}

/** Of the server's `Guide` what decides where somebody begins. */
export interface Guide {
  readonly steps: readonly { readonly step: string; readonly done: boolean }[];
  readonly next: string | null;
}

export const stepsOf = ({ steps }: Guide): { readonly done: number; readonly all: number } => ({ done: steps.filter(({ done }) => done).length, all: steps.length });

/** Nothing is set up: there is nowhere else to go. */
export const isBare = (guide: Guide | null): boolean => guide !== null && guide.steps.length > 0 && stepsOf(guide).done === 0;

/** Until the first orders are there the set-up comes first: whatever is still missing then is done beside the work. */
export function setupFirst(places: readonly Place[], guide: Guide | null): readonly Place[] {
  if (guide === null || guide.steps.every(({ step, done }) => step !== "orders" || done)) return places;
  const isSetup = ({ path }: Place): boolean => path === "/setup";
  return [...places.filter(isSetup), ...places.filter((place) => !isSetup(place))];
}
