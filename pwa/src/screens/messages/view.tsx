import { AppShell, Button, dateTime, Empty, Fault, navigate, Panel, Pill, searchParams, Spinner, t, timeFrom, useApp, useFocusBack, wordOf, type ScreenProps, type Tone } from "../../ui";
import { useAsked } from "../../ui/asked";
import { useDoing } from "../../ui/doing";
import { languageName } from "../../ui/language-name";
import { Head, NarrowState, Pages, Row, Table } from "../../ui/lists";
import { inWords } from "../../ui/both";
import { Editor } from "./editor";
import { addressOf, CHANNELS, STATES, TABS, wantedOf, type Message, type MessageList, type MessagePage, type MilestoneRow, type Milestones, type Wanted } from "./flow";
import "./style.css";

export default function Messages(_props: ScreenProps) {
  const wanted = wantedOf(searchParams.value);
  return (
    <AppShell>
      <Head title={t("messages.title")} label={t("messages.tabs")} here={wanted.tab} tabs={TABS.map((tab) => ({ key: tab, words: t(`messages.tab.${tab}`), to: addressOf({ tab }) }))} />
      {wanted.template !== null ? <Editor key={wanted.template} of={wanted.template} /> : wanted.one !== null ? <One id={wanted.one} wanted={wanted} /> : wanted.tab === "log" ? <Log wanted={wanted} /> : <Told />}
    </AppShell>
  );
}

// --- what customers are told

