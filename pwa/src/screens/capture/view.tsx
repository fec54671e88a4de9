import type { RefObject } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { markOf } from "../../core/amounts";
import { nameIn } from "../../core/named";
import { ApiError, isLeftOut, isRefused, type Fault as Wrong } from "../../core/problem";
import { whyNot } from "../../core/refused";
import { STATUSES } from "../../generated/statuses";
import {
  AppShell, Button, dateTime, Fault, Field, Icon, ItemPicture, language, money, navigate, NotShown, Panel, Pill, plainDate, said, Spinner, t, useApp, useFlow, useScan, wordOf, type ScreenProps,
} from "../../ui";
import { Finder } from "../../ui/finder";
import {
  ADDRESS, currencyOf, draftOf, fieldAt, flow, isShort, lineAt, PERSON, referenceOf, servicesTo, start, totalsOf,
  type Captured, type Fields, type Form, type Input, type Line, type Mine, type Offer, type Spot, type State, type Taking,
} from "./flow";
import { keepDraft, keptDraft } from "./draft";
import "./style.css";

type Send = (input: Input) => void;
type FocusOn = Extract<Mine, { type: "focus" }>["on"];
/** Where the field stands that is meant. */
const placeOf = (on: FocusOn): string => (typeof on === "string" ? `.capture-${on} :is(input, select)` : `.capture-lines > li:nth-child(${on.line + 1}) .capture-${on.name} input`);
const statusText = (status: string): string => (STATUSES as Readonly<Record<string, { readonly en: string; readonly de: string } | undefined>>)[status]?.[language.value] ?? status;

export default function Capture(_props: ScreenProps) {
  const app = useApp();
  const finder = useRef<HTMLInputElement>(null);
  const main = useRef<HTMLDivElement>(null);
  const fresh = (): { readonly reference: string; readonly mark: string; readonly language: string } => ({ reference: referenceOf(app.newId()), mark: markOf(language.value), language: language.value });
  const offers = (q: string): Promise<readonly Offer[]> => app.http.get<{ readonly items: readonly Offer[] }>("/orders/offers", { query: { q } }).then(({ items }) => items);
  const person = app.who.value.signedIn?.person.id ?? "";
  const focus: Readonly<Record<string, () => void>> = {
    finder: () => finder.current?.focus(),
    newest: () => [...(main.current?.querySelectorAll<HTMLInputElement>(".capture-quantity input") ?? [])].at(-1)?.select(),
    fault: () => main.current?.querySelector<HTMLElement>(".capture-faults")?.focus(),
    taken: () => main.current?.querySelector<HTMLElement>("h1")?.focus(),
  };
  const focusOn = (on: FocusOn): void => {
    const own = typeof on === "string" ? focus[on] : undefined;
    if (own === undefined) main.current?.querySelector<HTMLElement>(placeOf(on))?.focus();
    else own();
  };
  const { state, send } = useFlow<State, Input, Mine>(flow, start, (effect, then) => {
    if (effect.type === "focus") return void requestAnimationFrame(() => focusOn(effect.on));
    app.http.post<Captured>("/orders", effect.body, { key: effect.key }).then(
      (captured) => then({ type: "taken", captured }),
      (error: unknown) => then({ type: "failed", why: whyNot(error), refused: isRefused(error), faults: error instanceof ApiError ? error.faults : [] }),
    );
  });
  const open = (): void => {
    app.http.get<Form>("/orders/form").then(
      (form) => send({ type: "form", form, ...fresh(), draft: keptDraft(person) }),
      (error: unknown) => send({ type: "closed", why: whyNot(error) }),
    );
  };
  useEffect(open, []);
  useScan((scan) => {
    if (scan.kind === "badge" || state.value.mode !== "taking") return false;
    void offers(scan.code ?? scan.raw).then(([offer]) => offer !== undefined && send({ type: "item", offer }));
    return true;
  });
  const now = state.value;
  useEffect(() => {
    if (now.mode !== "opening") keepDraft(draftOf(now), person);
  }, [now]);
  return (
    <AppShell>
      <div class="capture" ref={main}>
        {now.mode === "opening" ? now.fault === null ? <Spinner label={t("common.loading")} /> : <NotShown why={now.fault} again={open} /> : null}
        {now.mode === "taking" ? <Take state={now} send={send} offers={offers} finder={finder} anew={() => send({ type: "next", ...fresh() })} /> : null}
        {now.mode === "taken" ? <Taken captured={now.captured} next={() => send({ type: "next", ...fresh() })} /> : null}
      </div>
    </AppShell>
  );
}

