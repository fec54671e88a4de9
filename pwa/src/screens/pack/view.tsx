import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { Said } from "../../core/machine";
import {
  currentOrder, leftOfOrder, missingTotes, nameIn, nextOrder, ordersAt, packedOfOrder, toteOf, wantedOfOrder,
  type CartonType, type PackCarton, type PackLine, type PackOrder, type PackPrinter, type PackStation, type PackView,
} from "../../core/packing";
import { NetworkError } from "../../core/problem";
import { whyNot } from "../../core/refused";
import {
  Button, Dialog, Empty, Icon, ItemPicture, Keypad, Label, language, minutesLeft, NetworkPill, number, outcomeText, Panel, Pill, said, Spinner, t, time, useApp,
  useAwake, useFlow, useFocus, useNow, useScan, useTopic, type ScreenProps, type Tone,
} from "../../ui";
import { makeFlow, phaseOf, SAVED, start, stationBarcode, type All, type Input, type Last, type PackEffect, type State } from "./flow";
import { NotDrawn, pictureOf } from "./label";
import "./style.css";

type Send = (input: Input) => void;
type At<M extends State["mode"]> = Extract<State, { mode: M }>;
type Laid = At<"packing" | "choosing" | "help">;

/** How often an unfinished print is asked for, beside what is pushed, ms. */
const LOOK_AGAIN = 3000;

