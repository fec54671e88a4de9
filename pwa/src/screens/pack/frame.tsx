import type { ComponentChildren } from "preact";
import type { PackOrder, PackPrinter } from "../../core/packing";
import { minutesLeft, NetworkPill, Pill, t, time, useApp, useNow } from "../../ui";
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

/** What a printer says of itself, and why a job ended: as the server's `Condition` and `Cause`. */
const PRINTER_WORDS = new Set([
  "ready", "busy", "offline", "no_answer", "head_open", "paper_out", "ribbon_out", "too_hot", "too_cold", "faulty", "paused", "buffer_full", "partial_format",
  "label_waiting", "connection_lost", "bad_answer", "no_count", "count_differs", "cancelled", "sender_lost",
]);
export const printerWords = (code: string): string => t(`pack.printer.${PRINTER_WORDS.has(code) ? code : "unknown"}`);

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
