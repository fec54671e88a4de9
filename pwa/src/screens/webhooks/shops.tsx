import { useSignal } from "@preact/signals";
import type { Said } from "../../core/machine";
import { whyNot } from "../../core/refused";
import { Button, dateTime, Dialog, Empty, Fault, Field, navigate, number, Panel, Pill, Spinner, t, timeFrom, useApp, useFlow, wordOf, type Tone } from "../../ui";
import { useAsked } from "../../ui/asked";
import { addressOf, INCOMING_STATES, readable, type Channel, type Channels, type Incoming, type IncomingList, type IncomingPage, type Wanted } from "./flow";
import { Body, Fact, Pages, Row, StateChoice, Table } from "./parts";
import { shopping, start, type Call, type Input, type State } from "./shopping";

type Send = (input: Input) => void;
const TONES: Readonly<Record<Incoming["state"], Tone>> = { received: "accent", placed: "ok", refused: "bad", ignored: "plain", dismissed: "plain" };
const StateOf = ({ state }: { readonly state: Incoming["state"] }) => <Pill tone={TONES[state]}>{wordOf(state)}</Pill>;
const COLUMNS = ["at", "shop", "topic", "state", "order", "why"] as const;
const PAGE = 50;

/** The shops that send orders, and what they sent. */
export function Shops({ wanted }: { readonly wanted: Wanted }) {
  const { http } = useApp();
  const list = useAsked<Channels>("/integrations/channels");
  const { state, send } = useFlow<State, Input, Call>(shopping, start, (call, again) => {
    const done = (): void => again({ type: "done" });
    const failed = (error: unknown): void => again({ type: "failed", why: whyNot(error) });
    if (call.type === "again") return list.again();
    if (call.type === "remove") return void http.delete(`/integrations/channels/${call.known.channel}`).then(done, failed);
    const { channel, service, secret } = call.draft;
    const body = { service, warehouse: call.known?.warehouse ?? null, version: call.known?.version ?? null, secret: secret === "" ? null : secret };
    http.put(`/integrations/channels/${channel}`, body).then(done, failed);
  });
  const found = list.value.value;
  const [first] = Object.keys(found?.services ?? {});
  return (
    <>
      <div class="webhooks-does">
        <p class="soft grow">{t("webhooks.shopsWhat")}</p>
        <Button kind="small" icon="plus" disabled={first === undefined} onTap={() => send({ type: "add", service: first ?? "" })}>{t("webhooks.connect")}</Button>
      </div>
      <Fault why={list.fault.value} />
      {found === null && list.fault.value === null ? <Spinner label={t("common.loading")} /> : null}
      {found !== null && found.items.length === 0 ? <Empty icon="cart" title={t("webhooks.noShops")} /> : null}
      {found === null || found.items.length === 0 ? null : (
        <ul class="webhooks-list">
          {found.items.map((shop) => (
            <li key={shop.channel}>
              <Shop shop={shop} service={found.services[shop.service] ?? shop.service} send={send} />
            </li>
          ))}
        </ul>
      )}
      <Came wanted={wanted} />
      <Ask state={state.value} services={found?.services ?? {}} send={send} />
    </>
  );
}

function Shop({ shop, service, send }: { readonly shop: Channel; readonly service: string; readonly send: Send }) {
  return (
    <Panel>
      <div class="webhooks-one">
        <h2>{shop.channel}</h2>
        {shop.refused === 0 ? null : <a class="pill bad" href={addressOf({ tab: "shops", state: "refused" })}>{t("webhooks.shopRefused", { n: number(shop.refused) })}</a>}
      </div>
      <div class="webhooks-facts">
        <Fact name={t("webhooks.shopAddress")}>
          <span class="mono webhooks-url">{location.origin + shop.path}</span>
        </Fact>
        <Fact name={t("webhooks.shopService")}>{service}</Fact>
        <Fact name={t("webhooks.shopHeard")}>{shop.heard_at === null ? t("webhooks.shopNever") : dateTime(shop.heard_at)}</Fact>
      </div>
      <div class="webhooks-acts" role="group" aria-label={t("webhooks.acts", { url: shop.channel })}>
        <Button kind="line" onTap={() => send({ type: "change", known: shop })}>{t("webhooks.change")}</Button>
        <Button kind="line" onTap={() => send({ type: "remove", known: shop })}>{t("webhooks.act.remove")}</Button>
      </div>
    </Panel>
  );
}

