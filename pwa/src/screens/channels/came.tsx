import { useSignal } from "@preact/signals";
import { Button, dateTime, Fault, Field, navigate, Panel, Pill, Spinner, t, timeFrom, useApp, useFocusBack, wordOf, type Tone } from "../../ui";
import { useAsked } from "../../ui/asked";
import { useDoing } from "../../ui/doing";
import { Body, Choice, Fact, NarrowState, Pages, Row, Table } from "../../ui/lists";
import { addressOf, INCOMING_STATES, othersOf, readable, unknownsOf, type Incoming, type IncomingList, type IncomingPage, type Wanted } from "./flow";
import { Faults } from "./parts";

const TONES: Readonly<Record<Incoming["state"], Tone>> = { received: "accent", placed: "ok", refused: "bad", ignored: "plain", dismissed: "plain" };
const StateOf = ({ state }: { readonly state: Incoming["state"] }) => <Pill tone={TONES[state]}>{wordOf(state)}</Pill>;
const COLUMNS = ["at", "channel", "topic", "state", "order", "why"] as const;
const words = (column: (typeof COLUMNS)[number]): string => t(`channels.column.${column}`);
const PAGE = 50;

/** What channels sent, and what became of it; what waits for a person is a choice of its own. */
export function Came({ wanted }: { readonly wanted: Wanted }) {
  const list = useAsked<IncomingList>("/integrations/incoming", { limit: PAGE, state: wanted.state, after: wanted.after });
  const found = list.value.value;
  return (
    <>
      <div class="lists-does">
        <p class="soft grow">{t("channels.cameWhat")}</p>
        <NarrowState states={INCOMING_STATES} value={wanted.state} onChoose={(state) => navigate(addressOf({ tab: "came", state }))} />
      </div>
      <Fault why={list.fault.value} />
      {found === null ? list.fault.value === null ? <Spinner label={t("common.loading")} /> : null : <Rows rows={found.items} wanted={wanted} />}
      <Pages to={(after) => addressOf({ ...wanted, after })} after={wanted.after} next={found?.next} />
    </>
  );
}

function Rows({ rows, wanted }: { readonly rows: readonly Incoming[]; readonly wanted: Wanted }) {
  if (rows.length === 0) return <p class="soft">{t("channels.nothingCame")}</p>;
  const now = Date.now();
  return (
    <Table name={t("channels.tab.came")} columns={COLUMNS} words={words}>
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
          <td class="lists-long">{row.reason === null ? "" : wordOf(row.reason)}</td>
        </Row>
      ))}
    </Table>
  );
}

/** One delivery: why it is no order, what its words could mean, and what came. */
export function OneIncoming({ wanted, id, mayRemember }: { readonly wanted: Wanted; readonly id: string; readonly mayRemember: boolean }) {
  const { http } = useApp();
  const page = useAsked<IncomingPage>(`/integrations/incoming/${id}`);
  const { busy, fault, go } = useDoing();
  // What is placed or put away takes the button that asked for it away.
  const back = useFocusBack<HTMLAnchorElement>(busy.value);
  const found = page.value.value;
  const act = (what: "again" | "dismiss" | "meant", body?: unknown): void => go(() => http.post(`/integrations/incoming/${id}/${what}`, body), page.again);
  return (
    <>
      <div class="lists-does">
        <a ref={back} class="btn small line" href={addressOf({ ...wanted, one: null })}>{t("common.back")}</a>
        <span class="grow" />
        {found?.incoming.state === "refused" ? (
          <>
            <Button kind="line" busy={busy.value} onTap={() => act("dismiss")}>{t("channels.dismiss")}</Button>
            <Button kind="line" busy={busy.value} onTap={() => act("again")}>{t("channels.placeAgain")}</Button>
          </>
        ) : null}
      </div>
      <Fault why={fault.value ?? page.fault.value} />
      {found === null ? page.fault.value === null ? <Spinner label={t("common.loading")} /> : null : (
        <>
          <Whole incoming={found.incoming} />
          <Faults faults={found.incoming.state === "refused" ? othersOf(found.incoming.faults) : found.incoming.faults} />
          {found.incoming.state === "refused" ? <Meant incoming={found.incoming} mayRemember={mayRemember} busy={busy.value} onSay={(body) => act("meant", body)} /> : null}
          <h2 class="lists-part">{t("channels.bodyCame")}</h2>
          <Body text={readable(found.body)} label={t("channels.bodyCame")} />
        </>
      )}
    </>
  );
}

