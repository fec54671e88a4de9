import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { printedBin } from "../../core/barcode";
import { TASK_BEGUN, type Begun } from "../../core/begun";
import type { Phase } from "../../core/loose";
import { speaking } from "../../core/machine";
import { nameIn } from "../../core/named";
import { whyNot } from "../../core/refused";
import { HEARD, leftOf, openLoose, type LooseHeard, type QueueView, type TourStop } from "../../core/tour";
import {
  BinCode, Button, Cards, Dialog, Empty, Handheld, Icon, ItemCard, Keypad, Label, language, navigate, Quantity, ScanPrompt, Spinner, t, useAnswered, useApp, useAwake,
  useFlow, useScan, useTopic, type ScreenProps,
} from "../../ui";
import { makeFlow, SAVED, start, type All, type Input, type State, type TasksEffect, type Work } from "./flow";
import "./style.css";

type Send = (input: Input) => void;
type Doing = Extract<State, { mode: "doing" }>;

export default function Tasks(_props: ScreenProps) {
  const app = useApp();
  const flow = useMemo(() => speaking(makeFlow(() => app.newId()), () => language.peek()), [app]);
  const { state, send } = useFlow<State, Input, All>(flow, () => start(language.peek(), app.who.peek().signedIn?.person.id ?? ""), perform);
  const warehouse = app.who.value.signedIn?.warehouse?.id ?? null;
  const queue = useTopic<QueueView>("queue", warehouse === null ? null : String(warehouse));
  const restored = useSignal(false);

  function perform(effect: TasksEffect, again: Send): void {
    if (effect.type === "keep") return void app.saved.put(SAVED, effect.work);
    if (effect.type === "begun") return void (effect.begun === null ? app.saved.delete(TASK_BEGUN) : app.saved.put(TASK_BEGUN, effect.begun));
    app.http.get<QueueView>("/floor/queue").then(
      (view) => again({ type: "queue", view }),
      (error: unknown) => void whyNot(error), // no network: the next push brings it
    );
  }

  useEffect(() => {
    void Promise.all([app.saved.get<Work>(SAVED), app.saved.get<LooseHeard>(HEARD), app.saved.get<Begun<Phase>>(TASK_BEGUN)]).then(([work, heard, begun]) => {
      send({ type: "restored", work: work ?? { tasks: {}, items: {} }, heard: heard ?? null, begun: begun ?? null });
      restored.value = true;
    });
  }, []);
  useEffect(() => {
    if (queue.value === undefined || !restored.value) return;
    const { loose, items } = queue.value;
    send({ type: "queue", view: { loose, items } });
    void app.saved.put(HEARD, { loose, items } satisfies LooseHeard);
  }, [queue.value, restored.value]);
  useEffect(() => app.sync.onAnswer((answer) => send({ type: "answer", answer })), []);
  useScan((scan) => (scan.kind === "badge" || app.sending.peek().cards.length > 0 ? false : send({ type: "scan", scan })), true);
  useAwake();
  const now = state.value;
  return (
    <>
      {now.mode === "list" ? <List state={now} send={send} /> : <Task key={now.task.task} state={now} send={send} />}
      <Cards />
    </>
  );
}

const nameOf = (work: Work, task: TourStop): string => nameIn(work.items[task.item], language.value);

// --- the list

function List({ state, send }: { readonly state: Extract<State, { mode: "list" }>; readonly send: Send }) {
  const open = openLoose(state.work.tasks);
  const of = (kind: string): readonly TourStop[] => open.filter((task) => task.kind === kind);
  return (
    <Handheld
      title={t("tasks.title")}
      prompt={open.length === 0 ? null : <ScanPrompt>{t("tasks.scanAny")}</ScanPrompt>}
      actions={
        <>
          <Button kind="quiet" onTap={() => send({ type: "undo" })}>{t("tasks.undo")}</Button>
          <Button kind="quiet" onTap={() => navigate("/pick")}>{t("tasks.toPicking")}</Button>
        </>
      }
    >
      <h1 class="sr">{t("tasks.title")}</h1>
      {!state.known ? <Spinner label={t("common.loading")} /> : null}
      {state.known && open.length === 0 ? (
        <Empty icon="done" title={t("tasks.nothing")}>
          <p>{t("tasks.nothingMore")}</p>
        </Empty>
      ) : null}
      <Group title={t("floor.putBacks", { n: of("put_back").length })} tasks={of("put_back")} state={state} send={send} />
      <Group title={t("floor.counts", { n: of("count").length })} tasks={of("count")} state={state} send={send} />
    </Handheld>
  );
}

