import { useEffect, useRef } from "preact/hooks";
import { nameIn } from "../../core/named";
import { isPassing } from "../../core/problem";
import { whyNot } from "../../core/refused";
import { Button, dateTime, day, Empty, Fault, Icon, isLanguage, language, Mark, number, Panel, Pill, plainDate, said, setLanguage, Spinner, t, useApp, useFlow, type ScreenProps } from "../../ui";
import { flow, reached, start, WAY, type All, type Input, type State, type TrackPage } from "./flow";
import "./style.css";

const AGAIN = 15_000;

export default function Track({ params }: ScreenProps) {
  const { http } = useApp();
  const link = encodeURIComponent(params["link"] ?? "");
  const looking = useRef<() => void>(() => undefined);
  const { state, send } = useFlow<State, Input, All>(flow, start, (effect, again) => {
    if (effect.type === "look") return looking.current();
    http.post(`/track/${link}/cancel`).then(() => again({ type: "cancelled" }), (error: unknown) => again({ type: "failed", why: whyNot(error) }));
  });
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState !== "visible") return;
      http.get<TrackPage>(`/track/${link}`).then(
        async (page) => {
          if (isLanguage(page.language) && page.language !== language.peek()) await setLanguage(page.language);
          send({ type: "page", page });
        },
        (error: unknown) => send({ type: isPassing(error) ? "away" : "gone", why: whyNot(error) }),
      );
    };
    looking.current = look;
    look();
    const timer = setInterval(look, AGAIN);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [link]);
  const now = state.value;
  return (
    <main class="track">
      <header {...(now.mode === "shown" ? { class: "track-shop", style: { background: now.page.shop.colour, color: now.page.shop.ink } } : {})}>
        {now.mode === "shown" ? <Shop shop={now.page.shop} /> : <Mark />}
        <h1>{t("track.title")}</h1>
      </header>
      <Body state={now} send={send} />
    </main>
  );
}

const Shop = ({ shop }: { readonly shop: TrackPage["shop"] }) => (
  <>
    {shop.logo === "" ? null : <img src={shop.logo} alt="" />}
    <b>{shop.name}</b>
  </>
);

function Body({ state, send }: { readonly state: State; readonly send: (input: Input) => void }) {
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
        {page.step === "cancelled" ? null : <p class="track-when">{page.arrives_on === null ? t("track.arrivesUnknown") : t("track.arrivesOn", { day: plainDate(page.arrives_on) })}</p>}
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
              <small class={isOff(line) ? "off" : ""}>{lineState(line)}</small>
            </li>
          ))}
        </ul>
      </Panel>
      <Fault why={state.fault} />
      {page.may_cancel ? <Cancel state={state} send={send} /> : null}
      {page.shop.contact === "" ? null : <p class="track-contact">{t("track.questions", { contact: page.shop.contact })}</p>}
    </>
  );
}

/** All of it, after a second word. */
function Cancel({ state, send }: { readonly state: Extract<State, { mode: "shown" }>; readonly send: (input: Input) => void }) {
  if (state.cancelling === "no") return <Button kind="line" onTap={() => send({ type: "cancel" })}>{t("track.cancel")}</Button>;
  return (
    <Panel label={t("track.cancel")}>
      <p role="status">{t("track.cancelSure")}</p>
      <div class="track-does">
        <Button kind="line" onTap={() => send({ type: "back" })}>{t("track.keep")}</Button>
        <Button kind="bad" busy={state.cancelling === "busy"} onTap={() => send({ type: "yes" })}>{t("track.cancelYes")}</Button>
      </div>
    </Panel>
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

const isOff = ({ ordered, cancelled }: TrackPage["lines"][number]): boolean => cancelled >= ordered;

function lineState(line: TrackPage["lines"][number]): string {
  const { ordered, sent, cancelled } = line;
  if (isOff(line)) return t("track.lineCancelled");
  if (sent + cancelled >= ordered) return t("track.lineSent");
  return sent > 0 ? t("track.linePart", { n: number(sent), all: number(ordered) }) : "";
}
