import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { nameIn } from "../../core/named";
import { nextOrder } from "../../core/packing";
import { Button, Dialog, Field, ItemPicture, language, outcomeText, t, useApp, useFocus } from "../../ui";
import { BoxDrawing, cm } from "./carton";
import type { Send } from "./frame";
import { afterwards, shortLines } from "./short";
import { REASONS, type At, type OnBench, type Reason } from "./state";

/** What stands in front of the bench until it is answered. */
export function Question({ state, send }: { readonly state: OnBench; readonly send: Send }) {
  switch (state.mode) {
    case "choosing":
      return <TypeChooser state={state} send={send} />;
    case "short":
      return <Short state={state} send={send} />;
    case "accepting":
      return <Accept state={state} send={send} />;
    case "label":
      return state.closed === null ? <LabelAgain send={send} /> : <OpenClosed state={state} closed={state.closed} send={send} />;
    case "help":
      return <Help send={send} />;
    default:
      return null;
  }
}

const closes = (send: Send) => (): void => send({ type: "tap", what: "back" });
const Back = ({ send }: { readonly send: Send }) => <Button kind="line" onTap={closes(send)}>{t("common.back")}</Button>;

/** One of several: the marked one has the keyboard's focus too, so that there is one mark and not two. */
function Choice({ marked, onTap, children }: { readonly marked: boolean; readonly onTap: () => void; readonly children: ComponentChildren }) {
  const button = useFocus<HTMLButtonElement>(marked);
  return (
    <button ref={button} type="button" class={marked ? "pack-type now" : "pack-type"} aria-current={marked} autofocus={marked} onClick={onTap}>
      {children}
    </button>
  );
}

/** What Enter does, from the moment it is shown. */
function Main({ onTap, children }: { readonly onTap: () => void; readonly children: ComponentChildren }) {
  const button = useFocus<HTMLButtonElement>();
  return (
    <button ref={button} type="button" class="btn wide" onClick={onTap}>
      {children}
    </button>
  );
}

// --- which carton

function TypeChooser({ state, send }: { readonly state: At<"choosing">; readonly send: Send }) {
  const order = nextOrder(state.view);
  const carton = String((order?.filling ?? order?.carton)?.number ?? 1);
  return (
    <Dialog title={state.next ? t("pack.nextCarton") : t("pack.otherCarton")} onClose={closes(send)}>
      {state.next ? <p>{t("pack.nextCartonMore", { carton })}</p> : null}
      <p class="soft">{t("pack.otherCartonMore")}</p>
      <div class="choices pack-types">
        {state.view.carton_types.map((type, i) => (
          <Choice key={type.code} marked={i === state.at} onTap={() => send({ type: "carton", code: type.code })}>
            <BoxDrawing type={type} />
            <span class="grow">
              <b>{type.name}</b>
              <span class="mono soft">{cm(type)}</span>
            </span>
          </Choice>
        ))}
      </div>
      <Back send={send} />
    </Dialog>
  );
}

// --- what is missing

function Short({ state, send }: { readonly state: At<"short">; readonly send: Send }) {
  const lines = shortLines(state.view);
  const line = lines.find((each) => each.line === state.line);
  if (line === undefined) {
    return (
      <Dialog title={t("pack.shortWhat")} onClose={closes(send)}>
        <p class="soft">{t("pack.shortWhatMore")}</p>
        <div class="choices pack-types">
          {lines.map((each, i) => (
            <Choice key={each.line} marked={i === state.at} onTap={() => send({ type: "line", line: each.line })}>
              <ItemPicture sku={each.item.sku} picture={each.item.picture} />
              <b class="grow">{nameIn(each.item, language.value)}</b>
              <span class="mono">{t("pack.of", { n: each.packed, of: each.wanted })}</span>
            </Choice>
          ))}
        </div>
        <Back send={send} />
      </Dialog>
    );
  }
  const name = nameIn(line.item, language.value);
  return (
    <Dialog title={state.reason === null ? t("pack.shortWhy", { item: name }) : t(`pack.short.${state.reason}`, { item: name, n: state.missing })} onClose={closes(send)}>
      <Units most={line.wanted - line.packed} missing={state.missing} send={send} />
      {state.reason === null ? <Reasons send={send} /> : <Confirm state={state} reason={state.reason} send={send} />}
    </Dialog>
  );
}

