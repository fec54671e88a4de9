import type { ComponentChild } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { digitsOf, markOf, typed } from "../../core/amounts";
import { nameIn } from "../../core/named";
import { ApiError, isLeftOut, isRefused } from "../../core/problem";
import { whyNot } from "../../core/refused";
import { Button, Dialog, Fault, Field, language, money, Pill, Spinner, t, useApp, useFlow, useFocus } from "../../ui";
import { Finder } from "../../ui/finder";
import { ADDRESS, changing, CUSTOMER, differences, fieldAt, leftOf, otherSplit, start, type Asking, type ChangeEffect, type Difference, type Doing, type Input, type Offer, type Service, type State } from "./changing";
import type { OrderPage } from "./flow";

type Send = (input: Input) => void;

/** A way to ask for a change, and the question while it is asked. */
export function useChanges(page: OrderPage | null, again: () => void): { readonly ask: (doing: Doing) => void; readonly dialog: ComponentChild } {
  const app = useApp();
  const { state, send } = useFlow<State, Input, ChangeEffect>(changing, start, (effect, then) => {
    if (effect.type === "again") return again();
    const failed = (error: unknown): void => then({ type: "failed", why: whyNot(error), refused: isRefused(error), faults: error instanceof ApiError ? error.faults : [] });
    if (effect.type === "services") return void app.http.get<{ readonly services: readonly Service[] }>("/orders/form").then(({ services }) => then({ type: "services", services }), failed);
    app.http[effect.method](effect.path, effect.body, { key: effect.key }).then(() => then({ type: "done" }), failed);
  });
  useEffect(() => {
    if (page !== null) send({ type: "page", page });
  }, [page]);
  const now = state.value;
  return {
    ask: (doing) => {
      if (page !== null) send({ type: "ask", doing, page, key: app.newId() });
    },
    dialog: now.mode === "closed" ? null : <Ask state={now} send={send} />,
  };
}

const PARTS: Readonly<Record<Doing["what"], (props: { readonly state: Asking; readonly send: Send }) => ComponentChild>> = {
  units: (props) => <Units {...props} />,
  address: (props) => <Address {...props} />,
  add: (props) => <Add {...props} />,
  service: (props) => <Services {...props} />,
  merge: (props) => <Merge {...props} />,
  split: ({ state }) => <p>{t(`order.change.split.${otherSplit(state.page)}`)}</p>,
};

