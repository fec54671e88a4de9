import type { Ref } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { nameIn } from "../../core/named";
import { whyNot } from "../../core/refused";
import { STATUSES } from "../../generated/statuses";
import {
  amountText, AppShell, Button, dateTime, day, Dialog, Empty, Fault, language, money, navigate, number, Panel, Pill, plainDate, said, Spinner, t, time, useApp, useFlow, useFocusBack, useTopic, wordOf,
  type ScreenProps, type Tone,
} from "../../ui";
import {
  cartonsOf, flow, mayCancel, mayHold, needsNote, progressOf, REASON_MISSING, releasable, start, whysOf,
  type All, type Entry, type Heard, type Input, type Line, type OrderPage, type Part, type Progress, type State, type Verdict, type Why,
} from "./flow";
import { Menu, type Choice } from "../../ui/menu";
import { editionOf, inWords } from "../../ui/both";
import { useChanges } from "./changes";
import { mayEdit, mayTakeUnits, otherSplit, type Doing } from "./changing";
import { useCustomersLink } from "./link";
import { Money } from "./money";
import "./style.css";

type Send = (input: Input) => void;

export default function Order({ params }: ScreenProps) {
  const wanted = params["number"] ?? "";
  return <Page key={wanted} wanted={wanted} />;
}

function Page({ wanted }: { readonly wanted: string }) {
  const app = useApp();
  const live = useTopic<OrderPage>("order", wanted);
  const look = (again: Send): void => {
    app.http.get<OrderPage>(`/orders/${encodeURIComponent(wanted)}`).then(
      (page) => again({ type: "page", page }),
      (error: unknown) => again({ type: "missing", why: whyNot(error) }),
    );
  };
  const { state, send } = useFlow<State, Input, All>(flow, () => start(wanted), (effect, again) => {
    if (effect.type === "fetch") return look(again);
    app.http.post(effect.path, effect.body).then(
      () => again({ type: "done" }),
      (error: unknown) => again({ type: "failed", why: whyNot(error) }),
    );
  });
  useEffect(() => look(send), []);
  useEffect(() => {
    if (live.value !== undefined) send({ type: "page", page: live.value });
  }, [live.value]);
  const now = state.value;
  const changes = useChanges(now.mode === "loading" ? null : now.page, () => look(send));
  const link = useCustomersLink(wanted);
  const heading = useFocusBack<HTMLHeadingElement>(now.mode === "asking" || changes.dialog !== null || link.dialog !== null);
  if (now.mode === "loading") {
    return (
      <AppShell>
        {now.fault === null ? (
          <Spinner label={t("common.loading")} />
        ) : (
          <Empty icon="search" title={t("order.notShown", { number: now.number })}>
            <p>{said(now.fault)}</p>
            <Button kind="quiet" onTap={() => look(send)}>{t("common.again")}</Button>
            <Button onTap={() => navigate("/orders")}>{t("order.toOrders")}</Button>
          </Empty>
        )}
      </AppShell>
    );
  }
  return (
    <AppShell flush>
      <div class="order-page">
        <div class="order">
          <div class="order-main">
            <Head page={now.page} heading={heading} send={send} change={changes.ask} openLink={link.open} />
            <Steps page={now.page} />
            <Whys page={now.page} />
            <Lines page={now.page} change={changes.ask} />
            <Cards page={now.page} send={send} again={() => look(send)} />
            <Decisions verdicts={now.page.decisions} />
          </div>
          <aside class="order-side" aria-labelledby="order-told" tabIndex={0}>
            <h2 id="order-told" class="lbl">{t("order.told")}</h2>
            <Timeline entries={now.page.timeline} />
          </aside>
        </div>
      </div>
      {now.mode === "asking" ? <Ask state={now} send={send} /> : null}
      {changes.dialog}
      {link.dialog}
    </AppShell>
  );
}

const TONES: Readonly<Record<string, Tone>> = {
  shipped: "ok", packed: "ok", on_hold: "warn", unpaid: "bad", backordered: "warn", cancelled: "plain", withdrawn: "plain", ready: "accent", releasing: "accent", released: "accent",
  reserved: "accent", picking: "accent", picked: "accent", packing: "accent", authorising: "plain", open: "plain",
};
const statusText = (status: string): string => (STATUSES as Readonly<Record<string, { readonly en: string; readonly de: string } | undefined>>)[status]?.[language.value] ?? status;

