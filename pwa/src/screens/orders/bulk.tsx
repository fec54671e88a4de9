import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Said } from "../../core/machine";
import { whyNot } from "../../core/refused";
import { Button, Dialog, Fault, Field, Icon, language, ProgressBar, t, useApp, useTopic, wordOf } from "../../ui";
import { useDoing } from "../../ui/doing";
import { useGrowing } from "../../ui/growing";
import { Menu, type Choice } from "../../ui/menu";
import { mayDo, NEEDS, OFTEN, SELDOM, type Action, type Input, type Job, type JobRow, type State } from "./picking";

type Send = (input: Input) => void;

/** So many the server takes at once. */
const MOST = 10_000;

interface ToolsProps {
  readonly state: State;
  readonly page: readonly number[];
  /** Whether the list finds more than this page shows. */
  readonly more: boolean;
  readonly send: Send;
  /** What can be printed of them. */
  readonly papers: readonly Choice[];
  readonly ask: (action: Action) => void;
}

/** What is chosen, and what can be done to it. */
export function Tools({ state, page, more, send, papers, ask }: ToolsProps) {
  const { chosen, all } = state;
  const any = all || chosen.length > 0;
  return (
    <div class="orders-bulk" role="group" aria-label={t("orders.bulk.title")}>
      <Button kind="line" disabled={page.length === 0} onTap={() => send({ type: "page", page })}>{t("orders.bulk.page", { n: page.length })}</Button>
      {more || all ? <Button kind="line" disabled={all} onTap={() => send({ type: "found" })}>{t("orders.bulk.found", { n: MOST })}</Button> : null}
      {any ? (
        <>
          <span role="status">{all ? t("orders.bulk.chosenAll", { n: MOST }) : t("orders.bulk.chosen", { n: chosen.length })}</span>
          <Button kind="line" onTap={() => send({ type: "none" })}>{t("orders.bulk.none")}</Button>
          <Does papers={papers} ask={ask} />
        </>
      ) : <span class="soft orders-keys">{t("orders.bulk.keys")}</span>}
    </div>
  );
}

/** What is done most stands there, the rest is behind one button. */
function Does({ papers, ask }: Pick<ToolsProps, "papers" | "ask">) {
  const permissions = useApp().who.value.signedIn?.permissions ?? [];
  const words = (action: Action): string => t(`orders.bulk.do.${action}`);
  const others = mayDo(SELDOM, permissions).map((action) => ({ key: action, words: words(action), onChoose: () => ask(action) }));
  return (
    <span class="orders-do">
      {mayDo(OFTEN, permissions).map((action) => <Button key={action} kind="line" onTap={() => ask(action)}>{words(action)}</Button>)}
      <Menu label={t("orders.bulk.others")} choices={[...papers, ...others]} />
    </span>
  );
}

/** What is used of the server's `ServiceView`. */
interface Service {
  readonly code: string;
  readonly carrier: string;
  readonly name: string;
}

