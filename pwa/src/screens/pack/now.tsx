import { useSignal } from "@preact/signals";
import { nameIn } from "../../core/named";
import { currentOrder, fillingOf, leftOfOrder, nextCartonOf, onPlace, ordersAt, isBegun, isParked, isStopped, totesOf, waitsOf, type PackCarton, type PackOrder, type PackView } from "../../core/packing";
import { Button, Empty, Icon, inOnePiece, ItemPicture, Keypad, Label, language, t, useFocus } from "../../ui";
import type { Send } from "./frame";
import { isDoubted, printerOf, wayOf } from "./labels";
import { Check, Rest } from "./orders";
import { PrintState, Trouble } from "./print";
import { ScaleChoice, type Weighing } from "./scale";
import { openLines } from "./short";
import { longestWord, phaseOf, toSetDown, type At, type Last, type OnBench } from "./state";
import { contentsOf, onScale, rangeOf } from "./weight";

/** The one instruction that is due now. */
export function Now({ state, order, send, scale, mayDecide }: { readonly state: OnBench; readonly order: PackOrder | null; readonly send: Send; readonly scale: Weighing; readonly mayDecide: boolean }) {
  if (state.mode === "recount") return <Recount state={state} send={send} />;
  const setDown = toSetDown(state);
  if (setDown !== null) return <Parked order={setDown} view={state.view} {...(order === null ? {} : { onDone: () => send({ type: "tap", what: "set down" }) })} />;
  if (order === null) return <NothingNow view={state.view} asking={state.asking} />;
  const carton = order.carton as PackCarton; // where a phase needs one there is one
  switch (phaseOf(state.view, order)) {
    case "parked":
      return <Parked order={order} view={state.view} />;
    case "items":
      if (order.place !== null && !isBegun(order)) return <Fetch order={order} view={state.view} />;
      return <ScanNext order={order} view={state.view} warm={state.last !== null} />;
    case "waiting":
      return (
        <section class="panel pack-now" aria-live="polite">
          <Empty icon="box" title={t("pack.waiting")}>
            <p>{t("pack.waitingMore")}</p>
          </Empty>
        </section>
      );
    case "reopened":
      return <Reopened carton={carton} asking={state.asking} send={send} />;
    case "weigh":
      return <Weigh state={state} carton={carton} send={send} scale={scale} mayDecide={mayDecide} />;
    case "scan":
      return <ScanLabel state={state} carton={carton} send={send} />;
  }
}

/** Nothing can be packed: what came last is stopped, or waits for its rest. */
function NothingNow({ view, asking }: { readonly view: PackView; readonly asking: string | null }) {
  const orders = ordersAt(view);
  const [stopped] = orders.filter(isStopped);
  const parked = orders.find((order) => isParked(view, order));
  if (parked !== undefined) return <Parked order={parked} view={view} />;
  const title = stopped === undefined ? t("pack.nothingHere") : stopped.cancelled ? t("pack.stopCancelled", { order: String(stopped.number) }) : t("pack.stopHeld", { order: String(stopped.number) });
  return (
    <section class="panel pack-now warn" aria-live="polite">
      <Empty icon="stop" title={title}>
        <p>{stopped?.carton !== undefined && stopped.carton !== null ? t("pack.stopMore") : t("pack.nothingHereMore")}</p>
        {asking === "pack.open" ? <p>{t("pack.opening")}</p> : null}
      </Empty>
    </section>
  );
}

/** What is here waits for the rest of its order: where it goes, and where the rest is. */
function Parked({ order, view, onDone }: { readonly order: PackOrder; readonly view: PackView; readonly onDone?: () => void }) {
  const totes = totesOf(view, order.id).map((tote) => tote.code);
  const things = [...totes, ...(order.carton === null ? [] : [t("pack.cartonNumber", { carton: String(order.carton.number) })])].join(", ");
  return (
    <section class="panel pack-now pack-parked warn" aria-live="polite">
      {order.place === null ? <Icon name="stop" size={120} weight={1.4} /> : <b class="pack-big" aria-hidden="true">{order.place}</b>}
      <div class="grow">
        <Label>{waitsOf(order) > 0 && leftOfOrder(order) === 0 ? t("pack.waitsWhole", { order: String(order.number) }) : t("pack.notComplete.title", { order: String(order.number) })}</Label>
        <h2 class="pack-name">{inOnePiece(order.place === null ? t("pack.putAside", { things }) : t("pack.putThings", { things, place: String(order.place) }))}</h2>
        <Rest order={order} />
        <p class="soft">{order.place !== null ? t("pack.thenNextTote") : order.awaits === undefined ? t("pack.noPlace") : t("pack.placeComes")}</p>
        {onDone === undefined ? null : (
          <div>
            <Button onTap={onDone}>{t("pack.setDown")}</Button>
          </div>
        )}
      </div>
    </section>
  );
}