const StatusPill = ({ status, big }: { readonly status: string; readonly big?: true }) => (
  <Pill tone={TONES[status] ?? "plain"} {...(big === undefined ? {} : { big })}>{statusText(status)}</Pill>
);

/** What may change of the whole order; units are asked for at their line. */
const CHANGES: readonly Doing[] = [{ what: "add", offer: null }, { what: "address" }, { what: "service", services: null }, { what: "split" }, { what: "merge" }];
const changeWords = (page: OrderPage, { what }: Doing): string => t(what === "split" ? `order.change.ask.${otherSplit(page)}` : `order.change.ask.${what}`);

interface HeadProps {
  readonly page: OrderPage;
  readonly heading: Ref<HTMLHeadingElement>;
  readonly send: Send;
  readonly change: (doing: Doing) => void;
  readonly openLink: () => void;
}

function Head({ page, heading, ...does }: HeadProps) {
  return (
    <div class="order-head">
      <h1 ref={heading} tabIndex={-1}>{t("order.title", { number: String(page.number) })}</h1>
      <span aria-live="polite">
        <StatusPill status={page.status} big />
      </span>
      {page.tags.map((tag) => <Pill key={tag} tone="accent" big>{tag}</Pill>)}
      <p class="soft grow">
        {[`${wordOf(page.channel)} ${page.external_ref}`, page.customer.name, t("order.place", { city: page.address.city, country: page.address.country }), ...promised(page)].join(" · ")}
      </p>
      <Does page={page} {...does} />
    </div>
  );
}

/** What matters now stands there, what is changed now and then is behind one button, what ends the order comes last. */
function Does({ page, send, change, openLink }: Omit<HeadProps, "heading">) {
  const permissions = useApp().who.value.signedIn?.permissions ?? [];
  const [hold] = releasable(page, permissions);
  const choices: readonly Choice[] = [
    ...(mayEdit(page, permissions) ? CHANGES.map((doing) => ({ key: doing.what, words: changeWords(page, doing), onChoose: () => change(doing) })) : []),
    ...(permissions.includes("orders.link") ? [{ key: "link", words: t("order.link"), onChoose: openLink }] : []),
  ];
  return (
    <div class="order-does">
      {hold === undefined ? null : <Button kind="small" onTap={() => send({ type: "ask", question: { what: "release", hold } })}>{t("order.release")}</Button>}
      {mayHold(page, permissions) ? <Button kind="line" onTap={() => send({ type: "ask", question: { what: "hold" } })}>{t("order.hold")}</Button> : null}
      <Menu label={t("order.change")} choices={choices} />
      {mayCancel(page, permissions) ? <Button kind="quiet" onTap={() => send({ type: "ask", question: { what: "cancel" } })}>{t("order.cancel")}</Button> : null}
    </div>
  );
}

/** The day that was promised, as long as something of it has not left. */
const promised = ({ promised_on, status }: OrderPage): readonly string[] => (promised_on === null || status === "shipped" || status === "cancelled" ? [] : [t("order.promised", { date: plainDate(promised_on) })]);

const Steps = ({ page }: { readonly page: OrderPage }) => (
  <ol class="order-steps" aria-label={t("order.progress")}>
    {progressOf(page).map((step) => (
      <li key={step.step} class={step.state}>
        <i aria-hidden="true">
          <b style={{ inlineSize: `${step.of === 0 ? 0 : Math.min(100, (100 * step.n) / step.of)}%` }} />
        </i>
        {stepWords(step, page)}
      </li>
    ))}
  </ol>
);

function stepWords(step: Progress, page: OrderPage): string {
  const words = t(`order.step.${step.step}`);
  if (step.state === "failed") return t("order.step.declined");
  if (step.state === "done") return step.at === null ? words : t("order.stepAt", { step: words, at: time(step.at) });
  if (step.state === "begun") return t("order.stepOf", { step: words, n: step.n, of: step.of });
  return step.step === "shipped" && page.cancelled_at === null ? t("order.stepBy", { step: words, day: day(page.cutoff_at), at: time(page.cutoff_at) }) : words;
}

// --- why

const WHY_TONES: Readonly<Record<Why["kind"], "warn" | "bad" | "accent">> = { held: "warn", parked: "accent", backordered: "warn", short: "accent", cancelled: "warn", refused: "bad" };

function Whys({ page }: { readonly page: OrderPage }) {
  const whys = whysOf(page);
  if (whys.length === 0) return null;
  return (
    <ul class="order-whys">
      {whys.map((why) => (
        <li class={`order-why ${WHY_TONES[why.kind]}`}>
          <b>{t(`order.why.${why.kind}`)}</b>
          <span>{whyWords(why)}</span>
        </li>
      ))}
    </ul>
  );
}

