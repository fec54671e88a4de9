import { useEffect, useId } from "preact/hooks";
import { markOf } from "../../core/amounts";
import { ApiError } from "../../core/problem";
import { whyNot } from "../../core/refused";
import { STATUSES } from "../../generated/statuses";
import {
  AppShell, Button, dateTime, day, Dialog, Empty, Fault, Field, language, money as amountOf, navigate, number, Panel, Pill, said, Spinner, t, useApp, useFlow, useFocusBack, type ScreenProps,
} from "../../ui";
import { useGrowing } from "../../ui/growing";
import { languageName } from "../../ui/language-name";
import { EndTerms, OnAccount, TermsForm } from "./account";
import { FIELDS, flow, start, WISHES, type All, type CustomerPage, type Doing, type Input, type Note, type Other, type State, type Wish } from "./flow";
import "./style.css";

type Send = (input: Input) => void;

export default function Customer({ params }: ScreenProps) {
  const id = params["id"] ?? "";
  return <Page key={id} id={id} />;
}

function Page({ id }: { readonly id: string }) {
  const { http, who } = useApp();
  const at = `/customers/${encodeURIComponent(id)}`;
  const { state, send } = useFlow<State, Input, All>(flow, start, (effect, again) => {
    const failed = (error: unknown): void => again({ type: "failed", why: whyNot(error), faults: error instanceof ApiError ? error.faults : [] });
    if (effect.type === "fetch") look(again);
    else if (effect.type === "older") http.get<{ readonly items: readonly Note[]; readonly next: string | null }>(`${at}/notes`, { query: { after: effect.after } }).then(({ items, next }) => again({ type: "more", after: effect.after, notes: items, next }), failed);
    else if (effect.type === "find") http.get<{ readonly items: readonly Other[] }>("/customers", { query: { q: effect.q, limit: 10 } }).then(({ items }) => again({ type: "found", found: items }), failed);
    else (effect.method === "delete" ? http.delete(effect.path) : http[effect.method](effect.path, effect.body)).then(() => again({ type: "done" }), failed);
  });
  const look = (again: Send): void => {
    http.get<CustomerPage>(at).then((page) => again({ type: "page", page }), (error: unknown) => again({ type: "missing", why: whyNot(error) }));
  };
  useEffect(() => look(send), []);
  const now = state.value;
  const heading = useFocusBack<HTMLHeadingElement>(now.mode === "doing");
  if (now.mode === "loading") {
    return (
      <AppShell>
        {now.fault === null ? <Spinner label={t("common.loading")} /> : (
          <Empty icon="search" title={said(now.fault)} page>
            <Button kind="quiet" onTap={() => look(send)}>{t("common.again")}</Button>
            <Button onTap={() => navigate("/customers")}>{t("customer.toAll")}</Button>
          </Empty>
        )}
      </AppShell>
    );
  }
  const may = (permission: string): boolean => who.value.signedIn?.permissions.includes(permission) === true;
  const mayEdit = may("customers.edit");
  const { customer, more } = now.page;
  return (
    <AppShell>
      <div class="customer-head">
        <h1 ref={heading} tabIndex={-1}>{customer.name}</h1>
        <p class="soft grow">{[customer.email, customer.phone].filter((each) => each !== "").join(" · ")}</p>
        {mayEdit ? (
          <div class="customer-does">
            <Button kind="line" onTap={() => send({ type: "edit" })}>{t("customer.edit")}</Button>
            <Button kind="line" onTap={() => send({ type: "merge" })}>{t("customer.merge")}</Button>
          </div>
        ) : null}
      </div>
      <Fault why={now.mode === "shown" ? now.fault : null} />
      <div class="customer-cards">
        <Who page={now.page} />
        <Worth page={now.page} />
        <Owes page={now.page} />
        {more.money === undefined ? null : <OnAccount money={more.money} mayAgree={may("payments.accounts")} onAgree={() => send({ type: "terms", mark: markOf(language.value) })} onEnd={() => send({ type: "end" })} />}
      </div>
      <Notes page={now.page} mayEdit={mayEdit} send={send} />
      <Orders id={customer.id} />
      {now.mode === "doing" ? <Ask state={now} send={send} /> : null}
    </AppShell>
  );
}

// --- what is known