export default function Pack(_props: ScreenProps) {
  const app = useApp();
  const flow = useMemo(() => makeFlow(() => app.newId()), [app]);
  const { state, send } = useFlow<State, Input, All>(flow, () => start(language.peek(), app.who.peek().device?.station ?? null), perform);
  const warehouse = app.who.value.signedIn?.warehouse?.id ?? app.who.value.device?.warehouse.id ?? 1;
  const base = `/warehouses/${warehouse}/stations`;
  const station = "station" in state.value ? state.value.station : null;
  const live = useTopic<PackView>("pack", station?.id ?? null);

  function perform(effect: PackEffect, again: Send): void {
    if (effect.type === "keep") void keep(effect.station);
    else if (effect.type === "fetch") look(again);
    else
      app.ask({ kind: effect.kind, body: effect.body }).then(
        (answer) => again({ type: "answer", answer, kind: effect.kind }),
        (error: unknown) => again({ type: "failed", why: whyNot(error) }),
      );
  }
  const keep = async (chosen: PackStation | null): Promise<void> => {
    if (chosen !== null) return app.saved.put(SAVED.station, chosen);
    await Promise.all([app.saved.delete(SAVED.station), app.saved.delete(SAVED.view)]);
  };
  const settled = (): boolean => app.sending.peek().waiting === 0;
  const look = (again: Send): void => {
    const at = "station" in state.peek() ? (state.peek() as At<"idle">).station : null;
    if (at === null) return;
    app.http.get<PackView>(`${base}/${encodeURIComponent(at.code)}/pack`).then(
      (view) => again({ type: "view", view, settled: settled() }),
      (error: unknown) => (error instanceof NetworkError ? undefined : again({ type: "failed", why: whyNot(error) })),
    );
  };

  useEffect(() => {
    const own = app.who.peek().device?.station ?? null;
    const kept = Promise.all([app.saved.get<PackStation>(SAVED.station), app.saved.get<PackView>(SAVED.view)]);
    void kept.then(([at, view]) => {
      if (at !== undefined && (own === null || own === at.id)) send({ type: "restored", station: at, view: view?.station.id === at.id ? view : null });
    });
  }, []);
  useStations(base, state.value.mode === "station", send);
  useEffect(() => {
    if (live.value !== undefined) send({ type: "view", view: live.value, settled: settled() });
  }, [live.value]);
  useEffect(() => app.sync.onAnswer((answer) => send({ type: "heard", answer })), []);
  const quiet = app.sending.value.waiting === 0;
  useEffect(() => {
    if (quiet && (app.link.peek() !== "live" || live.peek() === undefined)) look(send);
  }, [quiet]);
  const current = "view" in state.value && state.value.view !== null ? currentOrder(state.value.view) : null;
  const open = current !== null && leftOfOrder(current) === 0 && current.carton?.print?.state !== "printed";
  useEffect(() => {
    if (!open) return undefined;
    const timer = setInterval(() => look(send), LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [open]);
  useScan((scan) => (scan.kind === "badge" ? false : send({ type: "scan", scan })), true);
  useAwake();
  return (
    <>
      <Screen state={state.value} send={send} />
      <Cards />
    </>
  );
}

/** The stations of the warehouse, asked for while one is to be chosen. */
function useStations(base: string, wanted: boolean, send: Send): void {
  const { http } = useApp();
  useEffect(() => {
    if (!wanted) return;
    http.get<readonly PackStation[] | { readonly items: readonly PackStation[] }>(base).then(
      (found) => send({ type: "stations", stations: "items" in found ? found.items : found }),
      (error: unknown) => send({ type: "failed", why: whyNot(error) }),
    );
  }, [base, wanted]);
}

function Screen({ state, send }: { readonly state: State; readonly send: Send }) {
  switch (state.mode) {
    case "station":
      return <Choose state={state} send={send} />;
    case "idle":
      return <Idle state={state} send={send} />;
    case "packing":
    case "choosing":
    case "help":
      return <Bench state={state} send={send} />;
  }
}

// --- the frame

interface FrameProps {
  readonly title: string;
  readonly pills?: ComponentChildren;
  readonly footer?: ComponentChildren;
  readonly children: ComponentChildren;
}

function Frame({ title, pills, footer, children }: FrameProps) {
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

const PRINTER_WELL = new Set(["ready", "busy"]);
/** What a printer says of itself, and why a job ended: as the server's `Condition` and `Cause`. */
const PRINTER_WORDS = new Set([
  "ready", "busy", "offline", "no_answer", "head_open", "paper_out", "ribbon_out", "too_hot", "too_cold", "faulty", "paused", "buffer_full", "partial_format",
  "label_waiting", "connection_lost", "bad_answer", "no_count", "count_differs", "cancelled",
]);
const printerWords = (code: string): string => t(`pack.printer.${PRINTER_WORDS.has(code) ? code : "unknown"}`);

function PrinterPill({ printer }: { readonly printer: PackPrinter | null }) {
  if (printer === null) return <Pill tone="warn" dot="hollow">{t("pack.noPrinter")}</Pill>;
  const well = PRINTER_WELL.has(printer.condition);
  return (
    <Pill tone={well ? "ok" : "bad"} dot={well ? "full" : "hollow"}>
      {t("pack.printerIs", { name: printer.name, words: printerWords(printer.condition) })}
    </Pill>
  );
}

function CutOffPill({ order }: { readonly order: PackOrder }) {
  const now = useNow();
  return <Pill tone="accent">{t("pack.closes", { service: order.service, at: time(order.cutoff_at), left: minutesLeft(order.cutoff_at, now) })}</Pill>;
}

// --- choosing a station, and waiting for a tote

function Choose({ state, send }: { readonly state: At<"station">; readonly send: Send }) {
  return (
    <Frame title={t("pack.title")}>
      <main class="pack-middle">
        <Icon name="box" size={104} weight={1.3} />
        <h2>{t("pack.chooseStation")}</h2>
        <p class="soft">{t("pack.chooseStationMore")}</p>
        {state.stations === null && state.fault === null ? <Spinner label={t("common.loading")} /> : null}
        {state.fault === null ? null : <Fault why={state.fault} />}
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

const Fault = ({ why }: { readonly why: Said }) => (
  <p class="pack-fault" role="alert">
    <Icon name="warn" size={22} />
    {said(why)}
  </p>
);

function Idle({ state, send }: { readonly state: At<"idle">; readonly send: Send }) {
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
        {state.view !== null && printer !== null && !PRINTER_WELL.has(printer.condition) ? (
          <p class="pack-fault" role="status">
            <Icon name="printer" size={22} />
            {t("pack.printerFirst")}
          </p>
        ) : null}
      </main>
    </Frame>
  );
}

// --- the bench

function Bench({ state, send }: { readonly state: Laid; readonly send: Send }) {
  const { view } = state;
  const order = nextOrder(view);
  return (
    <Frame
      title={state.station.name}
      pills={
        <>
          <PrinterPill printer={view.printer} />
          {order === null ? null : <CutOffPill order={order} />}
        </>
      }
      footer={<Commands send={send} />}
    >
      <aside class="pack-orders" aria-label={t("pack.orders")}>
        <Orders view={view} current={order} />
      </aside>
      <main class="pack-bench">
        <Now state={state} order={order} send={send} />
        <LastRow last={state.last} view={view} />
      </main>
      <aside class="pack-carton" aria-label={t("pack.carton")}>
        <Carton order={order} send={send} />
      </aside>
      {state.mode === "choosing" ? <TypeChooser state={state} send={send} /> : null}
      {state.mode === "help" ? <Help send={send} /> : null}
    </Frame>
  );
}

function Orders({ view, current }: { readonly view: PackView; readonly current: PackOrder | null }) {
  const orders = ordersAt(view);
  return (
    <>
      <Label>{t("pack.totes", { totes: Object.keys(view.totes).join(", "), n: orders.length })}</Label>
      <ul>
        {orders.map((order) => (
          <li key={order.id}>
            <OrderCard view={view} order={order} here={order.id === current?.id} />
          </li>
        ))}
      </ul>
    </>
  );
}

function OrderCard({ view, order, here }: { readonly view: PackView; readonly order: PackOrder; readonly here: boolean }) {
  const elsewhere = missingTotes(view, order);
  if (order.held || order.cancelled) {
    return (
      <Panel tone="warn" class="pack-order">
        <div class="row">
          <h2>{String(order.number)}</h2>
          <Pill tone="warn">{order.cancelled ? t("pack.cancelled") : t("pack.onHold")}</Pill>
        </div>
        <p class="soft">{order.cancelled ? t("pack.leaveCancelled") : t("pack.leaveHeld", { reason: holdWords(order.hold_reason) })}</p>
      </Panel>
    );
  }
  return (
    <Panel class={here ? "pack-order here" : "pack-order"}>
      <div class="row">
        <h2>{String(order.number)}</h2>
        <Pill {...(here ? { tone: "accent" as const } : {})}>{here ? t("pack.here") : t("pack.next")}</Pill>
        <span class="grow" />
        <b class="mono">{t("pack.of", { n: packedOfOrder(order), of: wantedOfOrder(order) })}</b>
      </div>
      {here ? (
        <ul class="pack-lines">
          {order.lines.map((line) => (
            <LineRow key={line.line} line={line} now={line === order.lines.find((each) => each.packed < each.wanted)} />
          ))}
        </ul>
      ) : null}
      {here && order.checklist.length > 0 ? <p class="soft">{order.checklist.join(" · ")}</p> : null}
      {elsewhere.length === 0 ? null : (
        <p class="pack-elsewhere">
          <Icon name="warn" size={18} />
          {t("pack.elsewhere", { totes: elsewhere.join(", "), n: elsewhere.length })}
        </p>
      )}
    </Panel>
  );
}

const HOLDS = new Set(["payment_declined", "address_doubtful", "phone_doubtful", "not_available", "manual"]);
const holdWords = (reason: string | null): string => t(`pack.hold.${reason !== null && HOLDS.has(reason) ? reason : "manual"}`);

const LineRow = ({ line, now }: { readonly line: PackLine; readonly now: boolean }) => (
  <li class={now ? "now" : ""}>
    <Check done={line.packed >= line.wanted} />
    <span class="grow">{nameIn(line.item, language.value)}</span>
    <b class="mono">{t("pack.of", { n: line.packed, of: line.wanted })}</b>
  </li>
);

const Check = ({ done }: { readonly done: boolean }) => (
  <span class={done ? "pack-check done" : "pack-check"}>
    {done ? <Icon name="check" size={15} weight={4} /> : null}
    <span class="sr">{done ? t("pack.complete") : t("pack.notYet")}</span>
  </span>
);

// --- what is due now

function Now({ state, order, send }: { readonly state: Laid; readonly order: PackOrder | null; readonly send: Send }) {
  if (order === null) {
    return (
      <section class="panel pack-now warn">
        <Empty icon="stop" title={t("pack.nothingHere")}>
          <p>{t("pack.nothingHereMore")}</p>
        </Empty>
      </section>
    );
  }
  if (order.held || order.cancelled) {
    return (
      <section class="panel pack-now warn" aria-live="polite">
        <Empty icon="stop" title={order.cancelled ? t("pack.stopCancelled", { order: String(order.number) }) : t("pack.stopHeld", { order: String(order.number) })}>
          <p>{t("pack.stopMore")}</p>
        </Empty>
      </section>
    );
  }
  switch (phaseOf(order)) {
    case "items":
      return <ScanNext order={order} view={state.view} warm={state.last !== null} />;
    case "waiting":
      return (
        <section class="panel pack-now" aria-live="polite">
          <Empty icon="box" title={t("pack.waiting")}>
            <p>{t("pack.waitingMore")}</p>
          </Empty>
        </section>
      );
    case "weigh":
      return <Weigh carton={order.carton as PackCarton} send={send} />;
    case "scan":
      return <ScanLabel carton={order.carton as PackCarton} asking={state.asking} send={send} />;
  }
}

function ScanNext({ order, view, warm }: { readonly order: PackOrder; readonly view: PackView; readonly warm: boolean }) {
  const line = order.lines.find((each) => each.packed < each.wanted);
  if (line === undefined) return null;
  const tote = Object.keys(view.totes).length > 1 ? toteOf(view, order.id) : null;
  return (
    <section class={warm ? "panel pack-now ok" : "panel pack-now"} aria-live="polite">
      <div class="pack-picture">
        <ItemPicture sku={line.item.sku} picture={line.item.picture} size={190} />
      </div>
      <div class="grow">
        <Label>{t("pack.scanNext")}</Label>
        <h2 class="pack-name">{nameIn(line.item, language.value)}</h2>
        <p class="soft mono">{t("floor.sku", { sku: line.item.sku })}</p>
        {line.lot === null || line.lot === "" ? null : <p class="soft mono">{t("floor.lot", { lot: line.lot })}</p>}
        {tote === null ? null : <p class="soft">{t("pack.fromTote", { tote: tote.code })}</p>}
      </div>
      <div class="pack-count">
        <b>{line.wanted - line.packed}</b>
        <span class="soft">{t("pack.unit", { uom: line.item.uom })}</span>
      </div>
    </section>
  );
}

function Weigh({ carton, send }: { readonly carton: PackCarton; readonly send: Send }) {
  const grams = useSignal("");
  const input = useFocus<HTMLInputElement>();
  const take = (): void => {
    const typed = Number(grams.value);
    grams.value = "";
    if (typed > 0) send({ type: "weight", grams: typed });
  };
  return (
    <section class="panel pack-now pack-weigh">
      <div class="grow">
        <Label>{t("pack.weigh", { carton: String(carton.number) })}</Label>
        <h2 class="pack-name">{t("pack.putOnScale")}</h2>
        <p class="soft">{t("pack.expected", { grams: carton.expected_g })}</p>
        <PrintState carton={carton} send={send} />
      </div>
      <form
        class="pack-scale"
        onSubmit={(event) => {
          event.preventDefault();
          take();
        }}
      >
        <label>
          <span class="sr">{t("pack.grams")}</span>
          <input
            ref={input}
            class="mono"
            inputMode="none"
            autocomplete="off"
            value={grams.value}
            placeholder="0"
            onInput={(event) => (grams.value = event.currentTarget.value.replace(/\D/g, "").slice(0, 5))}
          />
          <span class="soft" aria-hidden="true">{t("pack.g")}</span>
        </label>
        <Keypad onDigit={(digit) => grams.value.length < 5 && (grams.value += digit)} onErase={() => (grams.value = grams.value.slice(0, -1))} />
        <Button wide submit disabled={grams.value === ""}>{t("pack.takeWeight")}</Button>
      </form>
    </section>
  );
}

function ScanLabel({ carton, asking, send }: { readonly carton: PackCarton; readonly asking: string | null; readonly send: Send }) {
  return (
    <section class="panel pack-now pack-close" aria-live="polite">
      <span class="pack-scan">
        <Icon name="scan" size={132} weight={1.4} />
      </span>
      <div class="grow">
        <Label>{t("pack.weighed", { grams: carton.weight_g ?? 0 })}</Label>
        <h2 class="pack-name">{asking === "pack.close" ? t("pack.closing") : t("pack.scanLabel")}</h2>
        <p class="soft">{t("pack.scanLabelMore")}</p>
        <PrintState carton={carton} send={send} />
      </div>
    </section>
  );
}

const PRINTS: Readonly<Record<string, Tone>> = { queued: "accent", sending: "accent", printed: "ok", failed: "bad", unknown: "warn", cancelled: "warn" };

/** What is known of the label and its printing, in words, and what to do where it is not well. */
function PrintState({ carton, send }: { readonly carton: PackCarton; readonly send: Send }) {
  const { label, print } = carton;
  if (label?.state === "refused") return <Trouble tone="bad" words={t("pack.label.refused", { reason: label.reason ?? "" })} />;
  if (print === null) return <Trouble tone="accent" words={t("pack.label.wanted")} />;
  const state = print.state in PRINTS ? print.state : "unknown";
  const reprint = state === "failed" || state === "unknown" || state === "cancelled" || state === "printed";
  return (
    <Trouble tone={PRINTS[state] ?? "warn"} words={t(`pack.print.${state}`)} {...(print.reason === null ? {} : { more: printerWords(print.reason) })}>
      {reprint ? <Button kind="line" onTap={() => send({ type: "tap", what: "REPRINT" })}>{t("pack.reprint")}</Button> : null}
    </Trouble>
  );
}

const Trouble = ({ tone, words, more, children }: { readonly tone: Tone; readonly words: string; readonly more?: string; readonly children?: ComponentChildren }) => (
  <div class={`pack-print ${tone}`} role="status">
    <Icon name={tone === "ok" ? "check" : tone === "accent" ? "printer" : "warn"} size={22} weight={2.4} />
    <span class="grow">
      {words}
      {more === undefined ? null : <small>{more}</small>}
    </span>
    {children}
  </div>
);

function LastRow({ last, view }: { readonly last: Last | null; readonly view: PackView }) {
  if (last === null) return <div class="panel pack-last soft">{t("pack.lastNone")}</div>;
  const order = view.orders[last.order];
  const carton = order?.carton ?? null;
  const mayUndo = order !== undefined && leftOfOrder(order) > 0; // afterwards its label is on the way
  return (
    <div class="panel pack-last">
      <Check done />
      <span class="grow">
        <b>{nameIn(last.item, language.value)}</b>
        <span class="soft"> {carton === null ? t("pack.isPacked", { n: last.units }) : t("pack.isInCarton", { n: last.units, carton: String(carton.number) })}</span>
      </span>
      {mayUndo ? <span class="soft">{t("pack.undoHint")}</span> : null}
    </div>
  );
}

// --- the carton and its label

function Carton({ order, send }: { readonly order: PackOrder | null; readonly send: Send }) {
  const carton = order?.carton ?? null;
  if (order === null || carton === null) {
    return (
      <>
        <Label>{t("pack.carton")}</Label>
        <p class="soft">{t("pack.cartonAtFirst")}</p>
        <Label>{t("pack.labelAsPrinted")}</Label>
        <div class="pack-paper blank" />
        <p class="soft pack-centre">{t("pack.labelAtLast")}</p>
      </>
    );
  }
  return (
    <>
      <Label>{t("pack.takeCarton", { n: String(carton.number), name: carton.type.name })}</Label>
      <div class="pack-box">
        <BoxDrawing type={carton.type} />
        <div>
          <b class="mono">{cm(carton.type)}</b>
          <p class="soft">{t("pack.full", { percent: carton.fill_percent })}</p>
          <p class="soft">{t("pack.kilos", { kilos: number(carton.expected_g / 1000, 2) })}</p>
        </div>
      </div>
      {carton.state === "open" ? <Button kind="line" onTap={() => send({ type: "tap", what: "NEW_CARTON" })}>{t("pack.otherCarton")}</Button> : null}
      <Label>{t("pack.labelAsPrinted")}</Label>
      <Preview carton={carton} />
      <p class="soft pack-centre">{leftOfOrder(order) > 0 ? t("pack.labelAtLast") : t("pack.labelCloses")}</p>
      {order.closed.length === 0 ? null : <p class="soft pack-centre">{t("pack.closedBefore", { n: order.closed.length })}</p>}
    </>
  );
}

const cm = (type: CartonType): string => [type.length_mm, type.width_mm, type.height_mm].map((mm) => number(mm / 10)).join(" × ");

/** The carton drawn in its own proportions. */
function BoxDrawing({ type: { length_mm: l, width_mm: w, height_mm: h } }: { readonly type: CartonType }) {
  const at = (x: number, y: number, z: number): string => `${((x - y) * 0.866 + w * 0.866).toFixed(1)},${((x + y) * 0.5 - z + h).toFixed(1)}`;
  const face = (...points: readonly string[]): string => points.join(" ");
  return (
    <svg width={110} height={96} viewBox={`0 0 ${((l + w) * 0.866).toFixed(1)} ${((l + w) * 0.5 + h).toFixed(1)}`} aria-hidden="true">
      <polygon points={face(at(0, w, 0), at(l, w, 0), at(l, w, h), at(0, w, h))} fill="#c49f6b" />
      <polygon points={face(at(l, 0, 0), at(l, w, 0), at(l, w, h), at(l, 0, h))} fill="#d2ae7d" />
      <polygon points={face(at(0, 0, h), at(l, 0, h), at(l, w, h), at(0, w, h))} fill="#e6cca4" />
    </svg>
  );
}

function Preview({ carton }: { readonly carton: PackCarton }) {
  const url = carton.label?.state === "live" ? (carton.label.zpl_url ?? null) : null;
  const picture = usePicture(url);
  if (picture === null) return <div class="pack-paper blank" />;
  if (picture === "not drawn") return <p class="pack-paper soft">{t("pack.notDrawn")}</p>;
  return <img class="pack-paper" src={picture} alt={t("pack.labelAlt", { sscc: carton.sscc, tracking: carton.label?.tracking ?? "–" })} />;
}

function usePicture(url: string | null): string | null {
  const { http, saved } = useApp();
  const picture = useSignal<string | null>(null);
  useEffect(() => {
    picture.value = null;
    if (url === null) return undefined;
    let wanted = true;
    const show = (next: string): void => void (wanted && (picture.value = next));
    http.get<string>(url.replace(/^\/api/, "")).then((zpl) => pictureOf(zpl, saved)).then(show, (error: unknown) => {
      if (!(error instanceof NotDrawn)) void whyNot(error);
      show("not drawn");
    });
    return () => {
      wanted = false;
    };
  }, [url]);
  return picture.value;
}

// --- commands, another carton, help, cards

const COMMANDS = ["NEW_CARTON", "CLOSE", "SHORT", "REPRINT", "UNDO"] as const;

function Commands({ send }: { readonly send: Send }) {
  const chip = (name: string) => (
    <button type="button" class="pack-command" key={name} onClick={() => send({ type: "tap", what: name })}>
      <Bars text={name} />
      {t(`pack.command.${name}`)}
    </button>
  );
  return (
    <>
      {COMMANDS.map(chip)}
      <span class="grow" />
      {chip("HELP")}
    </>
  );
}

/** A hint at the printed card, not a barcode to be read: bars of the letters, always the same for the same command. */
function Bars({ text }: { readonly text: string }) {
  const bits = [...`%${text}:`].flatMap((char) => [...(char.charCodeAt(0) * 11).toString(2).padStart(10, "0")]).slice(0, 74);
  return (
    <svg class="pack-bars" width={74} height={26} viewBox="0 0 74 26" aria-hidden="true">
      {bits.map((bit, x) => (bit === "1" ? <rect x={x} y={0} width={1} height={26} fill="currentColor" /> : null))}
    </svg>
  );
}

function TypeChooser({ state, send }: { readonly state: At<"choosing">; readonly send: Send }) {
  return (
    <Dialog title={t("pack.otherCarton")} onClose={() => send({ type: "tap", what: "back" })}>
      <p class="soft">{t("pack.otherCartonMore")}</p>
      <div class="choices pack-types">
        {state.view.carton_types.map((type, i) => (
          <button type="button" key={type.code} class={i === state.at ? "pack-type now" : "pack-type"} aria-current={i === state.at} onClick={() => send({ type: "carton", code: type.code })}>
            <BoxDrawing type={type} />
            <span class="grow">
              <b>{type.name}</b>
              <span class="mono soft">{cm(type)}</span>
            </span>
          </button>
        ))}
      </div>
      <Button kind="line" onTap={() => send({ type: "tap", what: "back" })}>{t("common.back")}</Button>
    </Dialog>
  );
}

function Help({ send }: { readonly send: Send }) {
  return (
    <Dialog title={t("pack.help")} onClose={() => send({ type: "tap", what: "back" })}>
      <ol class="pack-help">
        {(["tote", "item", "weight", "label", "wrong"] as const).map((step) => (
          <li key={step}>{t(`pack.help.${step}`)}</li>
        ))}
      </ol>
      <Button wide onTap={() => send({ type: "tap", what: "back" })}>{t("common.understood")}</Button>
    </Dialog>
  );
}

/** What the server answered differently: a card that says what to do, until somebody has read it. */
function Cards() {
  const app = useApp();
  const [card] = app.sending.value.cards;
  if (card === undefined) return null;
  const params = card.answer.params;
  return (
    <Dialog title={t("pack.cardTitle")} onClose={() => void app.sync.dismiss(card)}>
      <p class="pack-card">{outcomeText(card.answer.outcome, { ...params, order: String(params["order"] ?? "") })}</p>
      <Button wide onTap={() => void app.sync.dismiss(card)}>{t("common.understood")}</Button>
    </Dialog>
  );
}