function Whole({ incoming }: { readonly incoming: Incoming }) {
  return (
    <Panel {...(incoming.state === "refused" ? { tone: "warn" as const } : {})}>
      <div class="lists-facts">
        <Fact name={t("channels.column.channel")}>{incoming.channel}</Fact>
        <Fact name={t("channels.column.topic")}>{incoming.topic}</Fact>
        <Fact name={t("channels.column.state")}>
          <span aria-live="polite">
            <StateOf state={incoming.state} />
          </span>
        </Fact>
        <Fact name={t("channels.column.at")}>{dateTime(incoming.received_at)}</Fact>
        {incoming.order === null ? null : (
          <Fact name={t("channels.column.order")}>
            <a class="mono" href={`/orders/${incoming.order}`}>
              {String(incoming.order)}
            </a>
          </Fact>
        )}
        {incoming.reason === null ? null : <Fact name={t("channels.column.why")}>{wordOf(incoming.reason)}</Fact>}
      </div>
    </Panel>
  );
}

/** What is used of the server's `OrderForm`. */
interface OrderForm {
  readonly services: readonly { readonly code: string; readonly carrier: string; readonly name: string }[];
}

interface MeantProps {
  readonly incoming: Incoming;
  readonly mayRemember: boolean;
  readonly busy: boolean;
  readonly onSay: (body: unknown) => void;
}

/** What nobody knows here is said by a person, and taken in again. */
function Meant({ incoming, mayRemember, busy, onSay }: MeantProps) {
  const unknown = unknownsOf(incoming.faults);
  const said = useSignal<Readonly<Record<string, string>>>({});
  const remember = useSignal(false);
  const form = useAsked<OrderForm>("/orders/form").value.value;
  const services = (form?.services ?? []).map(({ code, carrier, name }) => [code, `${carrier} ${name}`] as const);
  if (unknown.length === 0) return null;
  const keyOf = (of: string, theirs: string): string => `${of} ${theirs}`;
  const table = (of: string) => Object.fromEntries(unknown.flatMap((each) => (each.of === of && (said.value[keyOf(of, each.theirs)] ?? "") !== "" ? [[each.theirs, said.value[keyOf(of, each.theirs)]?.trim()]] : [])));
  return (
    <form
      class="panel padded lists-form"
      onSubmit={(event) => {
        event.preventDefault();
        onSay({ items: table("items"), services: table("services"), countries: table("countries"), remember: remember.value });
      }}
    >
      <h2>{t("channels.meant")}</h2>
      <div class="channels-fields">
        {unknown.map(({ of, theirs }) => {
          const put = (text: string): void => void (said.value = { ...said.value, [keyOf(of, theirs)]: text });
          const [label, value] = [t(`channels.meant.${of}`, { theirs }), said.value[keyOf(of, theirs)] ?? ""];
          return of === "services" ? (
            <Choice key={keyOf(of, theirs)} label={label} value={value} options={[["", t("channels.pick")], ...services]} onChoose={put} />
          ) : (
            <Field key={keyOf(of, theirs)} label={label} value={value} maxLength={of === "countries" ? 2 : 100} onInput={put} />
          );
        })}
      </div>
      {mayRemember ? (
        <label class="channels-check">
          <input type="checkbox" checked={remember.value} onChange={(event) => (remember.value = event.currentTarget.checked)} />
          {t("channels.remember")}
        </label>
      ) : null}
      <div class="lists-answers">
        <Button kind="small" submit busy={busy}>{t("channels.takeIn")}</Button>
      </div>
    </form>
  );
}