/** All of an order is here: what waited is to be fetched from its place. */
function Fetch({ order, view }: { readonly order: PackOrder; readonly view: PackView }) {
  const totes = onPlace(view, order.id);
  return (
    <section class="panel pack-now pack-parked ok" aria-live="polite">
      <b class="pack-big" aria-hidden="true">{order.place}</b>
      <div class="grow">
        <Label>{t("pack.wholeIs", { order: String(order.number) })}</Label>
        <h2 class="pack-name">{totes === "" ? t("pack.fetchCarton", { place: String(order.place) }) : inOnePiece(t("pack.fetch", { totes, place: String(order.place) }))}</h2>
        <p class="soft">{t("pack.thenItems")}</p>
      </div>
    </section>
  );
}

function ScanNext({ order, view, warm }: { readonly order: PackOrder; readonly view: PackView; readonly warm: boolean }) {
  const [line] = openLines(order);
  if (line === undefined) return null;
  const name = nameIn(line.item, language.value);
  const totes = Object.keys(view.totes).length > 1 ? totesOf(view, order.id).map((tote) => tote.code) : [];
  return (
    <section class={warm ? "panel pack-now ok" : "panel pack-now"} aria-live="polite">
      <div class="pack-picture">
        <ItemPicture sku={line.item.sku} picture={line.item.picture} size={190} />
      </div>
      <div class="grow pack-words">
        <Label>{t("pack.scanNext")}</Label>
        <h2 class="pack-name" style={`--longest: ${longestWord(name)}`}>
          {name}
        </h2>
        <p class="soft mono">{t("floor.sku", { sku: line.item.sku })}</p>
        {line.lot === null || line.lot === "" ? null : <p class="soft mono">{t("floor.lot", { lot: line.lot })}</p>}
        {totes.length === 0 ? null : <p class="soft">{t("pack.fromTote", { tote: totes.join(", ") })}</p>}
        {order.place === null ? null : <p class="soft">{t("pack.takeFromPlace", { place: String(order.place) })}</p>}
      </div>
      <div class="pack-count">
        <b>{line.wanted - line.packed}</b>
        <span class="soft">{t("pack.unit", { uom: line.item.uom })}</span>
      </div>
    </section>
  );
}

function Weigh({ state, carton, send, scale, mayDecide }: { readonly state: OnBench; readonly carton: PackCarton; readonly send: Send; readonly scale: Weighing; readonly mayDecide: boolean }) {
  const odd = state.odd !== null && state.odd.carton === carton.id ? state.odd : null;
  return (
    <section class="panel pack-now pack-weigh">
      <div class="grow">
        <Label>{t("pack.weigh", { carton: String(carton.number) })}</Label>
        {isDoubted(carton) ? null : <h2 class="pack-name">{t("pack.putOnScale")}</h2>}
        <p class="soft">{t("pack.expected", { grams: carton.expected_g })}</p>
        <ScaleChoice scale={scale} view={state.view} />
        {odd === null ? null : <OddWeight grams={odd.grams} carton={carton} counted={odd.counted} send={send} mayDecide={mayDecide} />}
        <PrintState carton={carton} view={state.view} send={send} />
      </div>
      {isDoubted(carton) ? null : <Scale inFront={state.mode === "packing"} onWeight={scale.typed} />}
    </section>
  );
}

/** It weighs wrong though it was counted: somebody may take it as it is. */
function OddWeight({ grams, carton, counted, send, mayDecide }: { readonly grams: number; readonly carton: PackCarton; readonly counted: boolean; readonly send: Send; readonly mayDecide: boolean }) {
  const words = t("pack.oddWeight", { grams, ...rangeOf(carton) });
  if (!counted) return <Trouble tone="warn" words={words} more={t("pack.countFirst")} />;
  return (
    <Trouble tone="warn" words={words} more={mayDecide ? t("pack.countedMay") : t("pack.countedMayNot")}>
      {mayDecide ? <Button kind="line" onTap={() => send({ type: "tap", what: "ACCEPT" })}>{t("pack.accept")}</Button> : null}
    </Trouble>
  );
}

