import { useEffect } from "preact/hooks";
import type { Effect } from "../../core/machine";
import { nameIn } from "../../core/named";
import { NetworkError } from "../../core/problem";
import { whyNot } from "../../core/refused";
import { dateTime, day, Empty, Icon, isLanguage, language, Mark, number, Panel, Pill, said, setLanguage, Spinner, t, useApp, useFlow, type ScreenProps } from "../../ui";
import { flow, reached, start, WAY, type Input, type State, type TrackPage } from "./flow";
import "./style.css";

const AGAIN = 15_000;

export default function Track({ params }: ScreenProps) {
  const { http } = useApp();
  const link = encodeURIComponent(params["link"] ?? "");
  const { state, send } = useFlow<State, Input, Effect>(flow, start, () => undefined);
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState !== "visible") return;
      http.get<TrackPage>(`/track/${link}`).then(
        async (page) => {
          if (isLanguage(page.language) && page.language !== language.peek()) await setLanguage(page.language);
          send({ type: "page", page });
        },
        (error: unknown) => send({ type: error instanceof NetworkError ? "away" : "gone", why: whyNot(error) }),
      );
    };
    look();
    const timer = setInterval(look, AGAIN);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [link]);
  return (
    <main class="track">
      <header>
        <Mark />
        <h1>{t("track.title")}</h1>
      </header>
      <Body state={state.value} />
    </main>
  );
}

function Body({ state }: { readonly state: State }) {
  if (state.mode === "asking") return <Spinner label={t("common.loading")} />;
  if (state.mode === "unknown") return <Empty icon="search" title={said(state.why)} />;
  const { page, old } = state;
  return (
    <>
      <p class="track-reference">
        {t("track.reference", { reference: page.reference })}
        <small>{t("track.orderedAt", { day: day(page.ordered_at) })}</small>
      </p>
      {old ? <Pill tone="warn" dot="hollow">{t("track.old")}</Pill> : null}
      <Panel label={t("track.where")}>
        <p class="track-now" role="status">{t(`track.step.${page.step}`)}</p>
        {page.step === "cancelled" ? null : <Way page={page} />}
        {page.leaves_by === null ? null : <p class="soft">{t("track.leavesBy", { moment: dateTime(page.leaves_by) })}</p>}
      </Panel>
      {page.parcels.length === 0 ? null : (
        <Panel label={t("track.parcels")}>
          <ul class="track-list">
            {page.parcels.map((parcel) => (
              <li key={parcel.tracking}>
                <span>{parcel.carrier}</span>
                <b class="mono">{parcel.tracking}</b>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel label={t("track.goods")}>
        <ul class="track-list">
          {page.lines.map((line, i) => (
            <li key={i}>
              <span>{t("track.line", { n: number(line.ordered), name: nameIn({ sku: "", names: line.names }, language.value) })}</span>
              <small>{lineState(line)}</small>
            </li>
          ))}
        </ul>
      </Panel>
    </>
  );
}

function Way({ page }: { readonly page: TrackPage }) {
  const at = reached(page.step);
  return (
    <ol class="track-way">
      {WAY.map((step, i) => (
        <li key={step} class={i < at ? "past" : i === at ? "now" : ""} {...(i === at ? { "aria-current": "step" as const } : {})}>
          <i aria-hidden="true">{i <= at ? <Icon name="check" size={16} weight={3} /> : null}</i>
          {t(`track.way.${step}`)}
        </li>
      ))}
    </ol>
  );
}

function lineState({ ordered, sent, cancelled }: TrackPage["lines"][number]): string {
  if (cancelled >= ordered) return t("track.lineCancelled");
  if (sent + cancelled >= ordered) return t("track.lineSent");
  return sent > 0 ? t("track.linePart", { n: number(sent), all: number(ordered) }) : "";
}