/** How many are missing, where it may be more than one. */
function Units({ most, missing, send }: { readonly most: number; readonly missing: number; readonly send: Send }) {
  if (most === 1) return null;
  const step = (by: number) => () => send({ type: "missing", units: missing + by });
  return (
    <div class="pack-units" role="group" aria-label={t("pack.howMany")}>
      <span class="grow">{t("pack.howMany")}</span>
      <Button kind="quiet" icon="minus" label={t("pack.oneLess")} disabled={missing <= 1} onTap={step(-1)} />
      <b class="mono" aria-live="polite">{t("pack.of", { n: missing, of: most })}</b>
      <Button kind="quiet" icon="plus" label={t("pack.oneMore")} disabled={missing >= most} onTap={step(1)} />
    </div>
  );
}

const Reasons = ({ send }: { readonly send: Send }) => (
  <>
    <div class="pack-does">
      {REASONS.map((reason) => (
        <Button key={reason} wide kind="quiet" onTap={() => send({ type: "reason", reason })}>{t(`pack.reason.${reason}`)}</Button>
      ))}
    </div>
    <p class="soft">{t("pack.shortHow")}</p>
    <Back send={send} />
  </>
);

function Confirm({ state, reason, send }: { readonly state: At<"short">; readonly reason: Reason; readonly send: Send }) {
  const order = nextOrder(state.view);
  if (order === null || state.line === null) return null;
  const after = afterwards(state.view, order.id, state.line, state.missing);
  return (
    <>
      {reason === "damaged" ? <p>{t("pack.damagedMore")}</p> : null}
      <p>{t(`pack.short.${after}`, { order: String(order.number) })}</p>
      <Main onTap={() => send({ type: "tap", what: "confirm" })}>{t("pack.shortYes")}</Main>
      <Back send={send} />
    </>
  );
}

// --- the label, and a weight that is taken as it is

const LabelAgain = ({ send }: { readonly send: Send }) => (
  <Dialog title={t("pack.labelAgain")} onClose={closes(send)}>
    <p>{t("pack.labelAgainMore")}</p>
    <Button wide onTap={() => send({ type: "tap", what: "print" })}>{t("pack.printAgain")}</Button>
    <p>{t("pack.voidMore")}</p>
    <Button kind="line" onTap={() => send({ type: "tap", what: "void" })}>{t("pack.void")}</Button>
    <Back send={send} />
  </Dialog>
);

/** A closed carton that has not left: with its label void it is open again. */
function OpenClosed({ state, closed, send }: { readonly state: At<"label">; readonly closed: string; readonly send: Send }) {
  const carton = Object.values(state.view.orders).flatMap((order) => order.closed).find(({ id }) => id === closed);
  return (
    <Dialog title={t("pack.closedHere", { carton: String(carton?.number ?? "") })} onClose={closes(send)}>
      <p>{t("pack.openClosedMore")}</p>
      <Main onTap={() => send({ type: "tap", what: "void" })}>{t("pack.void")}</Main>
      <Back send={send} />
    </Dialog>
  );
}

const WHYS = ["filling", "itemWeight", "scale"] as const;

function Accept({ state, send }: { readonly state: At<"accepting">; readonly send: Send }) {
  const other = useSignal("");
  const take = (why: string): void => send({ type: "why", why });
  return (
    <Dialog title={t("pack.acceptTitle", { grams: state.odd?.grams ?? 0 })} onClose={closes(send)}>
      <p class="soft">{t("pack.acceptMore")}</p>
      <div class="pack-does">
        {WHYS.map((why) => (
          <Button key={why} kind="quiet" wide onTap={() => take(t(`pack.why.${why}`))}>{t(`pack.why.${why}`)}</Button>
        ))}
      </div>
      <form
        class="pack-does"
        onSubmit={(event) => {
          event.preventDefault();
          if (other.value.trim().length >= 3) take(other.value.trim());
        }}
      >
        <Field label={t("pack.whyOther")} value={other.value} maxLength={200} onInput={(words) => (other.value = words)} />
        <Button kind="line" submit disabled={other.value.trim().length < 3}>{t("pack.accept")}</Button>
      </form>
      <Back send={send} />
    </Dialog>
  );
}

// --- help and cards

function Help({ send }: { readonly send: Send }) {
  return (
    <Dialog title={t("pack.help")} onClose={closes(send)}>
      <ol class="pack-help">
        {(["tote", "item", "weight", "label", "missing", "full", "wrong"] as const).map((step) => (
          <li key={step}>{t(`pack.help.${step}`)}</li>
        ))}
      </ol>
      <Button wide onTap={closes(send)}>{t("common.understood")}</Button>
    </Dialog>
  );
}

/** What the server answered differently: a card that says what to do, until somebody has read it. */
export function Cards() {
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
