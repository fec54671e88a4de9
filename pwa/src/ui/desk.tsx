/** Why: the frame that the desk's screens stand in. Apart from the handheld's, which loads none of it. */

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { useApp } from "./hooks";
import { t } from "./i18n";
import { Icon, Mark } from "./icons";
import { Pill } from "./parts";
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

const isUnder = (path: string, entry: string): boolean => path === entry || path.startsWith(`${entry}/`);
