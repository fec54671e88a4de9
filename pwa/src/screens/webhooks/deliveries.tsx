import { Button, dateTime, Empty, Fault, navigate, number, Panel, Pill, Spinner, t, timeFrom, useApp, wordOf, type Tone } from "../../ui";
import { useAsked } from "../../ui/asked";
import { useDoing } from "../../ui/doing";
import { Body, Fact, Narrow, NarrowState, Pages, Row, Table } from "../../ui/lists";
import { addressOf, DELIVERY_STATES, readable, type Deliveries as List, type Delivery, type DeliveryPage, type Endpoints, type Wanted } from "./flow";
import { ReasonWords } from "./parts";

const TONES: Readonly<Record<Delivery["state"], Tone>> = { waiting: "accent", sending: "accent", delivered: "ok", failed: "bad" };
const State = ({ state }: { readonly state: Delivery["state"] }) => <Pill tone={TONES[state]}>{wordOf(state)}</Pill>;
const COLUMNS = ["at", "type", "state", "answer", "tries", "due", "endpoint"] as const;
const words = (column: (typeof COLUMNS)[number]): string => t(`webhooks.column.${column}`);
const PAGE = 50;

/** What was and will be sent, the newest first. */
export function Deliveries({ wanted }: { readonly wanted: Wanted }) {
  const list = useAsked<List>("/webhooks/deliveries", { limit: PAGE, endpoint: wanted.endpoint, state: wanted.state, after: wanted.after });
  const endpoints = useAsked<Endpoints>("/webhooks/endpoints").value.value?.items ?? [];
  const found = list.value.value;
  const go = (changes: Partial<Wanted>): void => navigate(addressOf({ ...wanted, after: null, ...changes }));
  return (
    <>
      <div class="lists-does">
        <Narrow
          label={t("webhooks.column.endpoint")}
          all={t("webhooks.everyEndpoint")}
          value={wanted.endpoint}
          options={[...new Map([...(found?.items ?? []).map((each) => [each.endpoint, each.url] as const), ...endpoints.map((each) => [each.id, each.url] as const)])]}
          wide
          onChoose={(endpoint) => go({ endpoint })}
        />
        <NarrowState states={DELIVERY_STATES} value={wanted.state} onChoose={(state) => go({ state })} />
      </div>
      <Fault why={list.fault.value} />
      {found === null ? list.fault.value === null ? <Spinner label={t("common.loading")} /> : null : <Rows rows={found.items} wanted={wanted} />}
      <Pages to={(after) => addressOf({ ...wanted, after })} after={wanted.after} next={found?.next} />
    </>
  );
}

function Rows({ rows, wanted }: { readonly rows: readonly Delivery[]; readonly wanted: Wanted }) {
  if (rows.length === 0) return <Empty icon="list" title={t("webhooks.noDeliveries")} />;
  const now = Date.now();
  return (
    <Table name={t("webhooks.tab.deliveries")} columns={COLUMNS} words={words} figures={["tries"]}>
      {rows.map((row) => (
        <Row key={row.id} to={addressOf({ ...wanted, one: row.id })} first={timeFrom(row.at, now)}>
          <td>{t(`webhooks.type.${row.type}`)}</td>
          <td>
            <State state={row.state} />
          </td>
          <td>
            <ReasonWords status={row.status} reason={row.reason} />
          </td>
          <td class="n">{number(row.tries)}</td>
          <td class="soft">{row.due_at === null ? "" : timeFrom(row.due_at, now)}</td>
          <td class="soft mono lists-url">{row.url}</td>
        </Row>
      ))}
    </Table>
  );
}

/** One delivery: what is sent, and each try. */
export function OneDelivery({ wanted, id }: { readonly wanted: Wanted; readonly id: string }) {
  const { http } = useApp();
  const page = useAsked<DeliveryPage>(`/webhooks/deliveries/${id}`);
  const { busy, fault, go } = useDoing();
  const found = page.value.value;
  const replay = (): void => go(() => http.post(`/webhooks/deliveries/${id}/replay`), page.again);
  return (
    <>
      <div class="lists-does">
        <a class="btn small line" href={addressOf({ ...wanted, one: null })}>{t("common.back")}</a>
        <span class="grow" />
        {found === null ? null : <Button kind="small" busy={busy.value} disabled={found.delivery.state === "sending"} onTap={replay}>{t("webhooks.replay")}</Button>}
      </div>
      <Fault why={fault.value ?? page.fault.value} />
      {found === null ? page.fault.value === null ? <Spinner label={t("common.loading")} /> : null : <Whole page={found} />}
    </>
  );
}

function Whole({ page: { delivery, body, tries } }: { readonly page: DeliveryPage }) {
  return (
    <>
      <Panel>
        <div class="lists-facts">
          <Fact name={t("webhooks.column.type")}>{t(`webhooks.type.${delivery.type}`)}</Fact>
          <Fact name={t("webhooks.column.state")}>
            <span aria-live="polite">
              <State state={delivery.state} />
            </span>
          </Fact>
          <Fact name={t("webhooks.column.at")}>{dateTime(delivery.at)}</Fact>
          {delivery.due_at === null ? null : <Fact name={t("webhooks.column.due")}>{dateTime(delivery.due_at)}</Fact>}
          <Fact name={t("webhooks.column.endpoint")}>
            <span class="mono lists-url">{delivery.url}</span>
          </Fact>
          <Fact name={t("webhooks.message")}>
            <span class="mono lists-url">{delivery.message}</span>
          </Fact>
        </div>
      </Panel>
      <h2 class="lists-part">{t("webhooks.tries")}</h2>
      {tries.length === 0 ? <p class="soft">{t("webhooks.noTries")}</p> : null}
      <ol class="lists-all webhooks-tries">
        {tries.map((each, at) => (
          <li key={each.at} class="panel padded">
            <div class="row">
              <b>{dateTime(each.at)}</b>
              <Pill tone={each.reason === "" ? "ok" : "bad"}>
                <ReasonWords status={each.status} reason={each.reason} />
              </Pill>
              <span class="soft">{t("webhooks.took", { ms: number(each.took_ms) })}</span>
            </div>
            {each.said === "" ? null : <Body text={each.said} label={t("webhooks.said", { n: number(tries.length - at) })} />}
          </li>
        ))}
      </ol>
      <h2 class="lists-part">{t("webhooks.body")}</h2>
      <Body text={readable(body)} label={t("webhooks.body")} />
    </>
  );
}
