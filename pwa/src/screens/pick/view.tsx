import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { printedBin } from "../../core/barcode";
import { BEGUN, type Begun } from "../../core/begun";
import { nameIn } from "../../core/named";
import { whyNot } from "../../core/refused";
import { HEARD, leftOf, loadOf, openStops, slotWithoutTote, type LooseHeard, type Offer, type QueueView, type Tour, type TourStop } from "../../core/tour";
import {
  BinCode, Button, Cards, CutOff, Dialog, Empty, Fault, Handheld, Icon, inOnePiece, ItemCard, Keypad, Label, language, MapView, navigate, number, Panel, Pill, Quantity,
  ScanPrompt, SlotBadge, slotSign, Spinner, t, useAnswered, useApp, useAwake, useFlow, useScan, useTopic, type Floor, type Point, type ScreenProps,
} from "../../ui";
import { makeFlow, SAVED, SHORT_REASONS, start, type All, type Input, type PickEffect, type State } from "./flow";
import "./style.css";

type Send = (input: Input) => void;
type At<M extends State["mode"]> = Extract<State, { mode: M }>;

export default function Pick(_props: ScreenProps) {
  const app = useApp();
  const flow = useMemo(() => makeFlow(() => app.newId()), [app]);
  const { state, send } = useFlow<State, Input, All>(flow, () => start(language.peek(), app.who.peek().signedIn?.person.id ?? ""), perform);
  const warehouse = app.who.value.signedIn?.warehouse?.id ?? null;
  const queue = useTopic<QueueView>("queue", warehouse === null ? null : String(warehouse));
  const floor = useFloor(warehouse);
  const restored = useSignal(false);

  function perform(effect: PickEffect, again: Send): void {
    if (effect.type === "keep") void keep(SAVED, effect.tour);
    else if (effect.type === "begun") void keep(BEGUN, effect.begun);
    else if (effect.type === "fetch") (app.sync.wake(), fetchQueue(again));
    else
      // its answer comes with all the others, also one that comes late
      app.ask({ kind: effect.kind, body: effect.body }).catch((error: unknown) => again({ type: "failed", why: whyNot(error) }));
  }
  const keep = (name: string, what: Tour | Begun | null): Promise<void> => (what === null ? app.saved.delete(name) : app.saved.put(name, what));
  const fetchQueue = (again: Send): void => {
    app.http.get<QueueView>("/floor/queue").then(
      (view) => again({ type: "queue", view, settled: true }),
      (error: unknown) => again({ type: "failed", why: whyNot(error) }),
    );
  };

  useEffect(() => {
    const me = app.who.peek().signedIn?.person.id;
    void Promise.all([app.saved.get<Tour>(SAVED), app.saved.get<Begun>(BEGUN)]).then(([tour, begun]) => {
      if (tour !== undefined && (tour.person === null || tour.person === me)) send({ type: "restored", tour, begun: begun ?? null });
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
      return <CartStep state={state} send={send} floor={floor} />;
    case "totes":
      return <TotesStep state={state} send={send} floor={floor} />;
    case "stop":
      return <StopStep state={state} send={send} floor={floor} />;
    case "news":
      return <NewsStep state={state} send={send} floor={floor} />;
    case "finish":
      return <FinishStep state={state} send={send} floor={floor} />;
  }
}

const tourTitle = (tour: Tour): string => t("pick.tour", { tour: String(tour.number) });
const nameOf = (tour: Tour, stop: TourStop): string => nameIn(tour.items[stop.item], language.value);

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

function CartStep({ state }: Shown<"cart">) {
  return (
    <Handheld title={tourTitle(state.tour)} cutOff={state.tour.cutoff_at}>
      <div class="pick-big">
        <Icon name="cart" size={112} weight={1.4} />
        <h2>{t("pick.takeCart")}</h2>
        <p class="soft">{t("pick.takeCartMore", { slots: state.tour.slots.length })}</p>
      </div>
      <ScanPrompt>{t("pick.scanCart")}</ScanPrompt>
    </Handheld>
  );
}

function TotesStep({ state }: Shown<"totes">) {
  const slot = slotWithoutTote(state.tour);
  return (
    <Handheld title={tourTitle(state.tour)} cutOff={state.tour.cutoff_at}>
      <Label>{t("pick.emptyTote")}</Label>
      {slot === null ? null : <SlotBadge slot={slot.slot}>{t("pick.forOrder", { order: String(slot.order) })}</SlotBadge>}
      <ul class="pick-slots">
        {state.tour.slots.map((each) => (
          <li key={each.slot} class={each.tote === null ? "" : "ready"}>
            <SlotBadge slot={each.slot} small />
            <span class="mono">{each.tote ?? t("pick.noTote")}</span>
            {each.tote === null ? null : <Icon name="check" size={20} weight={3} />}
          </li>
        ))}
      </ul>
      <ScanPrompt>{t("pick.scanTote", { slot: slot?.slot ?? 0 })}</ScanPrompt>
    </Handheld>
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
        {stop.kind === "put_back" ? null : <Button kind="quiet" onTap={() => (sheet.value = "short")}>{t("pick.short")}</Button>}
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

function TourMap({ tour, stop, floor }: { readonly tour: Tour; readonly stop: TourStop; readonly floor: Floor }) {
  const here: Point = [stop.bin.x_mm, stop.bin.y_mm];
  const cut = nearest(tour.path, here);
  const done = tour.stops.filter((each) => each.state !== "open").slice(-1);
  return (
    <MapView
      floor={floor}
      path={tour.path.slice(Math.max(0, cut - 6), cut + 1)}
      later={tour.path.slice(cut)}
      marks={[
        ...done.map((each) => ({ at: [each.bin.x_mm, each.bin.y_mm] as Point, tone: "ok" as const })),
        { at: here, tone: "accent", now: true },
      ]}
      label={t("pick.map", { bin: printedBin(stop.bin.code) })}
    />
  );
}

function nearest(path: readonly Point[], [x, y]: Point): number {
  let best = 0;
  path.forEach(([px, py], i) => {
    const [bx, by] = path[best] ?? [0, 0];
    if (Math.abs(px - x) + Math.abs(py - y) < Math.abs(bx - x) + Math.abs(by - y)) best = i;
  });
  return best;
}

function InHand({ state: { tour, stop, at } }: { readonly state: At<"stop"> }) {
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
      <ScanPrompt>{at.phase === "tote" ? t("pick.scanToteOf", { tote: stop.tote ?? "" }) : at.counted === 0 ? t("pick.scanItem") : t("pick.scanNext")}</ScanPrompt>
    </>
  );
}

interface SheetProps {
  readonly onClose: () => void;
  readonly send: Send;
}

function ShortSheet({ stop, onClose, send }: SheetProps & { readonly stop: TourStop }) {
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

function MoreSheet({ state, onClose, send, open }: SheetProps & { readonly state: At<"stop">; readonly open: (sheet: "short" | "quantity" | "digits") => void }) {
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

function NumberSheet({ title, onClose, onDone, onText }: NumberSheetProps) {
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

// --- news, and the end

function NewsStep({ state: { tour, news }, send }: Shown<"news">) {
  const orders = [...new Set([...news.cancelled, ...news.putBacks].map((stop) => String(stop.order ?? "")))].filter((order) => order !== "");
  return (
    <Handheld title={tourTitle(tour)} cutOff={tour.cutoff_at}>
      {orders.length === 0 ? null : (
        <Panel tone="warn" label={t("pick.stopCard")}>
          <h2 class="pick-news">{t("pick.orderChanged", { orders: orders.join(", "), n: orders.length })}</h2>
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

function FinishStep({ state, send }: Shown<"finish">) {
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