/** What the action needs besides the orders, asked once for all of them. */
export function Ask({ state, send }: { readonly state: Extract<State, { mode: "asking" }>; readonly send: Send }) {
  const { action, text, busy, fault, all, chosen } = state;
  const { field, longest } = NEEDS[action];
  const many = all ? t("orders.bulk.chosenAll", { n: MOST }) : t("orders.bulk.chosen", { n: chosen.length });
  const type = (value: string): void => send({ type: "text", text: value });
  return (
    <Dialog title={t(`orders.bulk.ask.${action}`)} onClose={() => send({ type: "back" })}>
      <form
        class="orders-name"
        onSubmit={(event) => {
          event.preventDefault();
          send({ type: "go" });
        }}
      >
        <p class="soft">{many}. {t("orders.bulk.each")}</p>
        {field === "service" ? <Services value={text} type={type} /> : <Field label={t(`orders.bulk.field.${field}`)} value={text} maxLength={longest} autoFocus onInput={type} />}
        <Fault why={fault} />
        <div class="row orders-answers">
          <Button kind="line" disabled={busy} onTap={() => send({ type: "back" })}>{t("common.back")}</Button>
          <Button kind={action === "cancel" ? "bad" : "small"} submit busy={busy}>{t(`orders.bulk.do.${action}`)}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function Services({ value, type }: { readonly value: string; readonly type: (value: string) => void }) {
  const { http } = useApp();
  const offered = useSignal<readonly Service[]>([]);
  const fault = useSignal<Said | null>(null);
  useEffect(() => {
    http.get<{ readonly services: readonly Service[] }>("/orders/form").then(
      ({ services }) => void (offered.value = services),
      (error: unknown) => void (fault.value = whyNot(error)),
    );
  }, []);
  return (
    <label class="field">
      <span>{t("orders.bulk.field.service")}</span>
      <select value={value} autoFocus onChange={(event) => type(event.currentTarget.value)}>
        <option value="">{t("orders.bulk.pickService")}</option>
        {offered.value.map(({ code, carrier, name }) => (
          <option key={code} value={code}>
            {`${wordOf(carrier)} · ${name}`}
          </option>
        ))}
      </select>
      <Fault why={fault.value} />
    </label>
  );
}

// --- while it is done

interface WatchProps {
  readonly id: string;
  /** It has ended: the list is another one. */
  readonly ended: () => void;
  readonly close: () => void;
}

/** How far it is, live; when it is through, what could not be done and why. */
export function Watch({ id, ended, close }: WatchProps) {
  const { http } = useApp();
  const job = useTopic<Job>("job", id).value;
  const { busy, fault, go } = useDoing();
  const state = job?.state;
  const whole = useRef<HTMLElement>(null);
  useEffect(() => {
    // The button that began it went with what was chosen.
    if (document.activeElement === document.body) whole.current?.focus();
  }, [job === undefined]);
  useEffect(() => void (state !== undefined && state !== "running" && ended()), [state]);
  if (job === undefined) return null;
  const stop = (): void => go(() => http.post(`/orders/jobs/${id}/cancel`, {}));
  const words = t(`orders.bulk.state.${job.state}`, { what: t(`orders.bulk.do.${job.action}`), done: job.state === "done" ? job.done : job.done + job.refused, total: job.total });
  return (
    <section ref={whole} tabIndex={-1} class="panel padded orders-job" aria-label={t("orders.bulk.job")}>
      <div class="row orders-answers">
        <p role="status" class="grow">{words}</p>
        {job.state === "running" ? <Button kind="line" busy={busy.value} onTap={stop}>{t("orders.bulk.stop")}</Button> : <Button kind="line" onTap={close}>{t("orders.bulk.close")}</Button>}
      </div>
      <ProgressBar parts={[{ value: job.done, tone: "accent" }, { value: job.refused, tone: "warn" }]} total={job.total} label={words} tall />
      <Fault why={fault.value} />
      {job.refused > 0 ? <Refused id={id} count={job.refused} /> : null}
    </section>
  );
}

function Refused({ id, count }: { readonly id: string; readonly count: number }) {
  const { rows, hasMore, busy, fault, more } = useGrowing<JobRow>(`/orders/jobs/${id}/orders`, { state: "refused" }, count);
  return (
    <div>
      <p class="orders-refused"><Icon name="warn" size={18} /> {t("orders.bulk.refused", { n: count })}</p>
      <ul>
        {(rows ?? []).map((row) => (
          <li key={row.position}>
            <a class="mono" href={`/orders/${row.number}`}>{String(row.number)}</a>: {row.why === null ? row.code : row.why[language.value === "de" ? "de" : "en"]}
          </li>
        ))}
      </ul>
      <Fault why={fault} />
      {hasMore ? <Button kind="line" busy={busy} onTap={more}>{t("orders.bulk.more")}</Button> : null}
    </div>
  );
}
