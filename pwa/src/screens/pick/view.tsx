import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { printedBin } from "../../core/barcode";
import { BEGUN, type Begun } from "../../core/begun";
import { speaking } from "../../core/machine";
import { NetworkError } from "../../core/problem";
import { whyNot } from "../../core/refused";
import { HEARD, leftOf, openStops, type LooseHeard, type Offer, type QueueView, type Tour, type TourStop } from "../../core/tour";
import {
  BinCode, Button, Cards, CutOff, Empty, Fault, Handheld, inOnePiece, ItemCard, Label, language, later, navigate, Panel, Quantity,
  ScanPrompt, SlotBadge, slotSign, Spinner, t, useAnswered, useApp, useAwake, useFlow, useScan, useTopic, type Floor, type ScreenProps,
} from "../../ui";
import { makeFlow, SAVED, start, TOLD, type All, type Input, type PickEffect, type State, type Told } from "./flow";
import { nameOf, tourTitle } from "./words";
import "./style.css";

type Send = (input: Input) => void;
const asides = () => import("./asides");
const loading = () => import("./loading");
const map = () => import("./map");
const ShortSheet = later(asides, "ShortSheet");
const MoreSheet = later(asides, "MoreSheet");
const NumberSheet = later(asides, "NumberSheet");
const Asked = later(loading, "Asked");
const CartStep = later(loading, "CartStep");
const TotesStep = later(loading, "TotesStep");
const FinishStep = later(asides, "FinishStep");
const TourMap = later(map, "TourMap");
const NewsStep = later(asides, "NewsStep");
type At<M extends State["mode"]> = Extract<State, { mode: M }>;

export default function Pick(_props: ScreenProps) {
  const app = useApp();
  const flow = useMemo(() => speaking(makeFlow(() => app.newId()), () => language.peek()), [app]);
  const { state, send } = useFlow<State, Input, All>(flow, () => start(language.peek(), app.who.peek().signedIn?.person.id ?? ""), perform);
  const warehouse = app.who.value.signedIn?.warehouse?.id ?? null;
  const queue = useTopic<QueueView>("queue", warehouse === null ? null : String(warehouse));
  const floor = useFloor(warehouse);
  const restored = useSignal(false);

  function perform(effect: PickEffect, again: Send): void {
    if (effect.type === "keep") void keep(SAVED, effect.tour);
    else if (effect.type === "begun") void keep(BEGUN, effect.begun);
    else if (effect.type === "told") void keep(TOLD, effect.told);
    else if (effect.type === "fetch") (app.sync.wake(), fetchQueue(again));
    else
      // its answer comes with all the others, also one that comes late
      app.ask({ kind: effect.kind, body: effect.body }).catch((error: unknown) => again(error instanceof NetworkError ? { type: "late" } : { type: "failed", why: whyNot(error) }));
  }
  const keep = (name: string, what: Tour | Begun | Told | null): Promise<void> => (what === null ? app.saved.delete(name) : app.saved.put(name, what));
  const fetchQueue = (again: Send): void => {
    app.http.get<QueueView>("/floor/queue").then(
      (view) => again({ type: "queue", view, settled: app.sending.peek().waiting === 0 }),
      (error: unknown) => again({ type: "failed", why: whyNot(error) }),
    );
  };

  useEffect(() => {
    const me = app.who.peek().signedIn?.person.id;
    void Promise.all([app.saved.get<Tour>(SAVED), app.saved.get<Begun>(BEGUN), app.saved.get<Told>(TOLD)]).then(([tour, begun, told]) => {
      if (tour !== undefined && (tour.person === null || tour.person === me)) send({ type: "restored", tour, begun: begun ?? null, told: told ?? null });
      restored.value = true;
    });
  }, []);
  useEffect(() => {
    if (queue.value === undefined || !restored.value) return; // what this device did without a network goes before
    send({ type: "queue", view: queue.value, settled: app.sending.peek().waiting === 0 });
    const { loose, items } = queue.value;
    void app.saved.put(HEARD, { loose, items } satisfies LooseHeard);
  }, [queue.value, restored.value]);
  useEffect(() => app.sync.onAnswer((answer, kind) => send({ type: "answer", answer, kind })), []);
  useScan((scan, bounced) => {
    if (scan.kind === "badge" || app.sending.peek().cards.length > 0) return false;
    if (!bounced || COUNTS.has(state.peek().mode)) send({ type: "scan", scan });
    return true;
  }, true);
  useAwake();
  return (
    <>
      <Screen state={state.value} send={send} floor={floor} />
      <Cards />
    </>
  );
}

/** Where each scan counts one: at a stop, and before it is known where the tour stands. */
const COUNTS: ReadonlySet<State["mode"]> = new Set(["stop", "offers"]);