interface GroupProps {
  readonly title: string;
  readonly tasks: readonly TourStop[];
  readonly state: State;
  readonly send: Send;
}

function Group({ title, tasks, state, send }: GroupProps) {
  if (tasks.length === 0) return null;
  return (
    <section class="tasks-group">
      <h2 class="lbl">{title}</h2>
      <ul>
        {tasks.map((task) => (
          <li key={task.task}>
            <button type="button" onClick={() => send({ type: "choose", task: task.task })}>
              <BinCode code={task.bin.code} small />
              <span class="grow">
                <b>{task.kind === "count" ? nameOf(state.work, task) : t("tasks.times", { n: leftOf(task), item: nameOf(state.work, task) })}</b>
                {task.tote === null ? null : <small class="soft">{t("tasks.outOf", { tote: task.tote })}</small>}
              </span>
              <Icon name="arrow" size={20} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

// --- one task

type Sheet = "digits" | "quantity" | "number" | "more";

function Task({ state, send }: { readonly state: Doing; readonly send: Send }) {
  const { task, work } = state;
  const sheet = useSignal<Sheet | null>(null);
  const close = (): void => void (sheet.value = null);
  useAnswered(close);
  const count = task.kind === "count";
  return (
    <Handheld
      title={count ? <CountTitle bin={state.at.phase === "bin" ? null : task.bin.code} /> : t("tasks.putBack")}
      actions={
        <>
          <Button kind="quiet" onTap={() => send({ type: "back" })}>{t("tasks.later")}</Button>
          <Button kind="quiet" onTap={() => send({ type: "undo" })}>{t("tasks.undo")}</Button>
          <Button kind="quiet" onTap={() => (sheet.value = "more")}>{t("tasks.more")}</Button>
        </>
      }
    >
      <Step state={state} send={send} type={() => (sheet.value = "number")} />
      {sheet.value === "more" ? <More state={state} send={send} onClose={close} open={(next) => (sheet.value = next)} /> : null}
      {sheet.value === "number" ? <NumberSheet title={t("tasks.howMany")} note={nameOf(work, task)} onClose={close} onDone={(text) => send({ type: "quantity", quantity: Number(text) })} /> : null}
      {sheet.value === "quantity" ? (
        <NumberSheet title={t("tasks.typeQuantity", { n: leftOf(task) })} note={nameOf(work, task)} onClose={close} onDone={(text) => send({ type: "quantity", quantity: Number(text) })} />
      ) : null}
      {sheet.value === "digits" ? <NumberSheet title={t("tasks.typeDigits")} note={printedBin(task.bin.code)} onClose={close} onDone={(raw) => send({ type: "scan", scan: { kind: "unknown", raw } })} /> : null}
    </Handheld>
  );
}

/** The bin stays in sight while it is counted. */
const CountTitle = ({ bin }: { readonly bin: string | null }) => (
  <>
    {t("tasks.count")} {bin === null ? null : <span class="mono">{printedBin(bin)}</span>}
  </>
);

interface StepProps {
  readonly state: Doing;
  readonly send: Send;
  readonly type: () => void;
}

/** One instruction: what is due now. */
function Step({ state, send, type }: StepProps) {
  const { task, at } = state;
  switch (at.phase) {
    case "tote":
      return (
        <>
          <Label>{t("tasks.takeTote")}</Label>
          <div class="tasks-tote mono">{task.tote}</div>
          {task.order === null ? null : <div class="soft tasks-side">{t("tasks.ofOrder", { order: String(task.order) })}</div>}
          <Goods state={state} />
          <ScanPrompt>{t("tasks.scanTote", { tote: task.tote ?? "" })}</ScanPrompt>
        </>
      );
    case "bin":
      return (
        <>
          <Label>{task.kind === "count" ? t("tasks.count") : t("tasks.putBackTo")}</Label>
          <BinCode code={task.bin.code} />
          <div class="soft tasks-side">{t("floor.side", { side: task.bin.side === "" ? "none" : task.bin.side, level: task.bin.level })}</div>
          {task.kind === "count" ? <Goods state={state} /> : <InHand state={state} label={t("tasks.inHand")} value={at.counted} />}
          <ScanPrompt>{t("tasks.scanBin")}</ScanPrompt>
        </>
      );
    case "item":
      return task.kind === "count" ? (
        <>
          <Goods state={state} />
          <ScanPrompt>{t("tasks.scanItem")}</ScanPrompt>
          <Button kind="quiet" wide onTap={() => send({ type: "quantity", quantity: 0 })}>{t("tasks.binEmpty")}</Button>
        </>
      ) : (
        <>
          <Goods state={state} />
          <InHand state={state} label={t("tasks.take")} value={leftOf(task) - at.counted} of={leftOf(task)} />
          <ScanPrompt>{at.counted === 0 ? t("tasks.scanItem") : t("tasks.scanNext")}</ScanPrompt>
        </>
      );
    case "quantity":
      return (
        <>
          <Goods state={state} />
          <h2 class="tasks-ask">{t("tasks.howMany")}</h2>
          <div class="bottom">
            <Button wide onTap={type}>{t("tasks.typeCount")}</Button>
          </div>
        </>
      );
    case "confirm":
      return (
        <>
          <Goods state={state} />
          <InHand state={state} label={t("tasks.counted")} value={at.counted} />
          <h2 class="tasks-ask">{t("tasks.countedRight")}</h2>
          <div class="bottom tasks-answers">
            <Button kind="quiet" wide onTap={() => send({ type: "retype" })}>{t("tasks.retype")}</Button>
            <Button wide onTap={() => send({ type: "confirm" })}>{t("tasks.confirm", { n: at.counted })}</Button>
          </div>
        </>
      );
  }
}

function Goods({ state: { work, task } }: { readonly state: Doing }) {
  const item = work.items[task.item];
  return <ItemCard name={nameOf(work, task)} sku={item?.sku ?? ""} picture={item?.picture ?? null} lot={task.lot} expiry={task.expiry} />;
}

function InHand({ state: { work, task }, label, value, of }: { readonly state: Doing; readonly label: string; readonly value: number; readonly of?: number }) {
  const unit = t("floor.unit", { uom: work.items[task.item]?.uom ?? "each" });
  return (
    <div>
      <Label>{label}</Label>
      <Quantity value={value} unit={unit} {...(of === undefined ? {} : { of })} />
    </div>
  );
}

interface SheetProps {
  readonly onClose: () => void;
}

function More({ state, send, onClose, open }: SheetProps & { readonly state: Doing; readonly send: Send; readonly open: (sheet: Sheet) => void }) {
  const { phase } = state.at;
  return (
    <Dialog title={t("tasks.more")} sheet onClose={onClose}>
      <div class="choices">
        {phase === "tote" ? <Button kind="quiet" wide onTap={() => (onClose(), send({ type: "seen" }))}>{t("tasks.seen")}</Button> : null}
        {phase === "bin" ? <Button kind="quiet" wide onTap={() => open("digits")}>{t("tasks.typeDigits")}</Button> : null}
        {phase === "item" && state.task.kind === "put_back" ? <Button kind="quiet" wide onTap={() => open("quantity")}>{t("tasks.typeQuantityShort")}</Button> : null}
        <Button kind="quiet" wide onTap={() => (onClose(), send({ type: "back" }))}>{t("tasks.back")}</Button>
      </div>
      <Button kind="line" onTap={onClose}>{t("common.back")}</Button>
    </Dialog>
  );
}

interface NumberSheetProps extends SheetProps {
  readonly title: string;
  readonly note: string;
  readonly onDone: (text: string) => void;
}

function NumberSheet({ title, note, onClose, onDone }: NumberSheetProps) {
  const text = useSignal("");
  return (
    <Dialog title={title} sheet onClose={onClose}>
      <p class="soft">{note}</p>
      <output class="tasks-typed mono">{text.value === "" ? "–" : text.value}</output>
      <Keypad onDigit={(digit) => text.value.length < 5 && (text.value += digit)} onErase={() => (text.value = text.value.slice(0, -1))} />
      <Button wide disabled={text.value === ""} onTap={() => (onClose(), onDone(text.value))}>{t("tasks.done")}</Button>
      <Button kind="line" onTap={onClose}>{t("common.back")}</Button>
    </Dialog>
  );
}