interface TakeProps {
  readonly state: Taking;
  readonly send: Send;
  readonly offers: (q: string) => Promise<readonly Offer[]>;
  readonly finder: RefObject<HTMLInputElement | null>;
  readonly anew: () => void;
}

/** The form. Ctrl+Enter sends it from wherever one is. */
function Take({ state, send, offers, finder, anew }: TakeProps) {
  const { lines, fields, busy, fault, faults, edits } = state;
  const elsewhere = faults.filter(({ field }) => fieldAt(field) === null);
  const form = useRef<HTMLFormElement>(null);
  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        send({ type: "send" });
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send({ type: "send" });
        else if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
        event.preventDefault(); // Enter alone goes on, it does not send half an order
      }}
    >
      <h1>{t("capture.title")}</h1>
      <div class="capture-grid">
        <section aria-labelledby="capture-goods">
          <h2 id="capture-goods" class="lbl">{t("capture.goods")}</h2>
          <Finder
            label={t("capture.find")}
            hint={t("capture.findHint")}
            ask={offers}
            keyOf={({ sku }) => sku}
            row={(offer) => <OfferRow offer={offer} />}
            choose={(offer) => send({ type: "item", offer })}
            onNothing={() => form.current?.querySelector<HTMLInputElement>(".capture-person input")?.focus()}
            input={finder}
          />
          {lines.length === 0 ? null : (
            <ol class="capture-lines">
              {lines.map((line, at) => (
                <LineRow key={line.offer.sku} state={state} line={line} at={at} send={send} onDone={() => finder.current?.focus()} />
              ))}
            </ol>
          )}
          <Sum state={state} />
        </section>
        <section aria-labelledby="capture-who" class="capture-person">
          <h2 id="capture-who" class="lbl">{t("capture.who")}</h2>
          <Known send={send} onNothing={() => form.current?.querySelector<HTMLInputElement>(".capture-name input")?.focus()} />
          {PERSON.map((name) => <Text key={name} name={name} state={state} send={send} />)}
          <Select name="language" label={t("capture.language")} state={state} send={send} options={[["de", t("capture.german")], ["en", t("capture.english")]]} />
          <h2 class="lbl">{t("capture.where")}</h2>
          {ADDRESS.map((name) => <Text key={name} name={name} state={state} send={send} />)}
        </section>
        <section aria-labelledby="capture-how">
          <h2 id="capture-how" class="lbl">{t("capture.how")}</h2>
          <Select
            name="service"
            label={t("capture.service")}
            state={state}
            send={send}
            options={[
              ...(fields.service === "" ? [["", t("capture.choose")] as const] : []),
              ...servicesTo(state.form, fields.country).map(({ code, carrier, name, cutoff, price_minor }) => [code, t("capture.serviceIs", { carrier, name, time: cutoff, price: money(price_minor, currencyOf(state)) })] as const),
            ]}
          />
          <Select name="complete" label={t("capture.short")} state={state} send={send} options={[["", t("capture.inParts")], ["yes", t("capture.atOnce")]]} />
          <h2 class="lbl">{t("capture.pay")}</h2>
          <Select name="method" label={t("capture.method")} state={state} send={send} options={state.form.methods.map((code) => [code, t(`capture.pays.${code}`)])} />
          {fields.method === "card" ? <Text name="token" state={state} send={send} /> : null}
          {fields.method === "prepaid" || fields.method === "cash" ? (
            <label class="capture-check">
              <input type="checkbox" checked={fields.received !== ""} onChange={(event) => send({ type: "field", name: "received", value: event.currentTarget.checked ? "yes" : "" })} />
              {t("capture.received")}
            </label>
          ) : null}
          <div class="capture-faults" tabIndex={-1}>
            <Fault why={isAtField(state.at) ? null : fault} />
            {elsewhere.length === 0 ? null : (
              <ul>
                {elsewhere.map((each) => (
                  <li key={each.field + each.message}>{faultWords(each, lines)}</li>
                ))}
              </ul>
            )}
          </div>
          <Button submit wide busy={busy} icon="check">{t("capture.take")}</Button>
          {edits === 0 ? null : <Button kind="quiet" disabled={busy} onTap={anew}>{t("capture.anew")}</Button>}
          <p class="soft">{t("capture.keys")}</p>
        </section>
      </div>
    </form>
  );
}