/** The floor plan, kept on the device: the map is drawn without a network too. */
function useFloor(warehouse: number | null): Floor | null {
  const app = useApp();
  const floor = useSignal<Floor | null>(null);
  useEffect(() => {
    if (warehouse === null) return;
    const name = `floor.${warehouse}`;
    void app.saved.get<Floor>(name).then((kept) => (floor.value ??= kept ?? null));
    app.http.get<Floor>(`/warehouses/${warehouse}/floor`).then(
      (fresh) => {
        floor.value = fresh;
        void app.saved.put(name, fresh);
      },
      (error: unknown) => void whyNot(error),
    );
  }, [warehouse]);
  return floor.value;
}

interface Shown<M extends State["mode"]> {
  readonly state: At<M>;
  readonly send: Send;
  readonly floor: Floor | null;
}

function Screen({ state, send, floor }: { readonly state: State; readonly send: Send; readonly floor: Floor | null }) {
  switch (state.mode) {
    case "offers":
      return <Offers state={state} send={send} floor={floor} />;
    case "cart":
      return <CartStep state={state} />;
    case "totes":
      return <TotesStep state={state} send={send} />;
    case "stop":
      return <StopStep state={state} send={send} floor={floor} />;
    case "news":
      return <NewsStep state={state} send={send} />;
    case "finish":
      return <FinishStep state={state} send={send} />;
  }
}

// --- choosing and loading

function Offers({ state, send }: Shown<"offers">) {
  const [first, ...others] = state.offers;
  const actions = (
    <>
      {first === undefined ? null : <TakeButton offer={first} taking={state.taking} send={send} />}
      {first === undefined && state.putBacks + state.counts > 0 ? <Button wide onTap={() => navigate("/tasks")}>{t("pick.doThem")}</Button> : null}
      <Button kind="quiet" onTap={() => navigate("/home")}>{t("pick.me")}</Button>
    </>
  );
  return (
    <Handheld title={t("pick.title")} corner={null} actions={actions}>
      {!state.known ? <Spinner label={t("common.loading")} /> : null}
      <LooseCard putBacks={state.putBacks} counts={state.counts} main={first === undefined} />
      {state.known && first === undefined ? (
        <Empty icon="cart" title={t("pick.nothing")}>
          <p>{t("pick.nothingMore")}</p>
        </Empty>
      ) : null}
      {first === undefined ? null : <OfferCard offer={first} first taking={state.taking} send={send} />}
      {others.length === 0 ? null : <Label>{t("pick.others")}</Label>}
      {others.map((offer) => (
        <OfferCard key={offer.id} offer={offer} taking={state.taking} send={send} />
      ))}
      {state.taking === null ? null : <Asked late={state.late} />}
      <Fault why={state.fault} />
    </Handheld>
  );
}

const TakeButton = ({ offer, quiet, taking, send }: { readonly offer: Offer; readonly quiet?: true; readonly taking: string | null; readonly send: Send }) => (
  <Button kind={quiet === undefined ? "main" : "quiet"} wide busy={taking === offer.id} disabled={taking !== null} onTap={() => send({ type: "take", tour: offer.id })}>
    {t("pick.takeTour", { tour: String(offer.number) })}
  </Button>
);

/** What is on no tour: put-backs of orders cancelled meanwhile, bins to count. */
function LooseCard({ putBacks, counts, main }: { readonly putBacks: number; readonly counts: number; readonly main: boolean }) {
  if (putBacks + counts === 0) return null;
  const words = [...(putBacks === 0 ? [] : [t("floor.putBacks", { n: putBacks })]), ...(counts === 0 ? [] : [t("floor.counts", { n: counts })])];
  return (
    <Panel tone={main ? "accent" : "plain"} class="pick-offer">
      <b class="pick-number">{words.join(", ")}</b>
      {main ? null : <Button kind="quiet" wide onTap={() => navigate("/tasks")}>{t("pick.doThem")}</Button>}
    </Panel>
  );
}

function OfferCard({ offer, first, taking, send }: { readonly offer: Offer; readonly first?: true; readonly taking: string | null; readonly send: Send }) {
  return (
    <Panel {...(first === undefined ? {} : { tone: "accent" as const })} class="pick-offer">
      <div class="row">
        <b class="pick-number">{t("pick.tour", { tour: String(offer.number) })}</b>
        <span class="grow" />
        <CutOff at={offer.cutoff_at} />
      </div>
      <p class="soft">{t("pick.offer", { stops: offer.stops, units: offer.units, slots: offer.slots, metres: Math.round(offer.length_mm / 1000) })}</p>
      {first === undefined ? <TakeButton offer={offer} quiet taking={taking} send={send} /> : null}
    </Panel>
  );
}

// --- a stop

