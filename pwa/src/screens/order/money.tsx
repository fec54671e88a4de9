import { digitsOf, markOf } from "../../core/amounts";
import { isRefused } from "../../core/problem";
import { whyNot } from "../../core/refused";
import { amountText, Button, dateTime, day, Dialog, Fault, Field, language, money as moneyText, Panel, Pill, t, useApp, useFlow, wordOf, type Tone } from "../../ui";
import { moneyOf, mayBeTaken, type OrderPage } from "./flow";
import { mayDo, NEEDED, paying, start, type Doing, type Input, type Money as Its, type PayEffect, type State, type Step } from "./paying";

type Send = (input: Input) => void;

const METHODS = new Set(["card", "prepaid", "invoice", "cash"]);
/** Paid to people, who say that it came. */
const BY_HAND = new Set(["prepaid", "cash"]);
const STATES = new Set(["authorising", "awaited", "authorised", "declined", "capturing", "captured", "refunded", "voiding", "voided"]);
const TONES: Readonly<Record<string, Tone>> = { succeeded: "ok", declined: "bad", taken_back: "bad", pending: "accent", asked: "accent", intended: "accent" };

/** An order's money: where it is, what may be done about it, and each step by which it came there. */
export function Money({ page, again }: { readonly page: OrderPage; readonly again: () => void }) {
  const app = useApp();
  const permissions = app.who.value.signedIn?.permissions ?? [];
  const its = page.more?.money ?? null;
  const { state, send } = useFlow<State, Input, PayEffect>(paying, start, (effect, then) => {
    if (effect.type === "again") return again();
    app.http.post(`/orders/${page.number}/payment/${effect.path}`, effect.body, { key: effect.key }).then(
      () => then({ type: "done" }),
      (error: unknown) => then({ type: "failed", why: whyNot(error), refused: isRefused(error) }),
    );
  });
  const ask = (doing: Doing, step?: string): void => {
    if (its !== null) send({ type: "ask", doing, money: its, digits: digitsOf(its.currency), mark: markOf(language.value), key: app.newId(), ...(step === undefined ? {} : { step }) });
  };
  return (
    <Panel label={t("order.payment")} class="order-money">
      <b>{paymentWords(page, its)}</b>
      <p class="soft">{[whenTaken(page), ...(its === null ? [] : factsOf(its))].filter((each) => each !== "").join(" · ")}</p>
      {its === null ? null : (
        <>
          <div class="order-does">
            {mayDo(its, permissions).map((doing) => (
              <Button key={doing} kind="line" onTap={() => ask(doing)}>{t(`order.money.${doing}`)}</Button>
            ))}
          </div>
          <Journal its={its} mayPay={permissions.includes(NEEDED.paid)} onPaid={(step) => ask("paid", step)} />
        </>
      )}
      {state.value.mode === "closed" ? null : <Ask state={state.value} page={page} send={send} />}
    </Panel>
  );
}

function paymentWords(page: OrderPage, its: Its | null): string {
  const { payment } = page;
  const method = t(`order.method.${METHODS.has(payment.method) ? payment.method : "other"}`);
  // What went back while money is awaited is awaited again.
  const taken = payment.captured_minor - (payment.state === "awaited" ? (its?.refunded_minor ?? 0) : 0);
  const { amount, partly } = moneyOf({ ...payment, captured_minor: taken });
  const words = { method, amount: moneyText(payment.state === "refunded" ? payment.captured_minor : amount, payment.currency), taken: moneyText(taken, payment.currency) };
  const invoiced = payment.method === "invoice" && payment.state === "captured";
  if (BY_HAND.has(payment.method) && payment.state === "captured") return t("order.payment.received", { method, amount: words.taken });
  if (invoiced) return t("order.payment.invoiced", { method, amount: words.taken });
  if (partly) return t("order.payment.partly", words);
  return t(`order.payment.${STATES.has(payment.state) ? payment.state : "authorising"}`, words);
}

