import type { ComponentChildren } from "preact";
import type { PackCarton, PackPrinter, PackView } from "../../core/packing";
import { Button, Icon, printerWords, said, t, type Tone } from "../../ui";
import type { Send } from "./frame";
import { isDoubted, isMended, isPrinterWell, mendingSaid, printerOf, printTrouble } from "./labels";

const PRINTS: Readonly<Record<string, Tone>> = { queued: "accent", sending: "accent", printed: "ok", failed: "bad", unknown: "warn", cancelled: "warn" };

interface PrintStateProps {
  readonly carton: PackCarton;
  readonly view: PackView;
  readonly send: Send;
}

/** What is known of the label and its printing, in words, and what to do where it is not well. */
export function PrintState({ carton, view, send }: PrintStateProps) {
  const { label, print } = carton;
  const printer = printerOf(view, carton);
  const other = [view.printer, view.other ?? null].find((each) => each !== null && each.id !== printer?.id && isPrinterWell(each)) ?? null;
  if (label?.state === "refused") {
    return (
      <Trouble tone="bad" words={label.reason === "sscc_used_up" ? t("pack.label.noNumber") : t("pack.label.refused", { reason: label.reason ?? "" })} more={t("pack.label.refusedMore")}>
        <Button kind="line" onTap={() => send({ type: "tap", what: "NEW_LABEL" })}>{t("pack.askAgain")}</Button>
      </Trouble>
    );
  }
  if (label?.state !== "live") return <Trouble tone="accent" words={t("pack.label.wanted")} {...(label?.reason ? { more: t("pack.label.slow") } : {})} />;
  if (printer === null) return <Trouble tone="warn" words={t("pack.noPrinter")} more={t("pack.noPrinterMore")} />;
  if (print === null) return <Trouble tone="accent" words={t("pack.print.queued")} />;
  if (isDoubted(carton)) return <Doubted send={send} />;
  const state = print.state in PRINTS ? print.state : "failed";
  const cause = printTrouble(print, printer);
  if (cause === null) return <Trouble tone={PRINTS[state] ?? "warn"} words={t(`pack.print.${state}`)}>{state === "failed" || state === "cancelled" ? <Again send={send} /> : null}</Trouble>;
  return (
    <Trouble tone="bad" words={t("pack.print.trouble", { words: printerWords(cause) })} more={said(mendingSaid(cause))}>
      {isMended(cause) ? null : <Again send={send} />}
      {other === null || print.state === "sending" ? null : <PrintOn printer={other} send={send} />}
    </Trouble>
  );
}

const Again = ({ send }: { readonly send: Send }) => <Button kind="line" onTap={() => send({ type: "tap", what: "REPRINT" })}>{t("pack.reprint")}</Button>;

/** The other printer of the station, by a tap. */
export const PrintOn = ({ printer, send }: { readonly printer: PackPrinter; readonly send: Send }) => (
  <Button kind="line" onTap={() => send({ type: "printer", printer: printer.id })}>{t("pack.printOn", { name: printer.name })}</Button>
);

/** Nobody knows whether it came out but who stands there. */
const Doubted = ({ send }: { readonly send: Send }) => (
  <div class="pack-doubt" role="group" aria-label={t("pack.cameOut")}>
    <b>{t("pack.cameOut")}</b>
    <span class="soft">{t("pack.cameOutMore")}</span>
    <div class="row">
      <Button onTap={() => send({ type: "tap", what: "YES" })}>{t("pack.yesCameOut")}</Button>
      <Button kind="quiet" onTap={() => send({ type: "tap", what: "NO" })}>{t("pack.noCameOut")}</Button>
    </div>
  </div>
);

interface TroubleProps {
  readonly tone: Tone;
  readonly words: string;
  readonly more?: string;
  readonly children?: ComponentChildren;
}

export const Trouble = ({ tone, words, more, children }: TroubleProps) => (
  <div class={`pack-print ${tone}`} role="status">
    <Icon name={tone === "ok" ? "check" : tone === "accent" ? "printer" : "warn"} size={22} weight={2.4} />
    <span class="grow">
      {words}
      {more === undefined ? null : <small>{more}</small>}
    </span>
    {children}
  </div>
);
