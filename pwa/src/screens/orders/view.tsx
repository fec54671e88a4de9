import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Said } from "../../core/machine";
import { isRefused } from "../../core/problem";
import { whyNot } from "../../core/refused";
import { STATUSES } from "../../generated/statuses";
import { AppShell, Button, day, Empty, language, money, navigate, Pill, said, searchParams, Spinner, t, time, useApp, useBack, useFlow, useFocusBack, useScan, wordOf, type ScreenProps, type Tone } from "../../ui";
import { Narrow, Pages } from "../../ui/lists";
import { Ask, Tools, Watch } from "./bulk";
import { addressOf, PAGE, wantedOf, type List, type Row } from "./flow";
import { Papers, usePapers, usePrintable } from "./papers-view";
import { bodyOf, moved, picking, start, type Action, type Begin, type Input, type Job, type State } from "./picking";
import { Saved } from "./saved";
import "./style.css";

/** In the order in which an order goes through them. */
const WAY = ["unpaid", "on_hold", "authorising", "backordered", "ready", "releasing", "released", "picking", "picked", "packing", "packed", "shipped", "cancelled"];
const CODES = Object.keys(STATUSES).sort((a, b) => rank(a) - rank(b));
function rank(code: string): number {
  const at = WAY.indexOf(code);
  return at === -1 ? WAY.length : at;
}
const statusText = (status: string): string => (STATUSES as Readonly<Record<string, { readonly en: string; readonly de: string } | undefined>>)[status]?.[language.value] ?? status;
const TONES: Readonly<Record<string, Tone>> = { shipped: "ok", packed: "ok", on_hold: "warn", unpaid: "bad", backordered: "warn", picking: "accent", picked: "accent", packing: "accent", ready: "accent" };

export default function Orders(_props: ScreenProps) {
  const { http, newId } = useApp();
  const wanted = wantedOf(searchParams.value, CODES);
  const list = useSignal<List | null>(null);
  const fault = useSignal<Said | null>(null);
  const tries = useSignal(0);
  const look = (q: string): void => navigate(addressOf({ ...wanted, q: q === "" ? null : q, after: null }));
  useScan((scan) => {
    if (scan.kind === "badge") return false;
    look(scan.code ?? scan.raw);
    return true;
  });
  useBack(() => void (fault.value !== null && (tries.value += 1)));
  const job = useSignal<string | null>(null);
  const { state, send } = useFlow<State, Input, Begin>(picking, () => start, (begin, again) => {
    http.post<Job>("/orders/jobs", bodyOf(begin), { key: begin.key }).then(
      ({ id }) => {
        job.value = id;
        again({ type: "begun" });
      },
      (error: unknown) => again({ type: "failed", why: whyNot(error), refused: isRefused(error) }),
    );
  });
  const ask = (action: Action): void => send({ type: "ask", action, found: { q: wanted.q, status: wanted.status }, key: newId() });
  const papers = usePapers(wanted);
  const printable = usePrintable(state.value, papers);
  const heading = useFocusBack<HTMLHeadingElement>(state.value.mode === "asking" || job.value !== null);
  useEffect(() => {
    // What was begun before the page was loaded anew is watched further.
    http.get<{ readonly items: readonly Job[] }>("/orders/jobs", { query: { limit: 5 } }).then(
      ({ items }) => void (job.value ??= items.find((each) => each.state === "running")?.id ?? null),
      (error: unknown) => void (fault.value ??= whyNot(error)),
    );
  }, []);
  useEffect(() => send({ type: "none" }), [wanted.status, wanted.q]);
  useEffect(() => void (list.value = null), [wanted.after, wanted.status, wanted.q]);
  useEffect(() => {
    // Asked again, the list stays while no answer comes: who is at one of its orders is still there.
    let current = true;
    fault.value = null;
    http.get<List>("/orders", { query: { limit: PAGE, after: wanted.after, status: wanted.status, q: wanted.q } }).then(
      (found) => void (current && (list.value = found)),
      (error: unknown) => void (current && (fault.value = whyNot(error))),
    );
    return () => {
      current = false;
    };
  }, [wanted.after, wanted.status, wanted.q, tries.value]);
  return (
    <AppShell>
      <div class="orders-head">
        <h1 ref={heading} tabIndex={-1}>{t("orders.title")}</h1>
        <Search key={wanted.q ?? ""} q={wanted.q ?? ""} ask={look} />
        <Narrow label={t("orders.status")} all={t("orders.all")} value={wanted.status} options={CODES.map((code) => [code, statusText(code)] as const)} onChoose={(status) => navigate(addressOf({ ...wanted, status, after: null }))} />
      </div>
      <Saved wanted={wanted} />
      {fault.value === null ? null : (
        <Empty icon="warn" title={said(fault.value)}>
          <Button kind="quiet" onTap={() => (tries.value += 1)}>{t("common.again")}</Button>
        </Empty>
      )}
      {job.value === null ? null : <Watch key={job.value} id={job.value} ended={() => (tries.value += 1)} close={() => (job.value = null)} />}
      <Papers state={papers.state.value} send={papers.send} />
      {state.value.mode === "asking" ? <Ask state={state.value} send={send} /> : null}
      {list.value === null ? fault.value === null ? <Spinner label={t("common.loading")} /> : null : (
        <>
          {list.value.similar ? <p class="orders-similar" role="status">{t("orders.similar", { q: wanted.q ?? "" })}</p> : null}
          {list.value.items.length === 0 ? null : (
            <Tools state={state.value} page={list.value.items.map((row) => row.number)} more={!list.value.similar && (list.value.next !== null || wanted.after !== null)} send={send} papers={printable} ask={ask} />
          )}
          <Rows rows={list.value.items} q={wanted.q} state={state.value} send={send} />
        </>
      )}
      <Pages to={(after) => addressOf({ ...wanted, after })} after={wanted.after} next={list.value?.next} />
    </AppShell>
  );
}