/** Whether a fault is said at its field: the search for items says only its own. */
const isAtField = (at: Spot | null): boolean => at !== null && at !== "finder";

/** What is wrong with a field of the form, if anything is: as it was found here, or as the server found it. */
function faultOf({ at, fault, faults, lines }: Taking, name: keyof Fields): string | undefined {
  if (at === name && fault !== null) return said(fault);
  const found = faults.find(({ field }) => fieldAt(field) === name);
  return found === undefined ? undefined : faultWords(found, lines);
}

/** What is wrong, by the name that its field has here; what has no field here as the server says it. */
function faultWords({ field, message, wanted, got }: Wrong, lines: readonly Line[]): string {
  const [name, line] = [fieldAt(field), lineAt(field, lines)];
  if (line !== null) return t("capture.notSold", { item: nameIn(line.offer, language.value), sku: line.offer.sku });
  if (name === null) return t("capture.faultAt", { field, message, wanted, got });
  return isLeftOut(got) ? t("capture.isMissing", { field: t(`capture.field.${name}`) }) : t("capture.isWrong", { field: t(`capture.field.${name}`), got });
}

/** As the server's `Customer`, as far as it is shown. */
interface Customer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly language: string;
}
interface Earlier {
  readonly address: Readonly<Record<(typeof ADDRESS)[number] | "name", string>>;
}

/** Who has ordered before is found, and where their last order went is where this one may go. */
function Known({ send, onNothing }: { readonly send: Send; readonly onNothing: () => void }) {
  const { http } = useApp();
  const chosen = useRef("");
  const choose = ({ id, name, email, phone, language }: Customer): void => {
    chosen.current = id;
    send({ type: "known", fields: { name, email, phone, language } });
    onNothing();
    http.get<{ readonly items: readonly { readonly number: number }[] }>("/orders", { query: { customer: id, limit: 1 } }).then(
      async ({ items: [last] }) => {
        if (last === undefined) return;
        const { address } = await http.get<Earlier>(`/orders/${last.number}`);
        if (chosen.current !== id) return; // somebody else was meant since
        send({ type: "known", fields: { ...Object.fromEntries(ADDRESS.map((part) => [part, address[part] ?? ""])), to: address.name === name ? "" : address.name } });
      },
      (error: unknown) => void whyNot(error), // then it is typed
    );
  };
  return (
    <Finder<Customer>
      label={t("capture.known")}
      hint={t("capture.knownHint")}
      ask={(q) => http.get<{ readonly items: readonly Customer[] }>("/customers", { query: { q, limit: 8 } }).then(({ items }) => items)}
      keyOf={({ id }) => id}
      row={({ name, email, phone }) => (
        <>
          <b>{name}</b>
          <span class="soft">{[email, phone].filter((each) => each !== "").join(" · ")}</span>
        </>
      )}
      choose={choose}
      onNothing={onNothing}
    />
  );
}

const OfferRow = ({ offer }: { readonly offer: Offer }) => (
  <>
    <b>{nameIn(offer, language.value)}</b>
    <span class="mono soft">{offer.sku}</span>
    <span class="grow" />
    <Stock offer={offer} />
    <b>{money(offer.price_minor, offer.currency)}</b>
  </>
);

/** How many lie ready, and when more come. */
function Stock({ offer: { ready, coming } }: { readonly offer: Offer }) {
  const [next] = coming;
  return (
    <>
      <Pill tone={ready > 0 ? "ok" : "warn"}>{t("capture.ready", { n: ready })}</Pill>
      {ready > 20 || next === undefined ? null : <Pill>{t("capture.coming", { n: next.quantity, date: plainDate(next.on) })}</Pill>}
    </>
  );
}

interface LineRowProps {
  readonly state: Taking;
  readonly line: Line;
  readonly at: number;
  readonly send: Send;
  readonly onDone: () => void;
}

