import { useEffect, useMemo } from "preact/hooks";
import { labelAwaited, nextOrder, type PackStation, type PackView } from "../../core/packing";
import { speaking } from "../../core/machine";
import { NetworkError } from "../../core/problem";
import { whyNot } from "../../core/refused";
import { language, t, useApp, useAwake, useFlow, useScan, useTopic, type ScreenProps } from "../../ui";
import { Cards, Question } from "./asks";
import { Carton } from "./carton";
import { Commands } from "./commands";
import { makeFlow, start } from "./flow";
import { another, BenchPrinter, CutOffPill, Frame, mayDecide, type Send } from "./frame";
import { LastRow, Now } from "./now";
import { ScalePill, useScale, type Weighing } from "./scale";
import { Orders } from "./orders";
import { SAVED, type All, type At, type Input, type Odd, type OnBench, type PackEffect, type State } from "./state";
import { Choose, Idle } from "./station";
import { useVoice } from "./speaking";
import "./style.css";

/** How often an unfinished print is asked for, beside what is pushed, ms. */
const LOOK_AGAIN = 3000;
export default function Pack(_props: ScreenProps) {
  const app = useApp();
  const flow = useMemo(() => speaking(makeFlow(() => app.newId()), () => language.peek()), [app]);
  const { state, send } = useFlow<State, Input, All>(flow, () => start(language.peek(), app.who.peek().device?.station ?? null), perform);
  const warehouse = app.who.value.signedIn?.warehouse?.id ?? app.who.value.device?.warehouse.id ?? 1;
  const base = `/warehouses/${warehouse}`;
  const station = "station" in state.value ? state.value.station : null;
  const live = useTopic<PackView>("pack", station?.id ?? null);

  function perform(effect: PackEffect, again: Send): void {
    const failed = (error: unknown): void => again({ type: "failed", why: whyNot(error) });
    if (effect.type === "keep") void keep(effect.station);
    else if (effect.type === "odd") void keepOdd(effect.odd);
    else if (effect.type === "fetch") look(again);
    else if (effect.type === "post") app.http.post(`${base}${effect.path}`, effect.body).then(() => again({ type: "done", kind: effect.kind }), failed);
    else app.ask({ kind: effect.kind, body: effect.body }).then((answer) => again({ type: "answer", answer, kind: effect.kind }), failed);
  }
  const keep = async (chosen: PackStation | null): Promise<void> => {
    if (chosen !== null) return app.saved.put(SAVED.station, chosen);
    await Promise.all([SAVED.station, SAVED.view, SAVED.odd].map((name) => app.saved.delete(name)));
  };
  const keepOdd = (odd: Odd | null): Promise<void> => (odd === null ? app.saved.delete(SAVED.odd) : app.saved.put(SAVED.odd, odd));
  const settled = (): boolean => app.sending.peek().waiting === 0;
  const look = (again: Send): void => {
    const at = "station" in state.peek() ? (state.peek() as At<"idle">).station : null;
    if (at === null) return;
    app.http.get<PackView>(`${base}/stations/${encodeURIComponent(at.code)}/pack`).then(
      (view) => again({ type: "view", view, settled: settled() }),
      (error: unknown) => (error instanceof NetworkError ? undefined : again({ type: "failed", why: whyNot(error) })),
    );
  };

  useEffect(() => {
    const own = app.who.peek().device?.station ?? null;
    const kept = Promise.all([app.saved.get<PackStation>(SAVED.station), app.saved.get<PackView>(SAVED.view), app.saved.get<Odd>(SAVED.odd)]);
    void kept.then(([at, view, odd]) => {
      if (at !== undefined && (own === null || own === at.id)) send({ type: "restored", station: at, view: view?.station.id === at.id ? view : null, odd: odd ?? null });
    });
  }, []);
  useStations(`${base}/stations`, state.value.mode === "station", send);
  useEffect(() => {
    if (live.value !== undefined) send({ type: "view", view: live.value, settled: settled() });
  }, [live.value]);
  useEffect(() => app.sync.onAnswer((answer) => send({ type: "heard", answer })), []);
  const quiet = app.sending.value.waiting === 0;
  useEffect(() => {
    if (quiet && (app.link.peek() !== "live" || live.peek() === undefined)) look(send);
  }, [quiet]);
  const awaited = "view" in state.value && state.value.view !== null && labelAwaited(state.value.view);
  useEffect(() => {
    if (!awaited) return undefined;
    const timer = setInterval(() => look(send), LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [awaited]);
  useScan((scan) => (scan.kind === "badge" ? another(app.who.peek().signedIn, scan.code ?? null) : send({ type: "scan", scan })), true);
  useAwake();
  useVoice();
  const scale = useScale(state.value, send);
  return (
    <>
      <Screen state={state.value} send={send} scale={scale} mayDecide={mayDecide(app.who.value.signedIn)} />
      <Cards />
    </>
  );
}

/** The stations of the warehouse, asked for while one is to be chosen. */
function useStations(address: string, wanted: boolean, send: Send): void {
  const { http } = useApp();
  useEffect(() => {
    if (!wanted) return;
    http.get<readonly PackStation[] | { readonly items: readonly PackStation[] }>(address).then(
      (found) => send({ type: "stations", stations: "items" in found ? found.items : found }),
      (error: unknown) => send({ type: "failed", why: whyNot(error) }),
    );
  }, [address, wanted]);
}

interface ScreenParts {
  readonly state: State;
  readonly send: Send;
  readonly scale: Weighing;
  /** Whether the person may take a weight as it is. */
  readonly mayDecide: boolean;
}

function Screen({ state, send, scale, mayDecide }: ScreenParts) {
  switch (state.mode) {
    case "station":
      return <Choose state={state} send={send} />;
    case "idle":
      return <Idle state={state} send={send} />;
    default:
      return <Bench state={state} send={send} scale={scale} mayDecide={mayDecide} />;
  }
}

function Bench({ state, send, scale, mayDecide }: ScreenParts & { readonly state: OnBench }) {
  const { view } = state;
  const order = nextOrder(view);
  return (
    <Frame
      title={state.station.name}
      pills={
        <>
          <BenchPrinter view={view} send={send} />
          <ScalePill scale={scale} />
          {order === null ? null : <CutOffPill order={order} />}
        </>
      }
      footer={<Commands send={send} />}
    >
      <aside class="pack-orders" aria-label={t("pack.orders")}>
        <Orders view={view} current={order} send={send} />
      </aside>
      <main class="pack-bench">
        <Now state={state} order={order} send={send} scale={scale} mayDecide={mayDecide} />
        {order === null ? null : <LastRow last={state.last} view={view} />}
      </main>
      <aside class="pack-carton" aria-label={t("pack.carton")}>
        <Carton view={view} order={order} send={send} />
      </aside>
      <Question state={state} send={send} />
    </Frame>
  );
}
