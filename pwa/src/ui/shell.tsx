/** Why: the frame that a handheld's screens stand in, and what is always visible on it. The desk's is in `desk.tsx`. */

import type { ComponentChildren } from "preact";
import { useApp, useNow } from "./hooks";
import { minutesLeft, t } from "./i18n";
import { Icon } from "./icons";
import { Pill, ProgressBar, type BarPart } from "./parts";

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
    <div class={Date.parse(at) < now ? "clock over" : "clock"} title={t("floor.cutOff")}>
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
  /** What to scan, above the buttons: where what stands above may be long. */
  readonly prompt?: ComponentChildren;
  /** Up to three quiet buttons, within the thumb's reach. */
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** The handheld's frame: header, progress, one instruction, actions at the bottom. Put `.bottom` on what sits above them. */
export const Handheld = ({ title, cutOff, corner, progress, prompt, actions, children }: HandheldProps) => (
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
    {actions === undefined ? null : (
      <footer>
        {prompt}
        {actions}
      </footer>
    )}
  </div>
);

export const mayGo = (allowed: readonly string[] | "public", roles: readonly string[]): boolean =>
  allowed === "public" || roles.includes("admin") || allowed.some((role) => roles.includes(role));