function whyWords(why: Why): string {
  switch (why.kind) {
    case "held":
      return [why.hold[language.value], sentence(noteOf(why.hold.detail)), t("order.since", { at: `${day(why.hold.placed_at)} ${time(why.hold.placed_at)}`, who: wordOf(why.hold.placed_by) })].filter((each) => each !== "").join(" ");
    case "parked":
      return [
        t("order.parked", { place: String(why.place.place), station: why.place.station, at: time(why.place.since) }),
        why.place.missing.length === 0 ? "" : t("order.missing", { totes: why.place.missing.join(", ") }),
      ].filter((each) => each !== "").join(" ");
    case "backordered":
      return t("order.backordered", {
        n: why.line.facts.backordered,
        item: nameOf(why.line),
        reason: why.line.backorder_reason === null ? "" : `: ${wordOf(why.line.backorder_reason)}`,
        expected: why.line.backorder_expected === null ? "no" : "yes",
        date: why.line.backorder_expected === null ? "" : plainDate(why.line.backorder_expected),
      });
    default:
      return [why.entry.what === "cancelled" ? t("order.units", { n: Number(why.entry.params["quantity"]) }) : wordsOf(why.entry), becauseOf(why.entry)].filter((each) => each !== "").join(": ");
  }
}

/** What happened, with its amounts and days written as the reader writes them. */
const wordsOf = (entry: Entry): string => withAmount(entry).replace(/\b\d{4}-\d\d-\d\d\b/g, plainDate);

function withAmount(entry: Entry): string {
  const amount = entry.params["amount"];
  const [, value, currency] = (typeof amount === "string" && /^(-?\d+(?:\.\d+)?) ([A-Z]{3})$/.exec(amount)) || [];
  const words = entry[language.value];
  return value === undefined || currency === undefined ? words : words.replace(String(amount), amountText(Number(value), currency));
}

/** Why it happened: a reason's words, or what a person wrote. */
const becauseOf = (entry: Entry): string => (entry.why === null ? "" : wordOf(entry.why));

const sentence = (text: string): string => (text === "" || /[.!?]$/.test(text) ? text : `${text}.`);

/** What a person wrote, where the hold's detail has it. */
function noteOf(detail: unknown): string {
  if (typeof detail === "string") return detail;
  if (detail === null || typeof detail !== "object") return "";
  const note: unknown = (detail as Readonly<Record<string, unknown>>)["note"];
  return typeof note === "string" ? note : "";
}

const nameOf = (line: Line): string => nameIn(line.item, language.value);

// --- lines

const COLUMNS = ["ordered", "allocated", "picked", "packed", "shipped"] as const;
const amounts = ({ facts }: Line): readonly number[] => [facts.ordered, facts.reserved + facts.picked, facts.picked, facts.packed, facts.shipped];

