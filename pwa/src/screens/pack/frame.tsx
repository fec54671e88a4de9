import type { ComponentChildren } from "preact";
import type { SignedIn } from "../../adapters/session";
import type { PackOrder, PackPrinter, PackView } from "../../core/packing";
import { Button, minutesLeft, navigate, NetworkPill, Pill, printerWords, t, timeFrom, useApp, useNow } from "../../ui";
import { cameFrom, nextBadge, stoodHere } from "../../ui/switching";
import { isPrinterWell, printerLacks, refuge } from "./labels";
import { standsInFor, type Input } from "./state";

export type Send = (input: Input) => void;

interface FrameProps {
  readonly title: string;
  readonly pills?: ComponentChildren;
  readonly footer?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** Takes a weight outside the tolerance as it is. */
export const mayDecide = (signedIn: SignedIn | null): boolean => signedIn?.permissions.includes("facts.decide") ?? false;

/** Another badge is another person at the same bench: a supervisor who decides, a packer who takes over or comes back. */
export function another(signedIn: SignedIn | null, badge: string | null): void {
  if (signedIn !== null && !mayDecide(signedIn)) stoodHere.value = signedIn.person;
  nextBadge.value = badge;
  cameFrom.value = "/pack";
  navigate("/sign-in?to=/pack");
}

export function Frame({ title, pills, footer, children }: FrameProps) {
  const { signedIn } = useApp().who.value;
  const before = standsInFor(stoodHere.value, signedIn?.person ?? null, mayDecide(signedIn));
  return (
    <div class="pack-room">
      <div class="pack">
        <header>
          <h1>{title}</h1>
          {pills}
          <span class="grow" />
          <NetworkPill />
          {before === null ? null : <Button kind="small" onTap={() => another(signedIn, null)}>{t("pack.backTo", { name: before.name })}</Button>}
          <a class="pack-person" href="/home">
            {signedIn?.person.name ?? ""}
          </a>
        </header>
        {children}
        {footer === undefined ? null : <footer aria-label={t("pack.commands")}>{footer}</footer>}
      </div>
    </div>
  );
}

export function PrinterPill({ printer }: { readonly printer: PackPrinter | null }) {
  if (printer === null) return <Pill tone="warn" dot="hollow">{t("pack.noPrinter")}</Pill>;
  const well = isPrinterWell(printer);
  return (
    <Pill tone={well ? "ok" : printerLacks(printer) === null ? "warn" : "bad"} dot={well ? "full" : "hollow"}>
      {t("pack.printerIs", { name: printer.name, words: printerWords(printer.condition) })}
    </Pill>
  );
}

/** The printer of the bench, and the way to the other one where this one cannot print. */
export function BenchPrinter({ view, send }: { readonly view: PackView; readonly send: Send }) {
  const other = refuge(view);
  return (
    <>
      <PrinterPill printer={view.printer} />
      {other === null ? null : <Button kind="line" onTap={() => send({ type: "printer", printer: other.id })}>{t("pack.printOn", { name: other.name })}</Button>}
    </>
  );
}

export function CutOffPill({ order }: { readonly order: PackOrder }) {
  const now = useNow();
  return <Pill tone={Date.parse(order.cutoff_at) < now ? "warn" : "accent"}>{t("pack.closes", { service: order.service, at: timeFrom(order.cutoff_at, now), left: minutesLeft(order.cutoff_at, now) })}</Pill>;
}
