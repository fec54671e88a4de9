import { whyNot } from "../../core/refused";
import { Button, dateTime, Dialog, Empty, Fault, Field, number, Panel, Pill, Spinner, t, useApp, useFlow, wordOf } from "../../ui";
import { useAsked } from "../../ui/asked";
import { Menu } from "../../ui/menu";
import { ACTS, dialogs, start, toggled, type Act, type Call, type Input, type State } from "./dialogs";
import { addressOf, hoursAgo, type Delivery, type Endpoint, type Endpoints as List } from "./flow";
import { ReasonWords } from "./parts";

type Send = (input: Input) => void;
/** Between two looks whether a test was answered, ms. */
const LOOK_AGAIN = 700;

/** Where events go: each with its state, and what can be done about it. */
export function Endpoints() {
  const { http } = useApp();
  const list = useAsked<List>("/webhooks/endpoints");
  const { state, send } = useFlow<State, Input, Call>(dialogs, start, (call, again) => {
    const failed = (error: unknown): void => again({ type: "failed", why: whyNot(error) });
    const done = (): void => again({ type: "done" });
    if (call.type === "again") return list.again();
    if (call.type === "copy") {
      copy(call.text).then(() => again({ type: "copied" }), () => again({ type: "failed", why: { key: "webhooks.notCopied" } }));
    } else if (call.type === "save") {
      const { url, description, types } = call.draft;
      if (call.endpoint === null) http.post<{ readonly endpoint: Endpoint; readonly secret: string }>("/webhooks/endpoints", { url, description, types }).then((made) => again({ type: "made", ...made }), failed);
      else http.put(`/webhooks/endpoints/${call.endpoint.id}`, { url, description, types, version: call.endpoint.version }).then(done, failed);
    } else if (call.type === "test") {
      http.post<{ readonly delivery: string }>(`/webhooks/endpoints/${call.endpoint.id}/test`).then(({ delivery }) => again({ type: "begun", endpoint: call.endpoint, delivery }), failed);
    } else if (call.type === "look") {
      setTimeout(() => http.get<{ readonly delivery: Delivery }>(`/webhooks/deliveries/${call.delivery}`).then(({ delivery }) => again({ type: "looked", delivery }), failed), LOOK_AGAIN);
    } else {
      act(call.endpoint, call.act, call.since).then(again, call.act === "on" ? (error: unknown) => again({ type: "notOn", why: whyNot(error) }) : failed);
    }
  });
  const act = async (endpoint: Endpoint, what: Act | "on", since: string): Promise<Input> => {
    const at = `/webhooks/endpoints/${endpoint.id}`;
    if (what === "remove") await http.delete(at);
    else if (what === "rotate") return { type: "made", ...(await http.post<{ readonly endpoint: Endpoint; readonly secret: string }>(`${at}/rotate`)) };
    else if (what === "replay") return { type: "replayed", ...(await http.post<{ readonly count: number }>(`${at}/replay`, { since: new Date(since).toISOString() })) };
    else await http.post(`${at}/${what}`);
    return { type: "done" };
  };
  const found = list.value.value;
  return (
    <>
      <div class="lists-does">
        <p class="soft grow">{t("webhooks.what")}</p>
        <Button kind="small" icon="plus" onTap={() => send({ type: "add" })}>{t("webhooks.add")}</Button>
      </div>
      <Fault why={(state.value.mode === "closed" ? state.value.fault : null) ?? list.fault.value} />
      {found === null ? list.fault.value === null ? <Spinner label={t("common.loading")} /> : null : null}
      {found !== null && found.items.length === 0 ? (
        <Empty icon="globe" title={t("webhooks.none")}>
          <p>{t("webhooks.noneMore")}</p>
        </Empty>
      ) : null}
      {found === null || found.items.length === 0 ? null : (
        <ul class="lists-all">
          {found.items.map((endpoint) => (
            <li key={endpoint.id}>
              <One endpoint={endpoint} send={send} />
            </li>
          ))}
        </ul>
      )}
      <Ask state={state.value} types={found?.types ?? []} send={send} />
    </>
  );
}

