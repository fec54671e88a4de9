import type { ComponentChild } from "preact";
import { whyNot } from "../../core/refused";
import { Button, Dialog, Fault, Field, t, useApp, useFlow } from "../../ui";
import { ADDRESS, changing, CUSTOMER, leftOf, start, type Asking, type ChangeEffect, type Doing, type Input, type State } from "./changing";
import type { OrderPage } from "./flow";

type Send = (input: Input) => void;

/** A way to ask for a change, and the question while it is asked. */
export function useChanges(page: OrderPage | null, again: () => void): { readonly ask: (doing: Doing) => void; readonly dialog: ComponentChild } {
  const app = useApp();
  const { state, send } = useFlow<State, Input, ChangeEffect>(changing, start, (effect, then) => {
    if (effect.type === "again") return again();
    app.http[effect.method](effect.path, effect.body).then(
      () => then({ type: "done" }),
      (error: unknown) => then({ type: "failed", why: whyNot(error) }),
    );
  });
  const now = state.value;
  return {
    ask: (doing) => {
      if (page !== null) send({ type: "ask", doing, page });
    },
    dialog: now.mode === "closed" ? null : <Ask state={now} send={send} />,
  };
}

function Ask({ state, send }: { readonly state: Asking; readonly send: Send }) {
  const { doing, page, busy, fault } = state;
  return (
    <Dialog title={t(`order.change.${doing.what}`, { number: String(page.number) })} onClose={() => send({ type: "back" })}>
      <form
        class="order-ask"
        onSubmit={(event) => {
          event.preventDefault();
          send({ type: "confirm" });
        }}
      >
        <p class="soft">{doing.what === "units" ? t("order.change.more.units", { n: leftOf(doing.line) }) : t("order.change.more.address")}</p>
        {doing.what === "units" ? <Units state={state} send={send} /> : <Address state={state} send={send} />}
        <Fault why={fault} />
        <div class="row order-answers">
          <Button kind="line" disabled={busy} onTap={() => send({ type: "back" })}>{t("common.back")}</Button>
          <Button kind={doing.what === "units" ? "bad" : "small"} submit busy={busy}>{t(`order.change.do.${doing.what}`)}</Button>
        </div>
      </form>
    </Dialog>
  );
}

const Units = ({ state: { fields }, send }: { readonly state: Asking; readonly send: Send }) => (
  <>
    <Field label={t("order.change.quantity")} value={fields["quantity"] ?? ""} inputMode="numeric" maxLength={4} autoFocus onInput={(value) => send({ type: "field", name: "quantity", value })} />
    <Field label={t("order.reason")} value={fields["why"] ?? ""} maxLength={500} onInput={(value) => send({ type: "field", name: "why", value })} />
  </>
);

const Address = ({ state: { fields }, send }: { readonly state: Asking; readonly send: Send }) => (
  <>
    {[...CUSTOMER, ...ADDRESS].map((name, at) => (
      <Field key={name} label={t(`order.change.field.${name}`)} value={fields[name] ?? ""} maxLength={name === "country" ? 2 : 200} autoFocus={at === 0} onInput={(value) => send({ type: "field", name, value })} />
    ))}
  </>
);
