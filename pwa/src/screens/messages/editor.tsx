import { useSignal } from "@preact/signals";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { ApiError } from "../../core/problem";
import { whyNot } from "../../core/refused";
import { Button, dateTime, Fault, Field, navigate, Panel, Pill, said, Spinner, t, useApp, useFlow } from "../../ui";
import { useGrowing } from "../../ui/growing";
import { languageName } from "../../ui/language-name";
import { inWords } from "../../ui/both";
import { editing, isChanged, start, type Call, type Input, type State, type Template, type TemplateView } from "./editing";
import { addressOf } from "./flow";

type Send = (input: Input) => void;
type Writing = Extract<State, { mode: "writing" }>;

/** A template with the names that it may use: written, looked at with a real order, tried, saved as a new version. */
export function Editor({ of }: { readonly of: string }) {
  const { http, who } = useApp();
  const at = `/messages/templates/${of}`;
  const { state, send } = useFlow<State, Input, Call>(editing, start, (call, again) => {
    const failed = (error: unknown): void => again({ type: "failed", why: whyNot(error), faults: error instanceof ApiError ? error.faults : [] });
    if (call.type === "save") http.put<Template>(at, call.body).then((template) => again({ type: "saved", template, sent: call.body }), failed);
    else if (call.type === "preview") http.post<Writing["preview"] & object>("/messages/preview", call.body).then((preview) => again({ type: "previewed", preview }), failed);
    else http.post("/messages/test", call.body).then(() => again({ type: "begun" }), failed);
  });
  useEffect(() => {
    http.get<TemplateView>(at).then((view) => send({ type: "view", view }), (error: unknown) => send({ type: "failed", why: whyNot(error), faults: [] }));
  }, []);
  const now = state.value;
  if (now.mode === "loading") return now.fault === null ? <Spinner label={t("common.loading")} /> : <Fault why={now.fault} />;
  const mayEdit = who.value.signedIn?.permissions.includes("messages.edit") === true;
  const { template } = now.view;
  return (
    <>
      <div class="messages-head">
        <a class="btn small line" href={addressOf({})}>{t("common.back")}</a>
        <h2 class="grow">{t("messages.writing", { what: inWords(now.view.words), channel: t(`messages.channel.${template.channel}`), language: languageName(template.language) })}</h2>
        <Pill>{template.version === 0 ? t("messages.delivered") : t("messages.version", { version: String(template.version) })}</Pill>
      </div>
      <div class="messages-head">
        <p class="soft grow">{inWords(now.view.when)}</p>
        <OtherLanguage template={template} />
      </div>
      <div class="messages-editor">
        <Form state={now} mayEdit={mayEdit} send={send} />
        <Names state={now} mayEdit={mayEdit} send={send} />
      </div>
      {mayEdit ? <Try state={now} send={send} /> : null}
      <Versions at={at} version={template.version} mayEdit={mayEdit} send={send} />
    </>
  );
}

/** The same moment in another language: where nobody has written it, it begins with the English words. */
function OtherLanguage({ template }: { readonly template: Template }) {
  const wanted = useSignal("");
  return (
    <form
      class="messages-language"
      onSubmit={(event) => {
        event.preventDefault();
        navigate(addressOf({ template: `${template.milestone}/${template.channel}/${wanted.value}` }));
      }}
    >
      <Field label={t("messages.language")} value={wanted.value} maxLength={2} onInput={(value) => (wanted.value = value.toLowerCase())} />
      <Button kind="line" submit disabled={!/^[a-z]{2}$/.test(wanted.value)}>{t("messages.open")}</Button>
    </form>
  );
}

function Form({ state, mayEdit, send }: { readonly state: Writing; readonly mayEdit: boolean; readonly send: Send }) {
  const { draft, view, busy, fault, faults, told } = state;
  const id = useId();
  return (
    <form
      class="messages-form"
      onSubmit={(event) => {
        event.preventDefault();
        send({ type: "do", what: "save" });
      }}
    >
      {view.template.channel === "email" ? <Field label={t("messages.subject")} value={draft.subject} maxLength={300} readOnly={!mayEdit} onInput={(subject) => send({ type: "edit", draft: { subject } })} /> : null}
      <div class="field">
        <label for={id}>{t("messages.body")}</label>
        <textarea id={id} class="messages-body" readOnly={!mayEdit} rows={14} maxLength={10_000} value={draft.body} onInput={(event) => send({ type: "edit", draft: { body: event.currentTarget.value } })} />
      </div>
      <Fault why={fault} />
      {faults.length === 0 ? null : (
        <ul class="messages-faults">
          {faults.map((each) => (
            <li key={`${each.field} ${each.message}`}>{t("messages.faultAt", { field: t(each.field === "subject" ? "messages.subject" : "messages.body"), message: each.message })}</li>
          ))}
        </ul>
      )}
      <p role="status" class="messages-told">{told === null ? "" : said(told)}</p>
      {mayEdit ? (
        <div class="messages-does">
          <Button kind="line" busy={busy === "preview"} onTap={() => send({ type: "do", what: "preview" })}>{t("messages.preview")}</Button>
          <Button kind="small" submit busy={busy === "save"} disabled={!isChanged(state)}>{t("messages.save")}</Button>
        </div>
      ) : null}
    </form>
  );
}