function Ask({ state, services, send }: { readonly state: State; readonly services: Readonly<Record<string, string>>; readonly send: Send }) {
  const close = (): void => send({ type: "close" });
  if (state.mode === "closed") return null;
  if (state.mode === "sure") {
    return (
      <Dialog title={t("webhooks.act.remove")} onClose={close}>
        <p>{t("webhooks.shopRemove", { shop: state.known.channel })}</p>
        <Fault why={state.fault} />
        <div class="webhooks-answers">
          <Button kind="line" onTap={close}>{t("common.cancel")}</Button>
          <Button kind="bad" busy={state.busy} onTap={() => send({ type: "save" })}>{t("webhooks.act.remove")}</Button>
        </div>
      </Dialog>
    );
  }
  const { draft, known } = state;
  const edit = (changes: Partial<typeof draft>): void => send({ type: "edit", draft: { ...draft, ...changes } });
  return (
    <Dialog title={t(known === null ? "webhooks.connect" : "webhooks.change")} onClose={close}>
      <form
        class="webhooks-form"
        onSubmit={(event) => {
          event.preventDefault();
          send({ type: "save" });
        }}
      >
        {known === null ? <Field label={t("webhooks.shopName")} value={draft.channel} maxLength={32} autoFocus onInput={(channel) => edit({ channel })} /> : <p class="mono">{known.channel}</p>}
        <label class="field">
          <span>{t("webhooks.shopService")}</span>
          <select value={draft.service} onChange={(event) => edit({ service: event.currentTarget.value })}>
            {Object.entries(services).map(([code, name]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <Field label={t(known === null ? "webhooks.shopSecret" : "webhooks.shopNewSecret")} type="password" value={draft.secret} maxLength={200} onInput={(secret) => edit({ secret })} />
        <p class="soft">{t("webhooks.shopHow", { address: `${location.origin}/api/integrations/shopify/${draft.channel === "" ? "…" : draft.channel}` })}</p>
        <Fault why={state.fault} />
        <div class="webhooks-answers">
          <Button kind="line" onTap={close}>{t("common.cancel")}</Button>
          <Button kind="small" submit busy={state.busy}>{t("webhooks.save")}</Button>
        </div>
      </form>
    </Dialog>
  );
}

// --- what they sent

function Came({ wanted }: { readonly wanted: Wanted }) {
  const list = useAsked<IncomingList>("/integrations/incoming", { limit: PAGE, state: wanted.state, after: wanted.after });
  const found = list.value.value;
  return (
    <>
      <div class="webhooks-does">
        <h2 class="webhooks-part grow">{t("webhooks.came")}</h2>
        <StateChoice states={INCOMING_STATES} value={wanted.state} onChoose={(state) => navigate(addressOf({ tab: "shops", state }))} />
      </div>
      <Fault why={list.fault.value} />
      {found === null ? null : <Rows rows={found.items} wanted={wanted} />}
      <Pages wanted={wanted} next={found?.next} />
    </>
  );
}

function Rows({ rows, wanted }: { readonly rows: readonly Incoming[]; readonly wanted: Wanted }) {
  if (rows.length === 0) return <p class="soft">{t("webhooks.nothingCame")}</p>;
  const now = Date.now();
  return (
    <Table name={t("webhooks.came")} columns={COLUMNS}>
      {rows.map((row) => (
        <Row key={row.id} to={addressOf({ ...wanted, one: row.id })} first={timeFrom(row.received_at, now)}>
          <td>
            {row.channel} <span class="soft">{row.shop}</span>
          </td>
          <td class="soft">{row.topic}</td>
          <td>
            <StateOf state={row.state} />
          </td>
          <td class="mono">{row.order === null ? "" : String(row.order)}</td>
          <td class="webhooks-long">{row.reason === null ? "" : wordOf(row.reason)}</td>
        </Row>
      ))}
    </Table>
  );
}

/** One delivery of a shop: why it is no order, and what can be done. */
export function OneIncoming({ wanted, id }: { readonly wanted: Wanted; readonly id: string }) {
  const { http } = useApp();
  const page = useAsked<IncomingPage>(`/integrations/incoming/${id}`);
  const fault = useSignal<Said | null>(null);
  const found = page.value.value;
  const act = (what: "again" | "dismiss"): void => {
    fault.value = null;
    http.post(`/integrations/incoming/${id}/${what}`).then(page.again, (error: unknown) => void (fault.value = whyNot(error)));
  };
  return (
    <>
      <div class="webhooks-does">
        <a class="btn small line" href={addressOf({ ...wanted, one: null })}>{t("common.back")}</a>
        <span class="grow" />
        {found?.incoming.state === "refused" ? (
          <>
            <Button kind="line" onTap={() => act("dismiss")}>{t("webhooks.dismiss")}</Button>
            <Button kind="small" onTap={() => act("again")}>{t("webhooks.placeAgain")}</Button>
          </>
        ) : null}
      </div>
      <Fault why={fault.value ?? page.fault.value} />
      {found === null ? page.fault.value === null ? <Spinner label={t("common.loading")} /> : null : <Whole page={found} />}
    </>
  );
}

function Whole({ page: { incoming, body } }: { readonly page: IncomingPage }) {
  return (
    <>
      <Panel {...(incoming.state === "refused" ? { tone: "warn" as const } : {})}>
        <div class="webhooks-facts">
          <Fact name={t("webhooks.column.shop")}>{incoming.channel}</Fact>
          <Fact name={t("webhooks.column.state")}>
            <span aria-live="polite">
              <StateOf state={incoming.state} />
            </span>
          </Fact>
          <Fact name={t("webhooks.column.at")}>{dateTime(incoming.received_at)}</Fact>
          {incoming.triggered_at === "" ? null : (
            <Fact name={t("webhooks.triggered")}>
              <span class="mono">{incoming.triggered_at}</span>
            </Fact>
          )}
          {incoming.order === null ? null : (
            <Fact name={t("webhooks.column.order")}>
              <a class="mono" href={`/orders/${incoming.order}`}>
                {String(incoming.order)}
              </a>
            </Fact>
          )}
          {incoming.reason === null ? null : <Fact name={t("webhooks.column.why")}>{wordOf(incoming.reason)}</Fact>}
        </div>
      </Panel>
      {incoming.faults.length === 0 ? null : (
        <ul class="webhooks-faults">
          {incoming.faults.map((each, i) => (
            <li key={i} class="panel padded">
              <b class="mono">{each.field}</b>
              <p>{each.message}</p>
              <p class="soft">{t("webhooks.fault", { wanted: each.wanted ?? "", got: each.got ?? "" })}</p>
            </li>
          ))}
        </ul>
      )}
      <h2 class="webhooks-part">{t("webhooks.bodyCame")}</h2>
      <Body text={readable(body)} label={t("webhooks.bodyCame")} />
    </>
  );
}