const Lines = ({ page, change }: { readonly page: OrderPage; readonly change: (doing: Doing) => void }) => (
  <div class="panel order-lines" role="region" aria-label={t("order.lines")} tabIndex={0}>
    <table class="table">
      <caption class="sr">{t("order.lines")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("order.item")}</th>
          {COLUMNS.map((column) => (
            <th scope="col" class="n" key={column}>
              {t(`order.column.${column}`)}
            </th>
          ))}
          <th scope="col" class="n">{t("order.price")}</th>
        </tr>
      </thead>
      <tbody>
        {page.lines.map((line) => (
          <tr key={line.id}>
            <th scope="row">
              <b>{nameOf(line)}</b> <span class="soft mono order-sku">{line.item.sku}</span> <LineNotes line={line} /> <Fewer page={page} line={line} change={change} />
            </th>
            {amounts(line).map((amount, i) => (
              <td class="n" key={COLUMNS[i]}>
                {number(amount)}
              </td>
            ))}
            <td class="n">{money(line.price_minor * line.facts.ordered, page.currency)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td colSpan={6}>{t("order.sums", { shipping: money(page.shipping_minor, page.currency), tax: money(page.tax_minor, page.currency) })}</td>
          <td class="n">
            <b>{money(page.total_minor, page.currency)}</b>
          </td>
        </tr>
      </tfoot>
    </table>
  </div>
);

function Fewer({ page, line, change }: { readonly page: OrderPage; readonly line: Line; readonly change: (doing: Doing) => void }) {
  const permissions = useApp().who.value.signedIn?.permissions ?? [];
  if (!mayTakeUnits(page, line, permissions)) return null;
  return <Button kind="line" label={t("order.change.fewerOf", { item: nameOf(line) })} onTap={() => change({ what: "units", line })}>{t("order.change.ask.units")}</Button>;
}

const LineNotes = ({ line: { facts } }: { readonly line: Line }) => (
  <>
    {facts.backordered > 0 ? <Pill tone="warn">{t("order.nBackordered", { n: facts.backordered })}</Pill> : null}
    {facts.cancelled > 0 ? <Pill>{t("order.nCancelled", { n: facts.cancelled })}</Pill> : null}
    {facts.to_put_back > 0 ? <Pill tone="warn">{t("order.nToPutBack", { n: facts.to_put_back })}</Pill> : null}
    {facts.returned > 0 ? <Pill>{t("order.nReturned", { n: facts.returned })}</Pill> : null}
  </>
);

// --- cards

function Cards({ page, send, again }: { readonly page: OrderPage; readonly send: Send; readonly again: () => void }) {
  const { customer, address } = page;
  const permissions = useApp().who.value.signedIn?.permissions ?? [];
  return (
    <div class="order-cards">
      <Money page={page} again={again} />
      {page.fulfilments.map((part, i) => (
        <Shipment key={part.id} page={page} part={part} n={i + 1} send={send} />
      ))}
      {page.fulfilments.length === 0 ? (
        <Panel label={t("order.shipment", { n: 1 })}>
          <b>{page.service_name}</b>
          <p class="soft">{t("order.notReleased")}</p>
        </Panel>
      ) : null}
      <ToldCustomer page={page} />
      <Panel label={t("order.customer")}>
        <b>{page.customer_id === null || !permissions.includes("customers.read") ? customer.name : <a href={`/customers/${page.customer_id}`}>{customer.name}</a>}</b>
        <p class="soft">{[address.name, address.company, address.street, `${address.postal_code} ${address.city}`.trim(), address.region, address.country].filter((each) => each !== "" && each !== customer.name).join(", ")}</p>
        <p class="soft">{[customer.email, customer.phone].filter((each) => each !== "").join(" · ")}</p>
      </Panel>
      <HeardOf heard={page.more?.heard ?? []} />
    </div>
  );
}

/** What its channel sent about it, with the body as it came for whoever may see that. */
function HeardOf({ heard }: { readonly heard: readonly Heard[] }) {
  const may = useApp().who.value.signedIn?.permissions.includes("channels.place") === true;
  if (heard.length === 0) return null;
  return (
    <Panel label={t("order.heard")}>
      <ul class="order-heard">
        {heard.map((each) => (
          <li key={each.id}>
            {may ? <a href={`/channels?tab=came&one=${each.id}`}>{each.topic}</a> : <span>{each.topic}</span>}
            <span class="soft">{[dateTime(each.received_at), wordOf(each.reason ?? each.state)].join(" · ")}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const SENT: Readonly<Record<string, Tone>> = { sent: "ok", failed: "bad", unsure: "warn", parked: "warn" };

/** What the customer was told, and what could not be said. */
function ToldCustomer({ page }: { readonly page: OrderPage }) {
  const permissions = useApp().who.value.signedIn?.permissions ?? [];
  const messages = page.more?.messages ?? [];
  if (messages.length === 0) return null;
  return (
    <Panel label={t("order.messages")}>
      <ul class="order-messages">
        {messages.map((each) => (
          <li key={each.id}>
            {permissions.includes("messages.read") ? <a href={`/messages?tab=log&one=${each.id}`}>{each.test ? t("order.messageTest", { what: inWords(each.words) }) : inWords(each.words)}</a> : inWords(each.words)}{" "}
            <Pill tone={SENT[each.state] ?? "plain"}>{[wordOf(each.channel), each.state === "parked" ? "" : wordOf(each.state), each.reason === "" ? "" : wordOf(each.reason)].filter((part) => part !== "").join(" · ")}</Pill>{" "}
            <span class="soft">{`${day(each.made_at)} ${time(each.made_at)}`}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** What no longer leaves by any time. */
const GONE = new Set(["cancelled", "withdrawn", "shipped"]);

function Shipment({ page, part, n, send }: { readonly page: OrderPage; readonly part: Part; readonly n: number; readonly send: Send }) {
  const cartons = cartonsOf(page, part.id);
  const permissions = useApp().who.value.signedIn?.permissions ?? [];
  return (
    <Panel label={t("order.shipment", { n })}>
      <div class="row">
        <b>{part.service_name}</b>
        <StatusPill status={part.status} />
      </div>
      {GONE.has(part.status) ? null : <p class="soft">{t("order.leaves", { day: day(part.cutoff_at), at: time(part.cutoff_at) })}</p>}
      {cartons.length === 0 ? null : (
        <ul class="order-cartons">
          {cartons.map((each) => (
            <li key={each.carton}>
              {t("order.carton", { carton: each.carton })} <span class="mono soft">{each.tracking ?? ""}</span>
              {each.slip === null || !permissions.includes("slips.read") ? null : <> <a href={each.slip} target="_blank" rel="noreferrer">{t("order.slip")}</a></>}
              {each.reprint === null || !permissions.includes("labels.reprint") ? null : (
                <Button kind="line" onTap={() => send({ type: "ask", question: { what: "reprint", path: each.reprint ?? "" } })}>{t("order.reprint")}</Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

// --- what the rules said

/** Which rules spoke, of which version, what they did, and the values that they looked at. */
function Decisions({ verdicts }: { readonly verdicts: readonly Verdict[] }) {
  if (verdicts.length === 0) return null;
  return (
    <section class="panel padded order-verdicts" aria-labelledby="order-verdicts">
      <h2 id="order-verdicts" class="lbl">{t("order.verdicts")}</h2>
      <ul>
        {verdicts.map((each) => (
          <li key={`${each.at} ${each.kind} ${each.rule.en}`}>
            <p>
              <b>{inWords(each.rule)}</b>{" "}
              <a href={`/policies/${each.kind}`}>{t("order.verdictOf", { kind: inWords(each.kind_words), edition: editionOf(each.version) })}</a>
            </p>
            <p class="order-then">{inWords(each.then)}</p>
            <p class="soft">{each.broken === "" ? t("order.because", { why: each.because.map(({ words, said: value }) => `${inWords(words)}: ${inWords(value)}`).join(", ") }) : t("order.ruleBroken", { why: each.broken })}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

// --- what happened

function Timeline({ entries }: { readonly entries: readonly Entry[] }) {
  let before = "";
  return (
    <ol class="order-told">
      {entries.map((entry) => {
        const today = day(entry.at);
        const head = today === before ? null : today;
        before = today;
        return (
          <>
            {head === null ? null : <li class="day">{head}</li>}
            <li key={entry.id} class={entry.tone}>
              <time dateTime={entry.at}>{time(entry.at)}</time>
              <i class="dot" aria-hidden="true" />
              <div>
                <b>{wordsOf(entry)}</b>
                <p class="soft">{[wordOf(entry.who), entry.device ?? "", becauseOf(entry)].filter((each) => each !== "").join(" · ")}</p>
              </div>
            </li>
          </>
        );
      })}
    </ol>
  );
}

// --- what is done about it

function Ask({ state, send }: { readonly state: Extract<State, { mode: "asking" }>; readonly send: Send }) {
  const { question, page, note, busy, fault } = state;
  const text = useRef<HTMLTextAreaElement>(null);
  const lacks = fault?.key === REASON_MISSING.key;
  useEffect(() => {
    if (lacks) text.current?.focus();
  }, [lacks]);
  return (
    <Dialog title={t(`order.ask.${question.what}`, { number: String(page.number) })} onClose={() => send({ type: "back" })}>
      <form
        class="order-ask"
        onSubmit={(event) => {
          event.preventDefault();
          send({ type: "confirm" });
        }}
      >
        <p class="soft">{question.what === "release" ? question.hold[language.value] : t(`order.askMore.${question.what}`)}</p>
        {question.what === "reprint" ? null : (
          <div class="field">
            <label for="order-note">{needsNote(question) ? t("order.reason") : t("order.note")}</label>
            <textarea ref={text} id="order-note" rows={3} maxLength={500} value={note} autoFocus aria-invalid={lacks} onInput={(event) => send({ type: "note", note: event.currentTarget.value })} />
          </div>
        )}
        <Fault why={fault} />
        <div class="row order-answers">
          <Button kind="line" disabled={busy} onTap={() => send({ type: "back" })}>{t("common.back")}</Button>
          <Button kind={question.what === "cancel" ? "bad" : "small"} submit busy={busy}>{t(`order.do.${question.what}`)}</Button>
        </div>
      </form>
    </Dialog>
  );
}