/** The names that the template may use; a tap puts one where one writes. */
function Names({ state, mayEdit, send }: { readonly state: Writing; readonly mayEdit: boolean; readonly send: Send }) {
  const list = useRef<HTMLUListElement>(null);
  const caret = useRef<number | null>(null);
  const textarea = (): HTMLTextAreaElement | null | undefined => list.current?.closest(".messages-editor")?.querySelector("textarea");
  const put = (name: string): void => {
    const at = textarea()?.selectionStart ?? state.draft.body.length;
    caret.current = at + `{${name}}`.length;
    send({ type: "insert", name, at });
  };
  useLayoutEffect(() => {
    // A text that is put there has its caret at its end; the next name goes behind this one.
    if (caret.current !== null) textarea()?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [state.draft.body]);
  return (
    <section class="panel padded messages-names" aria-labelledby="messages-names">
      <h3 id="messages-names" class="lbl">{t("messages.names")}</h3>
      <p class="soft">{t("messages.namesMore")}</p>
      <ul ref={list}>
        {state.view.fields.map((field) => (
          <li key={field.name}>
            {mayEdit ? <Button kind="line" label={t("messages.insert", { name: `{${field.name}}` })} onTap={() => put(field.name)}>{`{${field.name}}`}</Button> : <b class="mono">{`{${field.name}}`}</b>}
            <span class="soft">{inWords(field.words)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Try({ state, send }: { readonly state: Writing; readonly send: Send }) {
  const { draft, busy, preview } = state;
  return (
    <Panel label={t("messages.try")}>
      <div class="messages-try">
        <Field label={t("messages.withOrder")} value={draft.order} inputMode="numeric" maxLength={15} onInput={(order) => send({ type: "edit", draft: { order } })} />
        <Field label={t(`messages.to.${state.view.template.channel}`)} value={draft.to} maxLength={254} onInput={(to) => send({ type: "edit", draft: { to } })} />
        <Button kind="line" busy={busy === "test"} onTap={() => send({ type: "do", what: "test" })}>{t("messages.sendTest")}</Button>
      </div>
      <p class="soft">{t("messages.testMore")}</p>
      <div aria-live="polite">
        {preview === null ? null : (
          <>
            <p class="soft">{preview.order === null ? t("messages.byExamples") : t("messages.byOrder", { order: String(preview.order) })}</p>
            {preview.subject === "" ? null : <p><b>{preview.subject}</b></p>}
            <pre class="messages-text" tabIndex={0} role="region" aria-label={t("messages.preview")}>{preview.text}</pre>
          </>
        )}
      </div>
    </Panel>
  );
}

interface VersionsProps {
  readonly at: string;
  /** The one that holds: a newer one makes the list another. */
  readonly version: number;
  readonly mayEdit: boolean;
  readonly send: Send;
}

function Versions({ at, version, mayEdit, send }: VersionsProps) {
  const { rows, hasMore, busy, fault, more } = useGrowing<Template>(`${at}/versions`, {}, version);
  return (
    <section class="panel padded messages-versions" aria-labelledby="messages-versions">
      <h3 id="messages-versions" class="lbl">{t("messages.versions")}</h3>
      <Fault why={fault} />
      <ul>
        {(rows ?? []).map((each) => (
          <li key={each.version} class="messages-head">
            <b>{each.version === 0 ? t("messages.delivered") : t("messages.version", { version: String(each.version) })}</b>
            <span class="soft grow">{each.at === null ? "" : `${each.by} · ${dateTime(each.at)}`}</span>
            {mayEdit ? <Button kind="line" label={t("messages.restoreOf", { version: String(each.version) })} onTap={() => send({ type: "restore", subject: each.subject, body: each.body })}>{t("messages.restore")}</Button> : null}
          </li>
        ))}
      </ul>
      {hasMore ? <Button kind="line" busy={busy} onTap={more}>{t("lists.older")}</Button> : null}
    </section>
  );
}