function Told() {
  const { http, who } = useApp();
  const list = useAsked<Milestones>("/messages/milestones");
  const { busy, fault, go } = useDoing();
  const mayEdit = who.value.signedIn?.permissions.includes("messages.edit") === true;
  const found = list.value.value;
  const turn = (row: MilestoneRow): void => go(() => http.put(`/messages/milestones/${row.name}`, { on: !row.on }), list.again);
  return (
    <>
      <Fault why={fault.value ?? list.fault.value} />
      {found === null ? list.fault.value === null ? <Spinner label={t("common.loading")} /> : null : (
        <>
          <div class="messages-ways">
            {found.channels.map((way) => (
              <Panel key={way.channel} label={t(`messages.channel.${way.channel}`)}>
                <p>{way.is_set_up ? <Pill tone="ok" dot="full">{way.where}</Pill> : <Pill tone="warn">{t("messages.notSetUp")}</Pill>}</p>
                {way.is_set_up ? null : <p class="soft">{t(`messages.howTo.${way.channel}`)}</p>}
                {way.parked === 0 ? null : <p><a href={addressOf({ tab: "log", state: "parked" })}>{t("messages.parkedN", { n: way.parked })}</a></p>}
              </Panel>
            ))}
          </div>
          <ul class="messages-list">
            {found.items.map((row) => (
              <li key={row.name} class="panel padded messages-one">
                <div class="messages-head">
                  <h2 class="grow">{inWords(row.words)}</h2>
                  <Pill tone={row.on ? "ok" : "plain"} dot={row.on ? "full" : "hollow"}>{t(row.on ? "messages.on" : "messages.off")}</Pill>
                  {mayEdit ? <Button kind="line" busy={busy.value} label={t(row.on ? "messages.turnOffOf" : "messages.turnOnOf", { what: inWords(row.words) })} onTap={() => turn(row)}>{t(row.on ? "messages.turnOff" : "messages.turnOn")}</Button> : null}
                </div>
                <p class="soft">{inWords(row.when)}</p>
                <p class="messages-links">
                  {CHANNELS.flatMap((channel) =>
                    row.languages.map((each) => (
                      <a key={`${channel}/${each}`} href={addressOf({ template: `${row.name}/${channel}/${each}` })}>
                        {t("messages.template", { channel: t(`messages.channel.${channel}`), language: languageName(each) })}
                        {row.changed.includes(`${channel}/${each}`) ? t("messages.ours") : ""}
                      </a>
                    )),
                  )}
                </p>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

// --- what went out

const TONES: Readonly<Record<string, Tone>> = { sent: "ok", failed: "bad", unsure: "warn", parked: "warn", sending: "accent", waiting: "accent" };
/** What waits for a channel says only that there is none. */
const stateWords = ({ state, reason }: Message): string => [state === "parked" ? "" : wordOf(state), reason === "" ? "" : wordOf(reason)].filter((each) => each !== "").join(": ");
const StatePill = ({ message }: { readonly message: Message }) => <Pill tone={TONES[message.state] ?? "plain"}>{stateWords(message)}</Pill>;
const COLUMNS = ["made", "what", "order", "to", "state"] as const;

function Log({ wanted }: { readonly wanted: Wanted }) {
  const list = useAsked<MessageList>("/messages", { limit: 50, state: wanted.state, after: wanted.after });
  const found = list.value.value;
  const now = Date.now();
  return (
    <>
      <div class="lists-does">
        <NarrowState states={STATES} value={wanted.state} onChoose={(state) => navigate(addressOf({ tab: "log", state }))} />
      </div>
      <Fault why={list.fault.value} />
      {found === null ? list.fault.value === null ? <Spinner label={t("common.loading")} /> : null : found.items.length === 0 ? <Empty icon="list" title={t("messages.none")} /> : (
        <Table name={t("messages.tab.log")} columns={COLUMNS} words={(column) => t(`messages.column.${column}`)}>
          {found.items.map((row) => (
            <Row key={row.id} to={addressOf({ ...wanted, one: row.id })} first={timeFrom(row.made_at, now)}>
              <td>{row.test ? t("messages.testOf", { what: inWords(row.words) }) : inWords(row.words)}</td>
              <td class="mono">{String(row.order)}</td>
              <td class="soft">{row.address}</td>
              <td><StatePill message={row} /></td>
            </Row>
          ))}
        </Table>
      )}
      <Pages to={(after) => addressOf({ ...wanted, after })} after={wanted.after} next={found?.next} />
    </>
  );
}

/** One message: its text, each try, and what can be done about it. */
function One({ id, wanted }: { readonly id: string; readonly wanted: Wanted }) {
  const { http, who } = useApp();
  const page = useAsked<MessagePage>(`/messages/${id}`);
  const { busy, fault, go } = useDoing();
  // What is sent again or put away takes the button that asked for it away.
  const back = useFocusBack<HTMLAnchorElement>(busy.value);
  const maySend = who.value.signedIn?.permissions.includes("messages.send") === true;
  const found = page.value.value;
  const act = (what: "again" | "dismiss"): void => go(() => http.post(`/messages/${id}/${what}`), page.again);
  return (
    <>
      <div class="messages-head">
        <a ref={back} class="btn small line" href={addressOf({ ...wanted, one: null })}>{t("common.back")}</a>
        <span class="grow" />
        {(["dismiss", "again"] as const).map((what) => (found !== null && maySend && found.message.can.includes(what) ? (
          <Button key={what} kind={what === "again" ? "small" : "line"} busy={busy.value} onTap={() => act(what)}>{t(`messages.${what}`)}</Button>
        ) : null))}
      </div>
      <Fault why={fault.value ?? page.fault.value} />
      {found === null ? page.fault.value === null ? <Spinner label={t("common.loading")} /> : null : <Whole page={found} />}
    </>
  );
}

function Whole({ page: { message, text, tries, template } }: { readonly page: MessagePage }) {
  return (
    <>
      <Panel>
        <div class="messages-head">
          <h2 class="grow">{message.test ? t("messages.testOf", { what: inWords(message.words) }) : inWords(message.words)}</h2>
          <span aria-live="polite"><StatePill message={message} /></span>
        </div>
        <p class="soft">{[t(`messages.channel.${message.channel}`), message.address, dateTime(message.made_at)].join(" · ")}</p>
        <p><a href={`/orders/${message.order}`}>{t("messages.toOrder", { order: String(message.order) })}</a></p>
        {message.state === "unsure" ? <p class="messages-why">{t("messages.unsureMore")}</p> : null}
        {message.due_at === null || message.tries === 0 ? null : <p class="soft">{t("messages.nextTry", { moment: dateTime(message.due_at) })}</p>}
      </Panel>
      {text === "" ? <p class="soft">{t("messages.notWritten")}</p> : (
        <Panel label={template === null ? t("messages.text") : t("messages.textBy", { version: String(template) })}>
          {message.subject === "" ? null : <p><b>{message.subject}</b></p>}
          <pre class="messages-text" tabIndex={0} role="region" aria-label={t("messages.text")}>{text}</pre>
        </Panel>
      )}
      <h2 class="messages-part">{t("messages.tries")}</h2>
      {tries.length === 0 ? <p class="soft">{t("messages.noTries")}</p> : null}
      <ol class="messages-list">
        {tries.map((each) => (
          <li key={each.at} class="panel padded">
            <p><b>{dateTime(each.at)}</b> {each.verdict === "sent" ? t("messages.taken") : wordOf(each.reason)}</p>
            <p class="soft">{[each.address, each.said].filter((part) => part !== "").join(" · ")}</p>
          </li>
        ))}
      </ol>
    </>
  );
}
