import { Button, Fault, Icon, Spinner, t } from "../../ui";
import { stationBarcode } from "./flow";
import { Frame, PrinterPill, type Send } from "./frame";
import { printerLacks } from "./labels";
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
        {printerLacks(printer) === null ? null : (
          <p class="fault" role="status">
            <Icon name="printer" size={22} />
            {t("pack.printerFirst")}
          </p>
        )}
      </main>
    </Frame>
  );
}