/** Not there in a page without TLS: then it rejects, and the person copies by hand. */
const copy = async (text: string): Promise<void> => navigator.clipboard.writeText(text);

function One({ endpoint, send }: { readonly endpoint: Endpoint; readonly send: Send }) {
  const { id, url, description, state, why, failed, waiting, failing_since: failing, former_until: former } = endpoint;
  const since = (): string => hoursAgo(Date.now(), 24);
  const acts = ACTS.filter((act) => (act === "off" ? state === "on" : act !== "replay" || (state === "on" && failed > 0)));
  return (
    <Panel>
      <div class="lists-one">
        <h2 class="mono">{url}</h2>
        <span aria-live="polite">
          {state === "on" ? <Pill tone={failing === null ? "ok" : "warn"} dot={failing === null ? "full" : "hollow"}>{t(failing === null ? "webhooks.on" : "webhooks.failing")}</Pill> : <Pill tone="bad">{t("webhooks.off")}</Pill>}
        </span>
      </div>
      {description === "" ? null : <p class="soft">{description}</p>}
      {why === null ? null : <p class="lists-why">{t("webhooks.offWhy", { reason: wordOf(why) })}</p>}
      {failing === null ? null : <p class="lists-why">{t("webhooks.failingSince", { moment: dateTime(failing) })}</p>}
      {former !== null && Date.parse(former) > Date.now() ? <p class="soft">{t("webhooks.bothSign", { moment: dateTime(former) })}</p> : null}
      <ul class="webhooks-types">
        {endpoint.types.map((type) => (
          <li key={type}>
            <Pill>{t(`webhooks.type.${type}`)}</Pill>
          </li>
        ))}
      </ul>
      <p class="webhooks-counts">
        <a href={addressOf({ tab: "deliveries", endpoint: id })}>{t("webhooks.toDeliveries")}</a>
        <a href={addressOf({ tab: "deliveries", endpoint: id, state: "waiting" })}>{t("webhooks.waiting", { n: number(waiting) })}</a>
        <a href={addressOf({ tab: "deliveries", endpoint: id, state: "failed" })}>{t("webhooks.failed", { n: number(failed) })}</a>
      </p>
      <div class="lists-acts" role="group" aria-label={t("webhooks.acts", { url })}>
        {state === "on" ? <Button kind="line" onTap={() => send({ type: "test", endpoint })}>{t("webhooks.test")}</Button> : <Button kind="small" onTap={() => send({ type: "on", endpoint })}>{t("webhooks.turnOn")}</Button>}
        <Button kind="line" onTap={() => send({ type: "change", endpoint })}>{t("webhooks.change")}</Button>
        <Menu label={t("webhooks.more")} choices={acts.map((act) => ({ key: act, words: t(`webhooks.act.${act}`), onChoose: () => send({ type: "ask", endpoint, act, since: since() }) }))} />
      </div>
    </Panel>
  );
}

// --- dialogs

