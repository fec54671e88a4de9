/** Why: what comes up beside the walk, now and then, is not loaded before it does. */

import { useSignal } from "@preact/signals";
import { printedBin } from "../../core/barcode";
import { leftOf, loadOf, type TourStop } from "../../core/tour";
import { Button, Dialog, Handheld, Icon, ItemCard, Keypad, navigate, number, Panel, Pill, ScanPrompt, SlotBadge, t } from "../../ui";
import { SHORT_REASONS, type Input, type State } from "./flow";
import { nameOf, tourTitle } from "./words";

type Send = (input: Input) => void;
type At<M extends State["mode"]> = Extract<State, { mode: M }>;

interface SheetProps {
  readonly onClose: () => void;
  readonly send: Send;
}

export function ShortSheet({ stop, onClose, send }: SheetProps & { readonly stop: TourStop }) {
  return (
    <Dialog title={t("pick.whyShort")} sheet onClose={onClose}>
      <p class="soft">{t("pick.whyShortMore", { bin: printedBin(stop.bin.code) })}</p>
      <div class="choices">
        {SHORT_REASONS.map((reason) => (
          <Button key={reason} kind="quiet" wide onTap={() => (onClose(), send({ type: "short", reason, id: "" }))}>
            {t(`pick.reason.${reason}`)}
          </Button>
        ))}
      </div>
      <Button kind="line" onTap={onClose}>{t("common.back")}</Button>
    </Dialog>
  );
}

export function MoreSheet({ state, onClose, send, open }: SheetProps & { readonly state: At<"stop">; readonly open: (sheet: "short" | "quantity" | "digits") => void }) {
  const atBin = state.at.phase === "bin";
  return (
    <Dialog title={t("pick.more")} sheet onClose={onClose}>
      <div class="choices">
        {atBin ? <Button kind="quiet" wide onTap={() => open("digits")}>{t("pick.typeDigits")}</Button> : <Button kind="quiet" wide onTap={() => open("quantity")}>{t("pick.typeQuantityShort")}</Button>}
        {atBin && state.stop.kind !== "put_back" ? <Button kind="quiet" wide onTap={() => open("short")}>{t("pick.short")}</Button> : null}
        {atBin ? <Button kind="quiet" wide onTap={() => (onClose(), send({ type: "undo" }))}>{t("pick.undo")}</Button> : null}
        <Button kind="quiet" wide onTap={() => navigate("/home")}>{t("pick.me")}</Button>
      </div>
      <Button kind="line" onTap={onClose}>{t("common.back")}</Button>
    </Dialog>
  );
}

interface NumberSheetProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly onDone?: (quantity: number) => void;
  readonly onText?: (text: string) => void;
}

export function NumberSheet({ title, onClose, onDone, onText }: NumberSheetProps) {
  const text = useSignal("");
  const done = (): void => {
    onClose();
    onDone?.(Number(text.value));
    onText?.(text.value);
  };
  return (
    <Dialog title={title} sheet onClose={onClose}>
      <output class="pick-typed mono">{text.value === "" ? "–" : text.value}</output>
      <Keypad onDigit={(digit) => text.value.length < 5 && (text.value += digit)} onErase={() => (text.value = text.value.slice(0, -1))} />
      <Button wide disabled={text.value === ""} onTap={done}>{t("pick.take")}</Button>
      <Button kind="line" onTap={onClose}>{t("common.back")}</Button>
    </Dialog>
  );
}

export function NewsStep({ state: { tour, news, under }, send }: { readonly state: At<"news">; readonly send: Send }) {
  const inHand = news.cancelled.some(({ task }) => task === under?.stop.task) ? (under?.at.counted ?? 0) : 0;
  const orders = [...new Set([...news.cancelled, ...news.putBacks].map((stop) => String(stop.order ?? "")))].filter((order) => order !== "");
  return (
    <Handheld title={tourTitle(tour)} cutOff={tour.cutoff_at}>
      {orders.length === 0 ? null : (
        <Panel tone="warn" label={t("pick.stopCard")}>
          <h2 class="pick-news">{t("pick.orderChanged", { orders: orders.join(", "), n: orders.length })}</h2>
          {inHand === 0 ? null : <p>{t("pick.putInHandBack", { n: inHand, bin: printedBin(under?.stop.bin.code ?? "") })}</p>}
          <p>{news.putBacks.length === 0 ? t("pick.nothingToPutBack") : t("pick.putThemBack")}</p>
        </Panel>
      )}
      {news.moved.map((stop) => (
        <Panel key={stop.task} tone="warn" label={t("pick.stopCard")}>
          <h2 class="pick-news">{t("pick.foundShort", { bin: printedBin(stop.bin.code) })}</h2>
          <p>{t("pick.foundShortMore", { name: nameOf(tour, stop) })}</p>
        </Panel>
      ))}
      {news.putBacks.map((stop) => (
        <ItemCard
          key={stop.task}
          name={nameOf(tour, stop)}
          sku={tour.items[stop.item]?.sku ?? ""}
          picture={tour.items[stop.item]?.picture ?? null}
          note={t("pick.backTo", { n: leftOf(stop), bin: printedBin(stop.bin.code) })}
          {...(stop.slot === null ? {} : { aside: <SlotBadge slot={stop.slot} small /> })}
        />
      ))}
      <div class="bottom">
        <Button wide onTap={() => send({ type: "tap", what: "on" })}>{t("pick.goOn")}</Button>
      </div>
    </Handheld>
  );
}

export function FinishStep({ state, send }: { readonly state: At<"finish">; readonly send: Send }) {
  const { tour, handed } = state;
  const saved = Math.max(0, Math.round((tour.bin_order_mm - tour.length_mm) / 1000));
  const actions = handed ? (
    <>
      <Button wide onTap={() => send({ type: "tap", what: "look" })}>{t("pick.lookAgain")}</Button>
      <Button kind="quiet" onTap={() => navigate("/home")}>{t("pick.me")}</Button>
    </>
  ) : (
    <Button kind="quiet" onTap={() => send({ type: "undo" })}>{t("pick.undo")}</Button>
  );
  return (
    <Handheld title={tourTitle(tour)} cutOff={tour.cutoff_at} actions={actions}>
      <div class="pick-big ok">
        <Icon name="done" size={112} weight={1.6} />
        <h2>{handed ? t("pick.handed") : t("pick.allDone")}</h2>
        <p class="soft">{t("pick.summary", loadOf(tour))}</p>
        {saved === 0 ? null : <Pill big tone="accent">{t("pick.saved", { metres: number(saved) })}</Pill>}
      </div>
      {handed ? (
        <p class="soft pick-centre">{t("pick.handedMore")}</p>
      ) : (
        <>
          <ScanPrompt>{t("pick.scanStation")}</ScanPrompt>
          <Button wide onTap={() => send({ type: "hand over", place: null })}>{t("pick.handOver")}</Button>
        </>
      )}
    </Handheld>
  );
}
