import type { ComponentChildren } from "preact";
import type { PackPrinter, PackView } from "../../core/packing";
import { Button, Fault, Icon, printerWords, said, Spinner, t } from "../../ui";
import { stationBarcode } from "./flow";
import { Frame, PrinterPill, type Send } from "./frame";
import { isPrinterWell, mendingSaid, printerLacks } from "./labels";
import { Places } from "./orders";
import { PrintOn } from "./print";
import { VoiceSwitch } from "./speaking";
import type { At } from "./state";

/** Which station is this? */
export function Choose({ state, send }: { readonly state: At<"station">; readonly send: Send }) {
  return (
    <Frame title={t("pack.title")}>
      <main class="pack-middle">
        <Icon name="box" size={104} weight={1.3} />
        <h2>{t("pack.chooseStation")}</h2>
        <p class="soft">{t("pack.chooseStationMore")}</p>
        {state.stations === null && state.fault === null ? <Spinner label={t("common.loading")} /> : null}
        <Fault why={state.fault} />
        <div class="pack-stations">
          {(state.stations ?? []).map((station) => (
            <Button key={station.id} kind="quiet" onTap={() => send({ type: "station", station })}>
              {station.name}
              <span class="mono soft">{stationBarcode(station)}</span>
            </Button>
          ))}
        </div>
      </main>
    </Frame>
  );
}

/** Nothing lies here: the next tote is scanned. */
export function Idle({ state, send }: { readonly state: At<"idle">; readonly send: Send }) {
  const printer = state.view?.printer ?? null;
  return (
    <Frame
      title={state.station.name}
      {...(state.view === null ? {} : { pills: <PrinterPill printer={printer} /> })}
      footer={
        <>
          <VoiceSwitch />
          <span class="grow" />
          <Button kind="line" onTap={() => send({ type: "tap", what: "other station" })}>{t("pack.otherStation")}</Button>
        </>
      }
    >
      <main class="pack-middle" aria-live="polite">
        <span class="pack-scan">
          <Icon name="scan" size={132} weight={1.4} />
        </span>
        <h2>{state.asking === null ? t("pack.scanTote") : t("pack.opening")}</h2>
        <p class="soft">{t("pack.scanToteMore")}</p>
        {state.view === null ? null : <Printers view={state.view} asking={state.asking} send={send} />}
        {state.view === null ? null : <Places view={state.view} />}
      </main>
    </Frame>
  );
}

/** Before work begins: what each printer of the station says of itself, and on which one it prints. */
function Printers({ view, asking, send }: { readonly view: PackView; readonly asking: string | null; readonly send: Send }) {
  const both = [view.printer, view.other ?? null].filter((each) => each !== null);
  const lacks = printerLacks(view.printer);
  return (
    <section class="pack-printers" aria-label={t("pack.printers")} aria-live="polite">
      {both.length === 0 ? <PrinterRow printer={null} /> : null}
      {both.map((printer) => (
        <PrinterRow key={printer.id} printer={printer}>
          {printer === view.printer ? <span class="soft">{t("pack.printsHere")}</span> : asking === null && printerLacks(printer) === null ? <PrintOn printer={printer} send={send} /> : null}
        </PrinterRow>
      ))}
      {lacks === null ? null : <p class="fault">{t("pack.printerFirst")} {said(mendingSaid(lacks))}</p>}
    </section>
  );
}

function PrinterRow({ printer, children }: { readonly printer: PackPrinter | null; readonly children?: ComponentChildren }) {
  const well = printer !== null && isPrinterWell(printer);
  return (
    <div class={well ? "pack-print ok" : printerLacks(printer) === null ? "pack-print warn" : "pack-print bad"}>
      <Icon name={well ? "check" : "warn"} size={22} weight={2.4} />
      <span class="grow">{printer === null ? t("pack.noPrinter") : t("pack.printerIs", { name: printer.name, words: printerWords(printer.condition) })}</span>
      {children}
    </div>
  );
}