/** When the money will be taken, or what of it was before the rest was let go; nothing where that is said already. */
function whenTaken({ payment }: OrderPage): string {
  if (payment.state === "refunded" || payment.state === "awaited") return "";
  if (!mayBeTaken(payment.state)) return payment.captured_minor > 0 ? t("order.taken", { amount: moneyText(payment.captured_minor, payment.currency) }) : "";
  if (payment.state === "captured" || payment.state === "capturing") return "";
  return payment.authorised_until === null ? t("order.takenAtShipping") : t("order.until", { day: day(payment.authorised_until) });
}

function factsOf(its: Its): readonly string[] {
  const amount = (minor: number): string => moneyText(minor, its.currency);
  return [
    its.refunded_minor > 0 && its.state !== "refunded" ? t("order.money.back", { amount: amount(its.refunded_minor) }) : "",
    its.awaited_minor > 0 ? t("order.money.awaited", { amount: amount(its.awaited_minor) }) : "",
    its.due_at !== null && its.awaited_minor > 0 ? t("order.money.due", { day: day(its.due_at) }) : "",
  ];
}

function Journal({ its, mayPay, onPaid }: { readonly its: Its; readonly mayPay: boolean; readonly onPaid: (step: string) => void }) {
  if (its.journal.length === 0) return null;
  return (
    <details class="order-journal" open={its.journal.some((step) => step.by_hand)}>
      <summary>{t("order.money.journal", { n: its.journal.length })}</summary>
      <ol>
        {its.journal.map((step) => (
          <li key={step.id}>
            <div class="row">
              <b>{t(`order.money.kind.${step.kind}`)}</b>
              {step.amount_minor > 0 ? <span class="mono">{moneyText(step.amount_minor, its.currency)}</span> : null}
              <Pill tone={step.by_hand ? "warn" : (TONES[step.state] ?? "plain")}>{step.by_hand ? t("order.money.byHand") : wordOf(step.state)}</Pill>
            </div>
            <p class="soft">{saidOf(step)}</p>
            {step.by_hand && mayPay ? <Button kind="line" onTap={() => onPaid(step.id)}>{t("order.money.paid")}</Button> : null}
          </li>
        ))}
      </ol>
    </details>
  );
}

function saidOf(step: Step): string {
  return [
    dateTime(step.answered_at ?? step.at),
    wordOf(step.by),
    step.reason === "" ? "" : wordOf(step.reason),
    step.note === "" ? "" : wordOf(step.note),
    step.attempts > 1 ? t("order.money.attempts", { n: step.attempts }) : "",
    step.reference,
  ].filter((each) => each !== "").join(" · ");
}

function Ask({ state, page, send }: { readonly state: Exclude<State, { mode: "closed" }>; readonly page: OrderPage; readonly send: Send }) {
  const { doing, amount, note, busy, fault, most, digits } = state;
  const all = amountText(most / 10 ** digits, page.currency);
  const hasAmount = doing === "receive" || doing === "refund";
  return (
    <Dialog title={t(`order.money.${doing}`)} onClose={() => send({ type: "back" })}>
      <form
        class="order-ask"
        onSubmit={(event) => {
          event.preventDefault();
          send({ type: "confirm" });
        }}
      >
        <p class="soft">{t(`order.money.more.${doing}`, { amount: all })}</p>
        {hasAmount ? <Field label={t("order.money.amount", { currency: page.currency })} value={amount} inputMode="decimal" maxLength={14} autoFocus onInput={(value) => send({ type: "amount", amount: value })} /> : null}
        {doing === "paid" ? null : <Field label={t(`order.money.note.${doing}`)} value={note} maxLength={doing === "retry" ? 200 : 500} autoFocus={doing === "retry"} onInput={(value) => send({ type: "note", note: value })} />}
        <Fault why={fault} />
        <div class="row order-answers">
          <Button kind="line" disabled={busy} onTap={() => send({ type: "back" })}>{t("common.back")}</Button>
          <Button kind={doing === "refund" ? "bad" : "small"} submit busy={busy}>{t(`order.money.do.${doing}`)}</Button>
        </div>
      </form>
    </Dialog>
  );
}
