import { useSignal } from "@preact/signals";
import type { Said } from "../../core/machine";
import { whyNot } from "../../core/refused";
import { Button, Empty, Fault, Field, money, navigate, Panel, Spinner, t, useApp, wordOf } from "../../ui";
import { useAsked } from "../../ui/asked";
import { useDoing } from "../../ui/doing";
import { Choice } from "../../ui/lists";
import { addressOf, CODE, draftOf, fieldOf, settingsOf, TABLES, type Channel, type Channels, type Draft, type FieldDraft, type Tried, type Wanted } from "./flow";
import { Faults, Lines } from "./parts";

/** A channel is set up: what its words mean, and what would come of a body. */
export function SetUp({ wanted }: { readonly wanted: Wanted }) {
  const list = useAsked<Channels>("/channels");
  const found = list.value.value;
  const opened = useSignal<Channels | null>(null);
  if (opened.value === null && found !== null) opened.value = found;
  const now = opened.value;
  if (now === null) return list.fault.value === null ? <Spinner label={t("common.loading")} /> : <Fault why={list.fault.value} />;
  const known = now.items.find(({ code }) => code === wanted.one) ?? null;
  if (known === null && wanted.kind === null) return <Empty icon="cart" title={t("channels.noSuch")} />;
  return <Form known={known} wanted={wanted} services={now.services} fields={now.fields} />;
}

interface FormProps {
  readonly known: Channel | null;
  readonly wanted: Wanted;
  readonly services: Channels["services"];
  readonly fields: Channels["fields"];
}

function Form({ known, wanted, services, fields }: FormProps) {
  const { http } = useApp();
  const draft = useSignal<Draft>(draftOf(known, wanted.kind ?? "shopify", ""));
  const fault = useSignal<Said | null>(null);
  const busy = useSignal(false);
  const warehouses = useAsked<Houses>("/warehouses");
  const now = draft.value;
  const edit = (changes: Partial<Draft>): void => {
    draft.value = { ...now, ...changes };
    fault.value = null;
  };
  const read = (): ReturnType<typeof settingsOf> => {
    const said = settingsOf(now, known?.settings);
    fault.value = "wrong" in said ? { key: "channels.lineWrong", params: { where: whereOf(said.wrong) } } : null;
    return said;
  };
  const save = (): void => {
    if (!CODE.test(now.code)) return void (fault.value = { key: "channels.codeWrong" });
    const said = read();
    if ("wrong" in said || busy.value) return;
    busy.value = true;
    const body = { kind: now.kind, name: now.name, settings: said.settings, secret: now.secret === "" ? null : now.secret, token: now.token === "" ? null : now.token, version: known?.version ?? null };
    http.put(`/channels/${now.code}`, body).then(
      () => navigate(addressOf({ tab: "channels" })),
      (error: unknown) => {
        fault.value = whyNot(error);
        busy.value = false;
      },
    );
  };
  return (
    <>
      <form
        class="lists-form"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <div class="lists-one">
          <h2>{known === null ? t("channels.new", { kind: t(`channels.kind.${now.kind}`) }) : known.code}</h2>
          <a href={addressOf({ tab: "channels" })}>{t("common.back")}</a>
        </div>
        <Panel>
          <div class="channels-fields">
            {known === null ? <Field label={t("channels.code")} value={now.code} maxLength={32} autoFocus onInput={(code) => edit({ code })} /> : null}
            <Field label={t("channels.name")} value={now.name} maxLength={80} onInput={(name) => edit({ name })} />
            {now.kind === "csv" ? null : <Field label={t(known === null ? "channels.secret" : "channels.newSecret")} type="password" value={now.secret} maxLength={200} onInput={(secret) => edit({ secret })} />}
            {now.kind === "csv" ? null : (
              <>
                <Choice label={t("channels.service")} value={now.service} options={[["", t("channels.serviceByWords")], ...Object.entries(services)]} onChoose={(service) => edit({ service })} />
                <Choice label={t("channels.warehouse")} value={now.warehouse} options={[["", t("channels.houseDecides")], ...houses(now.warehouse, warehouses.value.value)]} onChoose={(warehouse) => edit({ warehouse })} />
              </>
            )}
          </div>
          {now.kind === "csv" ? null : <p class="soft lists-url">{t(`channels.how.${now.kind}`, { address: `${location.origin}/api/integrations/${now.kind}/${now.code === "" ? "…" : now.code}` })}</p>}
        </Panel>
        {now.kind === "json" ? <Mapping draft={now} fields={fields} edit={edit} /> : null}
        {now.kind === "csv" ? <Columns draft={now} edit={edit} /> : null}
        <Words draft={now} edit={edit} />
        {now.kind === "csv" ? null : <WayBack draft={now} hasToken={known?.has_token ?? false} edit={edit} />}
        <Fault why={fault.value} />
        <div class="lists-answers">
          <Button kind="small" submit busy={busy.value}>{t("channels.save")}</Button>
        </div>
      </form>
      {known === null || known.kind === "csv" ? null : <TryIt code={known.code} settings={read} />}
    </>
  );
}

