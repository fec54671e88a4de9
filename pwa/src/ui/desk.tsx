/** Why: the frame that the desk's screens stand in. Apart from the handheld's, which loads none of it. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { newer } from "../adapters/updates";
import { whyNot } from "../core/refused";
import { areApart } from "../core/zoned";
import { useApp } from "./hooks";
import { t, zone } from "./i18n";
import { Icon, Mark } from "./icons";
import { Button, Pill } from "./parts";
import { currentPath, ROUTES } from "./router";
import { mayGo } from "./shell";

export interface AppShellProps {
  /** In the top bar, beside the name: the search, say. */
  readonly top?: ComponentChildren;
  /** Numbers in the menu, by the path of the entry. */
  readonly counts?: Readonly<Record<string, string>>;
  /** Without padding: the screen lays itself out. */
  readonly flush?: boolean;
  readonly children: ComponentChildren;
}

/** Whether a screen of the desk stood before: on the first one nothing has lost the focus. */
let isLater = false;

/** The desk's frame: top bar, the menu of what this person may see, the screen. */
export function AppShell({ top, counts = {}, flush, children }: AppShellProps) {
  const { who } = useApp();
  const person = who.value.signedIn?.person;
  const path = currentPath.value;
  const main = useRef<HTMLElement>(null);
  const entries = useRef<HTMLElement>(null);
  useEffect(() => {
    // The link that led here went with the screen before, and the focus with it.
    if (isLater && document.activeElement === document.body) main.current?.focus({ preventScroll: true });
    isLater = true;
  }, []);
  useHouseZone();
  useEffect(() => {
    // On a phone the menu is one row: the entry that one is at is in sight.
    entries.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [path]);
  const menu = ROUTES.filter((route) => route.menu !== undefined && mayGo(route.roles, person?.roles ?? [])).sort(
    (a, b) => (a.menu?.order ?? 0) - (b.menu?.order ?? 0),
  );
  const here = menu.find((route) => route.menu?.also?.includes(path)) ?? menu.find((route) => isUnder(path, route.path));
  return (
    <div class="desk">
      <a class="btn small skip" href="#main" onClick={() => main.current?.focus()}>
        {t("shell.skip")}
      </a>
      <header>
        <a class="brand" href="/">
          <Mark />
          Pickwave
        </a>
        {top}
        <span class="grow" />
        <TimeZone />
        <Newer />
        <StaleOrLive />
        <a class="pill big" href="/home">
          {person?.name ?? t("shell.nobody")}
        </a>
      </header>
      <nav aria-label={t("shell.menu")} ref={entries}>
        {menu.map((route) => (
          <a href={route.path} key={route.path} {...(route === here ? { "aria-current": "page" as const } : {})}>
            <span class="row">
              <Icon name={route.menu?.icon ?? "list"} size={18} />
              {t(route.title)}
            </span>
            <span>{counts[route.path]}</span>
          </a>
        ))}
      </nav>
      <main id="main" ref={main} tabIndex={-1} class={flush === true ? "flush" : ""}>
        {children}
      </main>
    </div>
  );
}

/** Whoever works everywhere is shown the first warehouse, so times are said in its zone. */
export function useHouseZone(): void {
  const { http, who } = useApp();
  const { signedIn } = who.value;
  const everywhere = signedIn !== null && signedIn.warehouse === null;
  useEffect(() => {
    if (!everywhere || zone.peek() !== undefined) return;
    http
      .get<{ readonly items: readonly { readonly number: number; readonly time_zone: string }[] }>("/warehouses")
      .then(({ items }) => (zone.value = items[0]?.time_zone), (error: unknown) => void whyNot(error));
  }, [everywhere]);
}

/** The zone that times are said in, where the clock of whoever looks shows another time. */
export const TimeZone = () =>
  zone.value !== undefined && areApart(zone.value, undefined, Date.now()) ? <Pill>{t("shell.zone", { zone: zone.value.replaceAll("_", " ") })}</Pill> : null;

/** A newer app is there: whoever sits here takes it when it suits them. */
export const Newer = () => (newer.value === null ? null : <Button kind="line" onTap={newer.value}>{t("shell.newer")}</Button>);

/** Live with a dot, or a warning that what is shown may be old. */
export function StaleOrLive() {
  const { link } = useApp();
  if (link.value === "live") return <Pill tone="ok" dot="full">{t("network.live")}</Pill>;
  return link.value === "stale" ? <Pill tone="warn" dot="hollow">{t("network.stale")}</Pill> : <Pill dot="hollow">{t("network.connecting")}</Pill>;
}

const isUnder = (path: string, entry: string): boolean => path === entry || path.startsWith(`${entry}/`);
