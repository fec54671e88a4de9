import type { ComponentChildren } from "preact";
import type { PackOrder, PackPrinter } from "../../core/packing";
import { minutesLeft, NetworkPill, Pill, printerWords, t, time, useApp, useNow } from "../../ui";
import { isPrinterWell, printerLacks } from "./labels";
import type { Input } from "./state";

export type Send = (input: Input) => void;

interface FrameProps {
  readonly title: string;
  readonly pills?: ComponentChildren;
  readonly footer?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Frame({ title, pills, footer, children }: FrameProps) {
  const { who } = useApp();
  return (
    <div class="pack">
      <header>
        <h1>{title}</h1>
        {pills}
        <span class="grow" />
        <NetworkPill />
        <a class="pack-person" href="/home">
          {who.value.signedIn?.person.name ?? ""}
        </a>
      </header>
      {children}
      {footer === undefined ? null : <footer aria-label={t("pack.commands")}>{footer}</footer>}
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

export function CutOffPill({ order }: { readonly order: PackOrder }) {
  const now = useNow();
  return <Pill tone="accent">{t("pack.closes", { service: order.service, at: time(order.cutoff_at), left: minutesLeft(order.cutoff_at, now) })}</Pill>;
}