/** What a part of the form is called on the screen; a field of the mapping by its own name. */
const whereOf = (part: string): string => ([...TABLES, "columns", "constants"].some((each) => each === part) ? t(`channels.table.${part}`) : part);

interface Houses {
  readonly items: readonly { readonly number: number; readonly name: string }[];
}

/** The warehouses by name; the one that is chosen stands there before their names do. */
const houses = (chosen: string, found: Houses | null): readonly (readonly [string, string])[] =>
  found === null ? (chosen === "" ? [] : [[chosen, chosen]]) : found.items.map(({ number, name }) => [String(number), name]);

type Edit = (changes: Partial<Draft>) => void;

const Words = ({ draft, edit }: { readonly draft: Draft; readonly edit: Edit }) => (
  <Panel>
    <h2>{t("channels.words")}</h2>
    <p class="soft">{t("channels.wordsWhat")}</p>
    <div class="channels-fields">
      {TABLES.map((name) => (
        <Lines key={name} label={t(`channels.table.${name}`)} help={t(`channels.help.${name}`)} value={draft.tables[name]} onInput={(text) => edit({ tables: { ...draft.tables, [name]: text } })} />
      ))}
    </div>
  </Panel>
);

/** Where the channel is told what ships, and what opens its API. */
const WayBack = ({ draft, hasToken, edit }: { readonly draft: Draft; readonly hasToken: boolean; readonly edit: Edit }) => (
  <Panel>
    <h2>{t("channels.back")}</h2>
    <p class="soft">{t(`channels.back.${draft.kind}`)}</p>
    <div class="channels-fields">
      <Field label={t("channels.backUrl")} value={draft.backUrl} maxLength={500} onInput={(backUrl) => edit({ backUrl })} />
      {draft.kind === "woocommerce" ? <Field label={t("channels.backUser")} value={draft.backUser} maxLength={200} onInput={(backUser) => edit({ backUser })} /> : null}
      {draft.kind === "json" ? null : <Field label={t(hasToken ? "channels.newToken" : "channels.token")} type="password" value={draft.token} maxLength={500} onInput={(token) => edit({ token })} />}
    </div>
    {draft.kind === "json" ? null : (
      <label class="channels-check">
        <input type="checkbox" checked={draft.notify} onChange={(event) => edit({ notify: event.currentTarget.checked })} />
        {t("channels.notify")}
      </label>
    )}
  </Panel>
);

const Columns = ({ draft, edit }: { readonly draft: Draft; readonly edit: Edit }) => (
  <Panel>
    <h2>{t("channels.columns")}</h2>
    <p class="soft">{t("channels.columnsWhat")}</p>
    <div class="channels-fields">
      <Lines label={t("channels.table.columns")} help={t("channels.help.columns")} rows={8} value={draft.columns} onInput={(columns) => edit({ columns })} />
      <Lines label={t("channels.table.constants")} help={t("channels.help.constants")} rows={8} value={draft.constants} onInput={(constants) => edit({ constants })} />
      <Choice label={t("channels.decimal")} value={draft.decimal} options={[["", t("channels.decimalEither")], [".", "1234.56"], [",", "1234,56"]]} onChoose={(decimal) => edit({ decimal: decimal as Draft["decimal"] })} />
    </div>
  </Panel>
);

