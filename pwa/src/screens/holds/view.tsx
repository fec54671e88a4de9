import { useSignal } from "@preact/signals";
import { useEffect, useId } from "preact/hooks";
import type { Said } from "../../core/machine";
import { whyNot } from "../../core/refused";
import {
  Again, AppShell, Button, Dialog, Empty, Fault, Icon, language, minutesLeft, money, navigate, number, Pill, ProgressBar, searchParams, Spinner, t, timeFrom, useApp, useFlow, useNow, wordOf,
  type ScreenProps,
} from "../../ui";
import { editionOf, inWords } from "../../ui/both";
import { addressOf, AGES, flow, queryOf, refusedOf, start, wantedOf, type All, type Held, type Input, type Queue, type Released, type State, type Wanted } from "./flow";
import "./style.css";

const AGAIN = 15_000;
const OWNERS = ["desk", "supervisor", "operator", "admin"];
const REASONS = [
  "address_doubtful", "age_to_check", "credit_doubtful", "fraud_suspected", "look_before_release", "manual", "not_available", "not_permitted", "order_doubtful", "payment_declined", "phone_doubtful", "rule_broken",
];
export default function Holds(_props: ScreenProps) {
  const { http } = useApp();
  const wanted = wantedOf(searchParams.value);
  const queue = useSignal<Queue | null>(null);
  const fault = useSignal<Said | null>(null);
  const look = (): void =>
    void http.get<Queue>("/holds", { query: queryOf(wanted) }).then(
      (found) => {
        queue.value = found;
        fault.value = null;
      },
      (error: unknown) => void (fault.value = whyNot(error)),
    );
  const { state, send } = useFlow<State, Input, All>(flow, () => start, (effect, again) => {
    if (effect.type === "reload") return look();
    if (effect.type !== "release") return;
    http.post<{ readonly items: readonly Released[] }>("/holds/release", { holds: effect.holds, note: effect.note }).then(
      ({ items }) => again({ type: "went", results: items }),
      (error: unknown) => again({ type: "failed", why: whyNot(error) }),
    );
  });
  useEffect(() => {
    queue.value = null;
    look();
    const timer = setInterval(look, AGAIN);
    return () => clearInterval(timer);
  }, [addressOf(wanted)]);
  const now = state.value;
  const shown = queue.value;
  return (
    <AppShell {...(shown === null ? {} : { counts: { "/holds": number(shown.open) } })}>
      <div class="holds-head">
        <h1>{t("holds.title")}</h1>
        <p class="soft" role="status">{shown === null ? "" : t("holds.counts", { open: shown.open, overdue: shown.overdue })}</p>
      </div>
      <Filters wanted={wanted} />
      <Again why={fault.value} again={look} />
      <Fault why={now.mode === "list" ? now.fault : null} />
      {now.mode === "list" ? <Results results={now.results} held={shown?.items ?? []} /> : null}
      {now.mode === "going" ? <Going state={now} /> : null}
      {shown === null ? fault.value === null ? <Spinner label={t("common.loading")} /> : null : <Rows queue={shown} state={now} wanted={wanted} send={send} />}
      {now.mode === "asking" ? <Ask state={now} send={send} /> : null}
    </AppShell>
  );
}

// --- which