interface SearchProps {
  readonly q: string;
  readonly ask: (q: string) => void;
}

/** One field for anything; `/` goes there from wherever one is, a scan is typed and asked for by itself. */
function Search({ q, ask }: SearchProps) {
  const text = useSignal(q);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const jump = (event: KeyboardEvent): void => {
      if (event.key !== "/" || event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
      event.preventDefault();
      field.current?.focus();
    };
    addEventListener("keydown", jump);
    return () => removeEventListener("keydown", jump);
  }, []);
  return (
    <form
      class="orders-search grow"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        ask(text.value.trim());
      }}
    >
      <label class="field">
        <span class="sr">{t("orders.search")}</span>
        <input ref={field} type="search" value={text.value} placeholder={t("orders.searchHint")} maxLength={100} onInput={(event) => (text.value = event.currentTarget.value)} />
      </label>
      <Button kind="line" submit icon="search" label={t("orders.search")} />
    </form>
  );
}

interface RowsProps {
  readonly rows: readonly Row[];
  readonly q: string | null;
  readonly state: State;
  readonly send: (input: Input) => void;
}

/** The boxes in front are one stop of the tab key; arrows go from one to the next, with shift they take it in. */
function Rows({ rows, q, state, send }: RowsProps) {
  const at = useSignal(0);
  const body = useRef<HTMLTableSectionElement>(null);
  const page = rows.map((row) => row.number);
  const keys = (event: KeyboardEvent): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    const here = Number(event.target.dataset["at"]);
    const next = moved(event.key, here, rows.length);
    if (next !== null) {
      event.preventDefault();
      at.value = next;
      body.current?.querySelector<HTMLInputElement>(`[data-at="${next}"]`)?.focus();
      if (event.shiftKey) for (const each of [here, next]) send({ type: "extend", page, number: page[each] ?? 0 });
    } else if (event.key === "x") send({ type: "toggle", number: page[here] ?? 0 });
    else if (event.key === "Enter") navigate(`/orders/${page[here]}`);
  };
  if (rows.length === 0) return <Empty icon="list" title={q === null ? t("orders.none") : t("orders.notFound", { q })} />;
  return (
    <div class="panel orders-table" role="region" aria-label={t("orders.title")} tabIndex={0}>
      <table class="table">
        <caption class="sr">{t("orders.title")}</caption>
        <thead>
          <tr>
            <th scope="col"><span class="sr">{t("orders.bulk.title")}</span></th>
            {(["number", "status", "customer", "channel", "service", "cutoff"] as const).map((column) => (
              <th scope="col" key={column}>
                {t(`orders.column.${column}`)}
              </th>
            ))}
            <th scope="col" class="n">{t("orders.total")}</th>
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={keys}>
          {rows.map((row, place) => (
            <tr key={row.id} class="link" onClick={() => navigate(`/orders/${row.number}`)}>
              <td onClick={(event) => event.stopPropagation()}>
                <label class="orders-pick">
                  <input
                    type="checkbox"
                    data-at={place}
                    tabIndex={place === Math.min(at.value, rows.length - 1) ? 0 : -1}
                    checked={state.all || state.chosen.includes(row.number)}
                    onFocus={() => (at.value = place)}
                    onChange={() => send({ type: "toggle", number: row.number })}
                  />
                  <span class="sr">{t("orders.bulk.pick", { order: String(row.number) })}</span>
                </label>
              </td>
              <td>
                <a class="mono" href={`/orders/${row.number}`}>
                  {String(row.number)}
                </a>
              </td>
              <td>
                <Pill tone={TONES[row.status] ?? "plain"}>{statusText(row.status)}</Pill>
              </td>
              <td>
                {row.customer} <span class="soft">{row.country}</span>
              </td>
              <td class="soft">
                {wordOf(row.channel)} {row.external_ref}
              </td>
              <td class="soft">{row.service_name}</td>
              <td class="soft">
                {day(row.cutoff_at)} {time(row.cutoff_at)}
              </td>
              <td class="n">{money(row.total_minor, row.currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
