/** Why: the frames that screens stand in: the handheld's, the wide station's, the desk's; and what is always visible. */

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { useApp, useNow } from "./hooks";
import { minutesLeft, t } from "./i18n";
import { Icon, Mark } from "./icons";
import { Pill, ProgressBar, type BarPart } from "./parts";
import { currentPath, ROUTES } from "./router";

/** Live, or no network; and how many scans wait to be sent. Never in the way: work goes on. */
export function NetworkPill() {
  const { sending, link } = useApp();
  const { waiting, link: sync, stop } = sending.value;
  const count = waiting === 0 ? "" : ` · ${t("network.waiting", { n: waiting })}`;
  if (stop === "update") return <Pill tone="warn" dot="hollow">{t("network.update") + count}</Pill>;
  if (stop === "signin") return <Pill tone="warn" dot="hollow">{t("network.signIn") + count}</Pill>;
  if (stop === "refused") return <Pill tone="bad" dot="hollow">{t("network.refused") + count}</Pill>;
  if (sync === "offline" || link.value === "stale") return <Pill tone="warn" dot="hollow">{t("network.none") + count}</Pill>;
  if (waiting > 3) return <Pill tone="accent" dot="full">{t("network.sending", { n: waiting })}</Pill>;
  return link.value === "live" ? <Pill tone="ok" dot="full">{t("network.live")}</Pill> : <Pill dot="hollow">{t("network.connecting")}</Pill>;
}

/** Time to the cut-off, always in sight. */
export function CutOff({ at }: { readonly at: string }) {
  const now = useNow();
  return (
    <div class="clock" title={t("floor.cutOff")}>
      <Icon name="clock" size={17} weight={2.4} />
      <span class="sr">{t("floor.cutOff")}</span>
      {minutesLeft(at, now)}
    </div>
  );
}

export interface HandheldProps {
  /** "Tour 118-3", or the bin in hand. */
  readonly title: ComponentChildren;
  /** An ISO time. */
  readonly cutOff?: string | null;
  /** At the right end of the header where there is no cut-off. */
  readonly corner?: ComponentChildren;
  readonly progress?: { readonly parts: readonly BarPart[]; readonly total: number; readonly left: string; readonly right?: string };
  /** Up to three quiet buttons, within the thumb's reach. */
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** The handheld's frame: header, progress, one instruction, actions at the bottom. Put `.bottom` on what sits above them. */
export const Handheld = ({ title, cutOff, corner, progress, actions, children }: HandheldProps) => (
  <div class="handheld">
    <header>
      <h1 class="title">{title}</h1>
      <NetworkPill />
      {cutOff === undefined || cutOff === null ? <div class="clock">{corner}</div> : <CutOff at={cutOff} />}
    </header>
    {progress === undefined ? null : (
      <section class="progress" aria-label={t("floor.progress")}>
        <ProgressBar parts={progress.parts} total={progress.total} label={progress.left} />
        <div class="row">
          <span>{progress.left}</span>
          <span>{progress.right}</span>
        </div>
      </section>
    )}
    <main tabIndex={0}>{children}</main>
    {actions === undefined ? null : <footer>{actions}</footer>}
  </div>
);

export interface AppShellProps {
  /** In the top bar, beside the name: the search, say. */
  readonly top?: ComponentChildren;
  /** Numbers in the menu, by the path of the entry. */
  readonly counts?: Readonly<Record<string, string>>;
  /** Without padding: the screen lays itself out. */
  readonly flush?: boolean;
  readonly children: ComponentChildren;
}

/** The desk's frame: top bar, the menu of what this person may see, the screen. */
export function AppShell({ top, counts = {}, flush, children }: AppShellProps) {
  const { who } = useApp();
  const person = who.value.signedIn?.person;
  const path = currentPath.value;
  const main = useRef<HTMLElement>(null);
  const menu = ROUTES.filter((route) => route.menu !== undefined && mayGo(route.roles, person?.roles ?? [])).sort(
    (a, b) => (a.menu?.order ?? 0) - (b.menu?.order ?? 0),
  );
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
        <StaleOrLive />
        <a class="pill big" href="/home">
          {person?.name ?? t("shell.nobody")}
        </a>
      </header>
      <nav aria-label={t("shell.menu")}>
        {menu.map((route) => (
          <a href={route.path} key={route.path} {...(isUnder(path, route.path) ? { "aria-current": "page" as const } : {})}>
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

/** Live with a dot, or a warning that what is shown may be old. */
export function StaleOrLive() {
  const { link } = useApp();
  if (link.value === "live") return <Pill tone="ok" dot="full">{t("network.live")}</Pill>;
  return link.value === "stale" ? <Pill tone="warn" dot="hollow">{t("network.stale")}</Pill> : <Pill dot="hollow">{t("network.connecting")}</Pill>;
}

export const mayGo = (allowed: readonly string[] | "public", roles: readonly string[]): boolean =>
  allowed === "public" || roles.includes("admin") || allowed.some((role) => roles.includes(role));

const isUnder = (path: string, entry: string): boolean => path === entry || path.startsWith(`${entry}/`);