const Who = ({ page: { customer } }: { readonly page: CustomerPage }) => (
  <Panel label={t("customer.who")}>
    <b>{t(`customer.wish.${customer.wish}`)}</b>
    <p class="soft">{t("customer.speaks", { language: languageName(customer.language) })}</p>
    <p class="soft">{t("customer.since", { moment: dateTime(customer.created_at) })}</p>
  </Panel>
);

function Worth({ page: { more } }: { readonly page: CustomerPage }) {
  const { orders } = more;
  if (orders === undefined) return null;
  return (
    <Panel label={t("customer.worth")}>
      <b>{t("customer.orders", { n: orders.orders })}</b>
      {orders.sums.map((sum) => (
        <p key={sum.currency} class="soft">{t("customer.sum", { ordered: amountOf(sum.ordered_minor, sum.currency), shipped: amountOf(sum.shipped_minor, sum.currency) })}</p>
      ))}
      {orders.cancelled === 0 ? null : <p class="soft">{t("customer.cancelled", { n: orders.cancelled })}</p>}
      {orders.last_at === null ? null : <p class="soft">{t("customer.last", { moment: dateTime(orders.last_at) })}</p>}
    </Panel>
  );
}

function Owes({ page: { more } }: { readonly page: CustomerPage }) {
  const { money } = more;
  if (money === undefined) return null;
  return (
    <Panel label={t("customer.owes")}>
      <b>{money.open.length === 0 ? t("customer.nothing") : money.open.map((each) => amountOf(each.open_minor, each.currency)).join(" · ")}</b>
      <ul class="customer-list">
        {money.invoices.map((each) => (
          <li key={each.order}>
            <a class="mono" href={`/orders/${each.order}`}>{String(each.order)}</a> {amountOf(each.open_minor, each.currency)}{" "}
            <span class="soft">{each.due_at === null ? "" : t("customer.due", { day: day(each.due_at) })}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Notes({ page, mayEdit, send }: { readonly page: CustomerPage; readonly mayEdit: boolean; readonly send: Send }) {
  return (
    <section class="panel padded customer-notes" aria-labelledby="customer-notes">
      <div class="customer-head">
        <h2 id="customer-notes" class="grow">{t("customer.notes")}</h2>
        {mayEdit ? <Button kind="line" icon="plus" onTap={() => send({ type: "note", note: null })}>{t("customer.addNote")}</Button> : null}
      </div>
      {page.notes.length === 0 ? <p class="soft">{t("customer.noNotes")}</p> : null}
      <ul class="customer-list">
        {page.notes.map((note) => (
          <li key={note.id}>
            <p>{note.text}</p>
            <p class="soft">{[note.by, dateTime(note.at), note.changed_by === null || note.changed_at === null ? "" : t("customer.changed", { who: note.changed_by, moment: dateTime(note.changed_at) })].filter((each) => each !== "").join(" · ")}</p>
            {mayEdit ? (
              <div class="customer-does">
                <Button kind="line" label={t("customer.changeNote", { text: note.text.slice(0, 40) })} onTap={() => send({ type: "note", note })}>{t("customer.change")}</Button>
                <Button kind="line" label={t("customer.dropNote", { text: note.text.slice(0, 40) })} onTap={() => send({ type: "drop", note })}>{t("customer.drop")}</Button>
              </div>
            ) : null}
          </li>
        ))}
      </ul>
      {page.notes_next === null ? null : <Button kind="line" onTap={() => send({ type: "older" })}>{t("customer.olderNotes")}</Button>}
    </section>
  );
}

// --- orders

interface Row {
  readonly id: string;
  readonly number: number;
  readonly status: string;
  readonly captured_at: string;
  readonly total_minor: number;
  readonly currency: string;
}

const statusText = (status: string): string => (STATUSES as Readonly<Record<string, { readonly en: string; readonly de: string } | undefined>>)[status]?.[language.value] ?? status;
const PAGE = 20;

/** Their orders, the newest first; older ones come behind when they are asked for. */
function Orders({ id }: { readonly id: string }) {
  const { rows, hasMore, busy, fault, more } = useGrowing<Row>("/orders", { customer: id, limit: PAGE });
  return (
    <section class="panel padded customer-orders" aria-labelledby="customer-orders">
      <h2 id="customer-orders">{t("customer.theirOrders")}</h2>
      <Fault why={fault} />
      {rows === null && fault === null ? <Spinner label={t("common.loading")} /> : null}
      {rows?.length === 0 ? <p class="soft">{t("customer.noOrders")}</p> : null}
      <ul class="customer-list">
        {(rows ?? []).map((row) => (
          <li key={row.id} class="customer-order">
            <a class="mono" href={`/orders/${row.number}`}>{String(row.number)}</a>
            <Pill>{statusText(row.status)}</Pill>
            <span class="soft grow">{dateTime(row.captured_at)}</span>
            <span class="mono">{amountOf(row.total_minor, row.currency)}</span>
          </li>
        ))}
      </ul>
      {hasMore ? <Button kind="line" busy={busy} onTap={more}>{t("customer.olderOrders")}</Button> : null}
    </section>
  );
}

// --- what is done about them

function Ask({ state, send }: { readonly state: Extract<State, { mode: "doing" }>; readonly send: Send }) {
  const { doing, busy, fault } = state;
  const chosen = doing.what === "merge" && doing.other !== null;
  const goes = chosen || doing.what === "drop" || doing.what === "end";
  return (
    <Dialog title={t(`customer.ask.${doing.what}`)} onClose={() => send({ type: "back" })}>
      <form
        class="customer-ask"
        onSubmit={(event) => {
          event.preventDefault();
          send({ type: "confirm" });
        }}
      >
        <Form doing={doing} name={state.page.customer.name} send={send} />
        <Fault why={fault} />
        <div class="customer-does customer-answers">
          <Button kind="line" disabled={busy} onTap={() => send({ type: "back" })}>{t("common.back")}</Button>
          <Button kind={goes ? "bad" : "small"} submit busy={busy}>{chosen ? t("customer.merge") : t(`customer.do.${doing.what}`)}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function Form({ doing, name, send }: { readonly doing: Doing; readonly name: string; readonly send: Send }) {
  const id = useId();
  switch (doing.what) {
    case "edit": {
      const edit = (changes: Partial<typeof doing.fields>): void => send({ type: "change", doing: { ...doing, fields: { ...doing.fields, ...changes } } });
      return (
        <>
          <p class="soft">{t("customer.editMore")}</p>
          {FIELDS.map((field, at) => (
            <Field key={field} label={t(`customer.field.${field}`)} value={doing.fields[field]} maxLength={field === "language" ? 2 : 254} autoFocus={at === 0} onInput={(value) => edit({ [field]: value })} />
          ))}
          <div class="field">
            <label for={id}>{t("customer.field.wish")}</label>
            <select id={id} value={doing.fields.wish} onChange={(event) => edit({ wish: event.currentTarget.value as Wish })}>
              {WISHES.map((wish) => (
                <option key={wish} value={wish}>{t(`customer.wish.${wish}`)}</option>
              ))}
            </select>
          </div>
        </>
      );
    }
    case "note":
      return (
        <div class="field">
          <label for={id}>{t("customer.noteText")}</label>
          <textarea id={id} rows={4} maxLength={2000} value={doing.text} autoFocus onInput={(event) => send({ type: "change", doing: { ...doing, text: event.currentTarget.value } })} />
        </div>
      );
    case "drop":
      return <p>{doing.note.text}</p>;
    case "terms":
      return <TermsForm doing={doing} change={(next) => send({ type: "change", doing: next })} />;
    case "end":
      return <EndTerms account={doing.account} />;
    case "merge":
      return doing.other === null ? <Find doing={doing} send={send} /> : <p>{t("customer.mergeSure", { other: [doing.other.name, doing.other.email, doing.other.phone].filter((each) => each !== "").join(", "), name })}</p>;
  }
}

function Find({ doing, send }: { readonly doing: Extract<Doing, { what: "merge" }>; readonly send: Send }) {
  return (
    <>
      <p class="soft">{t("customer.mergeMore")}</p>
      <Field label={t("customer.mergeWho")} type="search" value={doing.q} maxLength={100} autoFocus onInput={(q) => send({ type: "change", doing: { ...doing, q } })} />
      {doing.found === null ? null : <p role="status">{t("customer.foundN", { n: number(doing.found.length) })}</p>}
      <ul class="customer-list">
        {(doing.found ?? []).map((other) => (
          <li key={other.id}>
            <Button kind="line" onTap={() => send({ type: "choose", other })}>{[other.name, other.email, other.phone].filter((each) => each !== "").join(" · ")}</Button>
          </li>
        ))}
      </ul>
    </>
  );
}