function LineRow({ state, line, at, send, onDone }: LineRowProps) {
  const wrong = (name: "quantity" | "price"): string | undefined =>
    typeof state.at === "object" && state.at?.line === at && state.at.name === name && state.fault !== null ? said(state.fault) : undefined;
  const { offer } = line;
  const name = nameIn(offer, language.value);
  const enter = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) onDone();
  };
  return (
    <li class="panel" onKeyDown={enter}>
      <span class="capture-picture"><ItemPicture sku={offer.sku} picture={offer.picture} size={36} /></span>
      <div class="capture-item grow">
        <b>{name}</b>
        <span class="row">
          <span class="mono soft">{offer.sku}</span>
          <Stock offer={offer} />
        </span>
        {isShort(line) ? <span class="capture-short" role="status">{t("capture.isShort", { n: offer.ready })}</span> : null}
      </div>
      <Field class="capture-quantity" label={t("capture.quantity")} value={line.quantity} inputMode="numeric" maxLength={4} fault={wrong("quantity")} onInput={(value) => send({ type: "line", at, name: "quantity", value })} />
      <Field class="capture-price" label={t("capture.price")} value={line.price} inputMode="decimal" maxLength={12} fault={wrong("price")} onInput={(value) => send({ type: "line", at, name: "price", value })} />
      <Button kind="line" icon="close" label={t("capture.drop", { item: name })} onTap={() => send({ type: "drop", at })} />
    </li>
  );
}

function Sum({ state }: { readonly state: Taking }) {
  const totals = totalsOf(state);
  const currency = currencyOf(state);
  if (state.lines.length === 0) return null;
  return (
    <p class="capture-sum" role="status">
      {totals === null ? t("capture.noSum") : (
        <>
          <span>{t("capture.sum", { items: money(totals.items_minor, currency), shipping: money(totals.shipping_minor, currency) })}</span>
          <b>{money(totals.total_minor, currency)}</b>
        </>
      )}
    </p>
  );
}

const Text = ({ name, state, send }: { readonly name: keyof Fields; readonly state: Taking; readonly send: Send }) => (
  <Field label={t(`capture.field.${name}`)} value={state.fields[name]} maxLength={name === "country" ? 2 : 200} class={`capture-${name}`} fault={faultOf(state, name)} onInput={(value) => send({ type: "field", name, value })} />
);

interface SelectProps {
  readonly name: keyof Fields;
  readonly label: string;
  readonly state: Taking;
  readonly send: Send;
  readonly options: readonly (readonly [code: string, words: string])[];
}

function Select({ name, label, state, send, options }: SelectProps) {
  const id = useId();
  const fault = faultOf(state, name);
  return (
    <div class={`field capture-${name}`}>
      <label for={id}>{label}</label>
      <select id={id} value={state.fields[name]} aria-invalid={fault !== undefined} {...(fault === undefined ? {} : { "aria-describedby": `${id}-fault` })} onChange={(event) => send({ type: "field", name, value: event.currentTarget.value })}>
        {options.map(([code, words]) => (
          <option key={code} value={code}>
            {words}
          </option>
        ))}
      </select>
      {fault === undefined ? null : <span class="fault" id={`${id}-fault`} role="alert">{fault}</span>}
    </div>
  );
}

/** It is taken: what to tell the caller, the confirmation, the next one. */
function Taken({ captured, next }: { readonly captured: Captured; readonly next: () => void }) {
  const order = String(captured.number);
  return (
    <Panel tone={captured.holds.length === 0 ? "ok" : "warn"} class="capture-taken">
      <h1 tabIndex={-1}>
        <Icon name="done" size={32} /> {t("capture.taken", { number: order })}
      </h1>
      <p class="row">
        <Pill big>{statusText(captured.status)}</Pill>
        {captured.holds.map((reason) => <Pill key={reason} tone="warn" big>{wordOf(reason)}</Pill>)}
      </p>
      {captured.first ? null : <p>{t("capture.wasThere")}</p>}
      <p>{captured.promised_on === null ? t("capture.noDay") : t("capture.promised", { date: plainDate(captured.promised_on), at: dateTime(captured.cutoff_at) })}</p>
      <div class="row">
        <Button kind="small" icon="plus" onTap={next}>{t("capture.next")}</Button>
        <a class="btn small line" href={`/api/orders/${order}/confirmation.pdf`} target="_blank" rel="noreferrer">{t("capture.print")}</a>
        <Button kind="line" onTap={() => navigate(`/orders/${order}`)}>{t("capture.look")}</Button>
      </div>
    </Panel>
  );
}