/** What the scale says, typed; it has the focus whenever nothing stands in front of it. */
function Scale({ inFront, onWeight }: { readonly inFront: boolean; readonly onWeight: (grams: number) => void }) {
  const grams = useSignal("");
  const input = useFocus<HTMLInputElement>(inFront);
  const take = (): void => {
    const typed = Number(grams.value);
    grams.value = "";
    if (typed > 0) onWeight(typed);
  };
  return (
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
  );
}

/** Every piece is taken out and scanned once more. */
function Recount({ state, send }: { readonly state: At<"recount">; readonly send: Send }) {
  const scale = onScale(state);
  if (scale === null) return null;
  return (
    <section class="panel pack-now pack-recount warn">
      <div class="grow">
        <Label>{t("pack.oddWeight", { grams: state.odd?.grams ?? 0, ...rangeOf(scale.carton) })}</Label>
        <h2 class="pack-name">{t("pack.recount", { carton: String(scale.carton.number) })}</h2>
        <ul class="pack-lines" aria-live="polite">
          {contentsOf(scale.order, scale.carton).map(({ line, units }) => (
            <li key={line.line}>
              <Check done={(state.counted[line.line] ?? 0) >= units} />
              <span class="grow">{nameIn(line.item, language.value)}</span>
              <b class="mono">{t("pack.of", { n: state.counted[line.line] ?? 0, of: units })}</b>
            </li>
          ))}
        </ul>
      </div>
      <div class="pack-does">
        <Button kind="line" onTap={() => send({ type: "tap", what: "back" })}>{t("pack.justWeigh")}</Button>
        <Button kind="line" onTap={() => send({ type: "tap", what: "void" })}>{t("pack.openAgain")}</Button>
      </div>
    </section>
  );
}

/** The label is void and the carton open: what must come out comes out, then it gets a new one. */
function Reopened({ carton, asking, send }: { readonly carton: PackCarton; readonly asking: string | null; readonly send: Send }) {
  return (
    <section class="panel pack-now pack-close warn" aria-live="polite">
      <Icon name="box" size={132} weight={1.4} />
      <div class="grow">
        <Label>{t("pack.cartonOpen", { carton: String(carton.number) })}</Label>
        <h2 class="pack-name">{t("pack.tearOff")}</h2>
        <p class="soft">{t("pack.reopenedMore")}</p>
        <div>
          <Button busy={asking !== null} onTap={() => send({ type: "tap", what: "NEW_LABEL" })}>{t("pack.newLabel")}</Button>
        </div>
      </div>
    </section>
  );
}

function ScanLabel({ state, carton, send }: { readonly state: OnBench; readonly carton: PackCarton; readonly send: Send }) {
  const way = wayOf(carton, printerOf(state.view, carton));
  const out = way === "out";
  return (
    <section class="panel pack-now pack-close" aria-live="polite">
      <span class="pack-scan">
        <Icon name={out ? "scan" : way === "asked" || way === "none" ? "clock" : "printer"} size={132} weight={1.4} />
      </span>
      <div class="grow">
        <Label>{t("pack.weighed", { grams: carton.weight_g ?? 0 })}</Label>
        <h2 class="pack-name">{state.asking === "pack.close" ? t("pack.closing") : t(`pack.way.${way}`)}</h2>
        {way === "doubted" ? null : <p class="soft">{out ? t("pack.scanLabelMore") : way === "asked" || way === "none" ? t("pack.label.goOn") : t("pack.way.then")}</p>}
        <PrintState carton={carton} view={state.view} send={send} />
      </div>
    </section>
  );
}

/** What went in last, and that it can be taken back. */
export function LastRow({ last, view }: { readonly last: Last | null; readonly view: PackView }) {
  if (last === null) {
    const begun = currentOrder(view);
    if (begun !== null && phaseOf(view, begun) !== "items") return null;
    return <div class="panel pack-last soft">{begun === null ? t("pack.lastNone") : t("pack.intoCarton", { carton: String(nextCartonOf(begun)) })}</div>;
  }
  const order = view.orders[last.order];
  // A carton that is full has its label on the way.
  const mayUndo = order !== undefined && leftOfOrder(order) > 0 && (fillingOf(order)?.number ?? last.carton) === last.carton;
  return (
    <div class="panel pack-last">
      <Check done />
      <span class="grow">
        <b>{nameIn(last.item, language.value)}</b>
        <span class="soft"> {t("pack.isInCarton", { n: last.units, carton: String(last.carton) })}</span>
      </span>
      {mayUndo ? <span class="soft">{t("pack.undoHint")}</span> : null}
    </div>
  );
}