function Filters({ wanted }: { readonly wanted: Wanted }) {
  const change = (name: keyof Wanted, value: string): void => navigate(addressOf({ ...wanted, after: null, [name]: value === "" ? null : value }));
  return (
    <div class="holds-filters" role="group" aria-label={t("holds.filters")}>
      <Choice label={t("holds.reason")} value={wanted.reason} all={t("holds.anyReason")} options={REASONS.map((code) => [code, wordOf(code)] as const)} change={(value) => change("reason", value)} />
      <Choice label={t("holds.owner")} value={wanted.owner} all={t("holds.anyOwner")} options={OWNERS.map((role) => [role, t(`role.${role}`)] as const)} change={(value) => change("owner", value)} />
      <Choice label={t("holds.due")} value={wanted.late} all={t("holds.anyDue")} options={[["overdue", t("holds.overdue")], ["escalated", t("holds.escalated")]]} change={(value) => change("late", value)} />
      <Choice label={t("holds.waits")} value={wanted.hours} all={t("holds.anyAge")} options={AGES.map((hours) => [hours, t("holds.longer", { n: Number(hours) })] as const)} change={(value) => change("hours", value)} />
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | null;
  readonly all: string;
  readonly options: readonly (readonly [code: string, words: string])[];
  readonly change: (value: string) => void;
}

function Choice({ label, value, all, options, change }: ChoiceProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value ?? ""} onChange={(event) => change(event.currentTarget.value)}>
        <option value="">{all}</option>
        {options.map(([code, words]) => (
          <option key={code} value={code}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

// --- the queue

interface RowsProps {
  readonly queue: Queue;
  readonly state: State;
  readonly wanted: Wanted;
  readonly send: (input: Input) => void;
}

function Rows({ queue, state, wanted, send }: RowsProps) {
  const chosen = state.mode === "list" ? state.chosen : [];
  const mine = queue.items.filter((each) => each.mine).map(({ id }) => id);
  const picked = mine.filter((id) => chosen.includes(id));
  if (queue.items.length === 0) return <Empty icon="done" title={t("holds.none")} />;
  return (
    <>
      <div class="holds-tools">
        <Button kind="line" disabled={mine.length === 0} onTap={() => send({ type: "all", ids: picked.length === mine.length ? [] : mine })}>
          {picked.length === mine.length && mine.length > 0 ? t("holds.chooseNone") : t("holds.chooseAll", { n: mine.length })}
        </Button>
        <Button kind="small" icon="check" disabled={picked.length === 0} onTap={() => send({ type: "ask", ids: picked })}>{t("holds.releaseN", { n: picked.length })}</Button>
      </div>
      <ul class="holds-list" aria-label={t("holds.title")}>
        {queue.items.map((each) => (
          <Row key={each.id} held={each} chosen={chosen.includes(each.id)} busy={state.mode !== "list"} send={send} />
        ))}
      </ul>
      <nav class="holds-tools" aria-label={t("holds.pages")}>
        {wanted.after === null ? null : <a class="btn small line" href={addressOf({ ...wanted, after: null })}>{t("holds.first")}</a>}
        <span class="grow" />
        {queue.next === null ? null : <a class="btn small line" href={addressOf({ ...wanted, after: queue.next })}>{t("holds.more")}</a>}
      </nav>
    </>
  );
}

interface RowProps {
  readonly held: Held;
  readonly chosen: boolean;
  readonly busy: boolean;
  readonly send: (input: Input) => void;
}

function Row({ held, chosen, busy, send }: RowProps) {
  const now = useNow();
  const over = new Date(held.due_at).getTime() <= now;
  const order = String(held.order);
  return (
    <li class={`panel holds-row${held.escalated_at === null ? "" : " escalated"}`}>
      <label class="holds-pick">
        <input type="checkbox" checked={chosen} disabled={!held.mine || busy} onChange={() => send({ type: "toggle", id: held.id })} />
        <span class="sr">{t("holds.choose", { order })}</span>
      </label>
      <div class="holds-what">
        <p class="row">
          <a class="mono" href={`/orders/${order}`}>{order}</a>
          <b>{language.value === "de" ? held.de : held.en}</b>
          {held.escalated_at === null ? null : <Pill tone="bad" dot="full">{t("holds.isEscalated")}</Pill>}
        </p>
        <p class="soft">{[held.customer, money(held.total_minor, held.currency)].join(" · ")}</p>
        <p class="soft">
          {held.rule === null ? t("holds.by", { who: wordOf(held.placed_by) }) : (
            <a href={`/policies/${held.rule.kind}`}>{t("holds.byRule", { rule: inWords(held.rule.name), edition: editionOf(held.rule.version) })}</a>
          )}
          {held.note === "" ? "" : ` · ${held.note}`}
        </p>
      </div>
      <dl class="holds-when">
        <div>
          <dt>{t("holds.owner")}</dt>
          <dd>{t(`role.${held.owner}`)}</dd>
        </div>
        <div>
          <dt>{t("holds.since")}</dt>
          <dd>{timeFrom(held.placed_at, now)}</dd>
        </div>
        <div class={over ? "over" : ""}>
          <dt>{t("holds.due")}</dt>
          <dd>
            {over ? <Icon name="clock" size={16} /> : null}
            {minutesLeft(held.due_at, now)}
          </dd>
        </div>
      </dl>
      <div class="holds-do">
        {held.mine ? <Button kind="line" disabled={busy} label={t("holds.releaseOne", { order })} onTap={() => send({ type: "ask", ids: [held.id] })}>{t("holds.release")}</Button> : <span class="soft">{t(held.reason === "payment_declined" ? "holds.byItself" : "holds.notMine")}</span>}
      </div>
    </li>
  );
}

// --- letting go

function Ask({ state, send }: { readonly state: Extract<State, { mode: "asking" }>; readonly send: (input: Input) => void }) {
  const id = useId();
  return (
    <Dialog title={t("holds.ask", { n: state.chosen.length })} onClose={() => send({ type: "close" })}>
      <form
        class="holds-ask"
        onSubmit={(event) => {
          event.preventDefault();
          send({ type: "go" });
        }}
      >
        <p class="soft">{t("holds.askMore")}</p>
        <div class="field">
          <label for={id}>{t("holds.note")}</label>
          <textarea id={id} rows={3} maxLength={500} value={state.note} autoFocus onInput={(event) => send({ type: "note", note: event.currentTarget.value })} />
        </div>
        <div class="holds-tools">
          <Button kind="line" onTap={() => send({ type: "close" })}>{t("common.back")}</Button>
          <Button kind="small" submit>{t("holds.releaseN", { n: state.chosen.length })}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function Going({ state }: { readonly state: Extract<State, { mode: "going" }> }) {
  const done = state.total - state.left.length;
  const words = t("holds.going", { done, total: state.total });
  return (
    <div class="panel padded holds-going">
      <p role="status">{words}</p>
      <ProgressBar parts={[{ value: done, tone: "accent" }]} total={state.total} label={words} tall />
    </div>
  );
}

function Results({ results, held }: { readonly results: readonly Released[]; readonly held: readonly Held[] }) {
  const refused = refusedOf(results);
  const order = (hold: string): string => String(held.find(({ id }) => id === hold)?.order ?? "");
  return (
    <div role="status" class="holds-results">
      {results.length === refused.length ? null : <p class="holds-went"><Icon name="check" size={18} /> {t("holds.went", { n: results.length - refused.length })}</p>}
      {refused.length === 0 ? null : (
        <div class="panel padded warn">
          <p><b>{t("holds.stay", { n: refused.length })}</b></p>
          <ul>
            {refused.map((each) => (
              <li key={each.hold}>{[order(each.hold), each.why === null ? each.code : inWords(each.why)].filter((part) => part !== "").join(": ")}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