function Ask({ state, send }: { readonly state: Asking; readonly send: Send }) {
  const { doing, page, busy, fault } = state;
  const Part = PARTS[doing.what];
  const wrong = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // A long form has it below what is in sight.
    if (fault !== null) wrong.current?.scrollIntoView({ block: "nearest" });
  }, [fault]);
  return (
    <Dialog title={t(`order.change.${doing.what}`, { number: String(page.number) })} onClose={() => send({ type: "back" })}>
      <form
        class="order-ask"
        onSubmit={(event) => {
          event.preventDefault();
          send({ type: "confirm" });
        }}
      >
        <p class="soft">{doing.what === "units" ? t("order.change.more.units", { n: leftOf(doing.line) }) : t(`order.change.more.${doing.what}`)}</p>
        <p class="order-overtaken" role="status">{state.overtaken ? t("order.change.overtaken", { street: page.address.street, city: page.address.city }) : ""}</p>
        <Part state={state} send={send} />
        <div ref={wrong}>
          <Fault why={fault} />
          <Wrong state={state} />
        </div>
        <div class="row order-answers">
          <Button kind="line" disabled={busy} onTap={() => send({ type: "back" })}>{t("common.back")}</Button>
          <Button kind={doing.what === "units" ? "bad" : "small"} submit busy={busy}>{t(`order.change.do.${doing.what}`)}</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Which fields are wrong, by the names that they have here. */
function Wrong({ state: { doing, faults } }: { readonly state: Asking }) {
  if (doing.what === "merge") return <Differs by={differences(faults)} />;
  const known = faults.flatMap(({ field, got }) => {
    const name = fieldAt(field);
    return name === null ? [] : [{ name, got }];
  });
  const once = known.filter(({ name }, at) => known.findIndex((other) => other.name === name) === at);
  if (once.length === 0) return null;
  return (
    <ul class="order-wrong">
      {once.map(({ name, got }) => (
        <li key={name}>{isLeftOut(got) ? t("order.change.isMissing", { field: t(`order.change.field.${name}`) }) : t("order.change.isWrong", { field: t(`order.change.field.${name}`), got })}</li>
      ))}
    </ul>
  );
}

/** Why two orders cannot be one. */
const Differs = ({ by }: { readonly by: readonly Difference[] }) =>
  by.length === 0 ? null : (
    <ul class="order-wrong">
      {by.map((each) => <li key={each}>{t(`order.change.differs.${each}`)}</li>)}
    </ul>
  );

interface TextProps {
  readonly state: Asking;
  readonly send: Send;
  readonly name: string;
  readonly label: string;
  readonly most?: number;
  readonly mode?: "numeric" | "decimal";
  readonly first?: boolean;
}

const Text = ({ state, send, name, label, most = 200, mode, first = false }: TextProps) => (
  <Field label={label} value={state.fields[name] ?? ""} maxLength={most} autoFocus={first} {...(mode === undefined ? {} : { inputMode: mode })} onInput={(value) => send({ type: "field", name, value })} />
);

const Units = (props: { readonly state: Asking; readonly send: Send }) => (
  <>
    <Text {...props} name="quantity" label={t("order.change.quantity")} mode="numeric" most={4} first />
    <Text {...props} name="why" label={t("order.reason")} most={500} />
  </>
);

const Address = (props: { readonly state: Asking; readonly send: Send }) => (
  <>
    {[...CUSTOMER, ...ADDRESS].map((name, at) => <Text {...props} key={name} name={name} label={t(`order.change.field.${name}`)} most={name === "country" ? 2 : 200} first={at === 0} />)}
  </>
);

/** First the item, then how many and for how much. */
function Add(props: { readonly state: Asking; readonly send: Send }) {
  const { http } = useApp();
  const { state, send } = props;
  const offer = state.doing.what === "add" ? state.doing.offer : null;
  const { currency } = state.page;
  return (
    <>
      {offer === null ? (
        <Finder<Offer>
          label={t("order.change.item")}
          hint={t("order.change.itemHint")}
          autoFocus
          ask={(q) => http.get<{ readonly items: readonly Offer[] }>("/orders/offers", { query: { q } }).then(({ items }) => items)}
          keyOf={({ sku }) => sku}
          row={(each) => (
            <>
              <b>{nameIn(each, language.value)}</b>
              <span class="mono soft">{each.sku}</span>
              <span class="grow" />
              <Pill tone={each.ready > 0 ? "ok" : "warn"}>{t("order.change.ready", { n: each.ready })}</Pill>
              <b>{money(each.price_minor, each.currency)}</b>
            </>
          )}
          choose={(each) => send({ type: "offer", offer: each, price: each.currency === currency ? typed(each.price_minor, digitsOf(currency), markOf(language.value)) : "" })}
        />
      ) : (
        <>
          <p>
            <b>{nameIn(offer, language.value)}</b> <span class="mono soft">{offer.sku}</span> <Pill tone={offer.ready > 0 ? "ok" : "warn"}>{t("order.change.ready", { n: offer.ready })}</Pill>
          </p>
          <Text {...props} name="quantity" label={t("order.change.howMany")} mode="numeric" most={4} first />
          <Text {...props} name="price" label={t("order.change.price")} mode="decimal" most={12} />
          <Text {...props} name="why" label={t("order.change.note")} most={500} />
        </>
      )}
    </>
  );
}

function Services({ state, send }: { readonly state: Asking; readonly send: Send }) {
  const id = useId();
  const services = state.doing.what === "service" ? state.doing.services : null;
  // It comes after its dialog has opened.
  const select = useFocus<HTMLSelectElement>(services !== null);
  if (services === null) return <Spinner label={t("common.loading")} />;
  return (
    <div class="field">
      <label for={id}>{t("order.change.by")}</label>
      <select ref={select} id={id} value={state.fields["service"]} onChange={(event) => send({ type: "field", name: "service", value: event.currentTarget.value })}>
        {services.map(({ code, carrier, name, cutoff }) => (
          <option key={code} value={code}>
            {t("order.change.serviceIs", { carrier, name, time: cutoff })}
          </option>
        ))}
      </select>
    </div>
  );
}

const Merge = (props: { readonly state: Asking; readonly send: Send }) => (
  <>
    <Text {...props} name="order" label={t("order.change.other")} mode="numeric" most={16} first />
    <Text {...props} name="why" label={t("order.change.note")} most={500} />
  </>
);