function Ask({ state, types, send }: { readonly state: State; readonly types: readonly string[]; readonly send: Send }) {
  const close = (): void => send({ type: "close" });
  if (state.mode === "closed") return null;
  if (state.mode === "form") {
    return (
      <Dialog title={t(state.endpoint === null ? "webhooks.add" : "webhooks.change")} onClose={close}>
        <Form state={state} types={types} send={send} />
      </Dialog>
    );
  }
  if (state.mode === "sure") {
    return (
      <Dialog title={t(`webhooks.act.${state.act}`)} onClose={close}>
        <p class="mono lists-url">{state.endpoint.url}</p>
        <p>{t(`webhooks.sure.${state.act}`)}</p>
        {state.act === "replay" ? <Field label={t("webhooks.since")} type="datetime-local" value={state.since} onInput={(since) => send({ type: "since", since })} /> : null}
        <Fault why={state.fault} />
        <div class="lists-answers">
          <Button kind="line" disabled={state.busy} onTap={close}>{t("common.cancel")}</Button>
          <Button kind={state.act === "remove" ? "bad" : "small"} busy={state.busy} disabled={state.act === "replay" && state.since === ""} onTap={() => send({ type: "yes" })}>{t(`webhooks.act.${state.act}`)}</Button>
        </div>
      </Dialog>
    );
  }
  if (state.mode === "secret") {
    return (
      <Dialog title={t("webhooks.secret")} onClose={close}>
        <p>{t("webhooks.secretOnce")}</p>
        <code class="webhooks-secret mono">{state.secret}</code>
        <Fault why={state.fault} />
        <div class="lists-answers">
          <Button kind="line" onTap={() => send({ type: "copy" })}>{t(state.copied ? "webhooks.copied" : "webhooks.copy")}</Button>
          {state.endpoint.state === "on" ? <Button kind="line" onTap={() => send({ type: "test", endpoint: state.endpoint })}>{t("webhooks.test")}</Button> : null}
          <Button kind="small" onTap={close}>{t("webhooks.kept")}</Button>
        </div>
      </Dialog>
    );
  }
  if (state.mode === "replayed") {
    return (
      <Dialog title={t("webhooks.act.replay")} onClose={close}>
        <p>{t("webhooks.replayed", { n: state.count })}</p>
        <Button kind="small" onTap={close}>{t("common.understood")}</Button>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("webhooks.test")} onClose={close}>
      <p class="mono lists-url">{state.endpoint.url}</p>
      <div aria-live="polite">
        <Tested state={state} />
      </div>
      <div class="lists-answers">
        {state.answer === null && state.fault === null ? null : <Button kind="line" onTap={() => send({ type: "test", endpoint: state.endpoint })}>{t("common.again")}</Button>}
        <Button kind="small" onTap={close}>{t("common.close")}</Button>
      </div>
    </Dialog>
  );
}

function Tested({ state }: { readonly state: Extract<State, { mode: "test" }> }) {
  if (state.fault !== null) return <Fault why={state.fault} />;
  if (state.answer === null) return <Spinner label={t("webhooks.testing")} />;
  const { answer } = state;
  return (
    <div class="webhooks-tested">
      {answer.state === "delivered" ? <Pill tone="ok" dot="full" big>{t("webhooks.testTaken", { status: String(answer.status) })}</Pill> : <Pill tone="bad" big>{t("webhooks.testNotTaken")}</Pill>}
      {answer.state === "delivered" ? null : <ReasonWords status={answer.status} reason={answer.reason} />}
      <a href={addressOf({ tab: "deliveries", one: answer.id })}>{t("webhooks.toAnswer")}</a>
    </div>
  );
}

function Form({ state, types, send }: { readonly state: Extract<State, { mode: "form" }>; readonly types: readonly string[]; readonly send: Send }) {
  const { draft } = state;
  const edit = (changes: Partial<typeof draft>): void => send({ type: "edit", draft: { ...draft, ...changes } });
  return (
    <form
      class="lists-form"
      onSubmit={(event) => {
        event.preventDefault();
        send({ type: "save" });
      }}
    >
      <Field label={t("webhooks.url")} value={draft.url} maxLength={500} autoFocus onInput={(url) => edit({ url })} />
      <Field label={t("webhooks.description")} value={draft.description} maxLength={200} onInput={(description) => edit({ description })} />
      <fieldset class="webhooks-wanted">
        <legend>{t("webhooks.wanted")}</legend>
        {types.map((type) => (
          <label key={type}>
            <input type="checkbox" checked={draft.types.includes(type)} onChange={() => edit({ types: toggled(draft.types, type) })} />
            <span>
              {t(`webhooks.type.${type}`)} <small class="mono soft">{type}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <p class="soft">{t(state.endpoint === null ? "webhooks.addWhat" : "webhooks.changeWhat")}</p>
      <Fault why={state.fault} />
      <div class="lists-answers">
        <Button kind="line" disabled={state.busy} onTap={() => send({ type: "close" })}>{t("common.cancel")}</Button>
        <Button kind="small" submit busy={state.busy}>{t("webhooks.save")}</Button>
      </div>
    </form>
  );
}