function StopStep({ state, send, floor }: Shown<"stop">) {
  const { tour, stop, at } = state;
  const sheet = useSignal<"short" | "more" | "quantity" | "digits" | null>(null);
  const close = (): void => void (sheet.value = null);
  useAnswered(close);
  const actions =
    at.phase === "bin" ? (
      <>
        <Button kind="quiet" onTap={() => send({ type: "skip", reason: "blocked", id: "" })}>{t("pick.blocked")}</Button>
        <Button kind="quiet" onTap={() => send({ type: "skip", reason: "later", id: "" })}>{t("pick.skip")}</Button>
        <Button kind="quiet" onTap={() => (sheet.value = "more")}>{t("pick.more")}</Button>
      </>
    ) : (
      <>
        {stop.kind === "put_back" || state.short !== null || at.counted >= leftOf(stop) ? null : <Button kind="quiet" onTap={() => (sheet.value = "short")}>{t("pick.short")}</Button>}
        <Button kind="quiet" onTap={() => send({ type: "undo" })}>{t("pick.undo")}</Button>
        <Button kind="quiet" onTap={() => (sheet.value = "more")}>{t("pick.more")}</Button>
      </>
    );
  const done = tour.stops.filter((each) => each.state !== "open").length;
  const left = t("pick.stopOf", { n: done + 1, of: tour.stops.length });
  const right = at.phase === "bin" ? t("pick.toGo", { n: openStops(tour).length }) : t("pick.slotSign", { slot: stop.slot ?? 0, sign: slotSign(stop.slot ?? 1) });
  return (
    <Handheld
      title={at.phase === "bin" ? tourTitle(tour) : <span class="mono">{printedBin(stop.bin.code)}</span>}
      cutOff={tour.cutoff_at}
      progress={{ parts: [{ value: done }], total: tour.stops.length, left, right }}
      actions={actions}
    >
      {at.phase === "bin" ? <GoToBin tour={tour} stop={stop} floor={floor} /> : <InHand state={state} />}
      {sheet.value === "short" ? <ShortSheet stop={stop} onClose={close} send={send} /> : null}
      {sheet.value === "more" ? <MoreSheet state={state} onClose={close} send={send} open={(next) => (sheet.value = next)} /> : null}
      {sheet.value === "quantity" ? <NumberSheet title={t("pick.typeQuantity", { n: leftOf(stop) })} onClose={close} onDone={(n) => send({ type: "quantity", quantity: n })} /> : null}
      {sheet.value === "digits" ? (
        <NumberSheet title={t("pick.typeDigits")} onClose={close} onText={(text) => send({ type: "scan", scan: { kind: "unknown", raw: text } })} />
      ) : null}
    </Handheld>
  );
}

function GoToBin({ tour, stop, floor }: { readonly tour: Tour; readonly stop: TourStop; readonly floor: Floor | null }) {
  const put = stop.kind === "put_back";
  return (
    <>
      <Label>{put ? t("pick.putBackTo") : t("pick.goToBin")}</Label>
      <BinCode code={stop.bin.code} />
      <div class="soft pick-side">{t("floor.side", { side: stop.bin.side === "" ? "none" : stop.bin.side, level: stop.bin.level })}</div>
      {put ? <PutBackNote tour={tour} stop={stop} /> : null}
      {floor === null ? null : <TourMap tour={tour} stop={stop} floor={floor} />}
      <ScanPrompt>{t("pick.scanBin")}</ScanPrompt>
    </>
  );
}

const PutBackNote = ({ tour, stop }: { readonly tour: Tour; readonly stop: TourStop }) => (
  <Panel tone="warn" label={t("pick.putBack")}>
    <b>{t("pick.unitsOf", { n: leftOf(stop), name: nameOf(tour, stop) })}</b>
    <p class="soft">{inOnePiece(t("pick.outOf", { tote: stop.tote ?? "", order: String(stop.order ?? "") }))}</p>
  </Panel>
);

function InHand({ state: { tour, stop, at, short } }: { readonly state: At<"stop"> }) {
  const item = tour.items[stop.item];
  const left = leftOf(stop);
  const toScan = left - at.counted;
  const put = stop.kind === "put_back";
  return (
    <>
      <ItemCard name={nameOf(tour, stop)} sku={item?.sku ?? ""} picture={item?.picture ?? null} lot={stop.lot} expiry={stop.expiry} />
      {at.phase === "item" ? (
        <div>
          <Label>{put ? t("pick.putBack") : t("pick.pick")}</Label>
          <Quantity value={toScan} of={left} unit={t("floor.unit", { uom: item?.uom ?? "each" })} />
        </div>
      ) : (
        <div>
          <Label>{t("pick.inHand")}</Label>
          <Quantity value={at.counted} unit={t("floor.unit", { uom: item?.uom ?? "each" })} />
        </div>
      )}
      {put ? null : <SlotBadge slot={stop.slot ?? 1} />}
      {short === null ? null : <p class="soft">{t("pick.thenShort", { n: toScan })}</p>}
      <ScanPrompt>{at.phase === "tote" ? t("pick.scanToteOf", { tote: stop.tote ?? "" }) : at.counted === 0 ? t("pick.scanItem") : t("pick.scanNext")}</ScanPrompt>
    </>
  );
}