function Mapping({ draft, fields, edit }: { readonly draft: Draft; readonly fields: Channels["fields"]; readonly edit: Edit }) {
  const put = (name: string, changes: Partial<FieldDraft>): void => edit({ fields: { ...draft.fields, [name]: { ...fieldOf(draft, name), ...changes } } });
  return (
    <>
      <Panel>
        <h2>{t("channels.signature")}</h2>
        <div class="channels-fields">
          <Field label={t("channels.header")} value={draft.header} maxLength={60} onInput={(header) => edit({ header })} />
          <Choice label={t("channels.encoding")} value={draft.encoding} options={[["hex", "hex"], ["base64", "base64"]]} onChoose={(encoding) => edit({ encoding: encoding as Draft["encoding"] })} />
          <Field label={t("channels.prefix")} value={draft.prefix} maxLength={20} onInput={(prefix) => edit({ prefix })} />
          <Field label={t("channels.delivery")} value={draft.delivery} maxLength={60} onInput={(delivery) => edit({ delivery })} />
          <Choice label={t("channels.money")} value={draft.money} options={[["decimal", t("channels.moneyDecimal")], ["minor", t("channels.moneyMinor")]]} onChoose={(chosen) => edit({ money: chosen as Draft["money"] })} />
        </div>
      </Panel>
      <Panel>
        <h2>{t("channels.mapping")}</h2>
        <p class="soft">{t("channels.mappingWhat")}</p>
        <div class="channels-mapping">
          {Object.entries(fields).map(([name, what]) => (
            <fieldset key={name}>
              <legend class="mono">{name}</legend>
              <p class="soft">{what}</p>
              <div class="channels-fields">
                <Field label={t("channels.path")} value={fieldOf(draft, name).path} maxLength={500} onInput={(path) => put(name, { path })} />
                <Field label={t("channels.otherwise")} value={fieldOf(draft, name).otherwise} maxLength={200} onInput={(otherwise) => put(name, { otherwise })} />
                <Field label={t("channels.values")} value={fieldOf(draft, name).table} maxLength={2000} onInput={(table) => put(name, { table })} />
              </div>
            </fieldset>
          ))}
        </div>
      </Panel>
    </>
  );
}

function TryIt({ code, settings }: { readonly code: string; readonly settings: () => ReturnType<typeof settingsOf> }) {
  const { http } = useApp();
  const body = useSignal("");
  const topic = useSignal("");
  const tried = useSignal<Tried | null>(null);
  const { busy, fault, go } = useDoing();
  const tryIt = (): void => {
    const said = settings();
    if ("wrong" in said) return;
    tried.value = null;
    go(() => http.post<Tried>(`/channels/${code}/trial`, { body: body.value, topic: topic.value, settings: said.settings }), (found) => void (tried.value = found));
  };
  return (
    <Panel class="lists-form">
      <h2>{t("channels.try")}</h2>
      <Lines label={t("channels.tryBody")} help={t("channels.tryWhat")} rows={8} value={body.value} onInput={(text) => (body.value = text)} />
      <Field label={t("channels.tryTopic")} value={topic.value} maxLength={60} onInput={(text) => (topic.value = text)} />
      <Fault why={fault.value} />
      <div class="lists-answers">
        <Button kind="line" busy={busy.value} disabled={body.value === ""} onTap={tryIt}>{t("channels.try")}</Button>
      </div>
      <div aria-live="polite">{tried.value === null ? null : <Outcome tried={tried.value} />}</div>
    </Panel>
  );
}

function Outcome({ tried: { order, reason, faults } }: { readonly tried: Tried }) {
  if (order !== null && faults.length === 0) {
    return (
      <Panel tone="ok">
        <h3>{t("channels.wouldBe", { reference: order.external_ref, total: money(order.totals.total_minor, order.currency) })}</h3>
        <ul>
          {order.lines.map((line, i) => (
            <li key={i} class="mono">{t("channels.wouldBeLine", { sku: line.sku, quantity: line.quantity, price: money(line.price_minor, order.currency) })}</li>
          ))}
        </ul>
      </Panel>
    );
  }
  return (
    <>
      <p>{reason === null ? t("channels.wouldChange") : wordOf(reason)}</p>
      <Faults faults={faults} />
    </>
  );
}
