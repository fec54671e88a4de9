import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { upload, type Sending } from "../../adapters/upload";
import type { Said } from "../../core/machine";
import { whyNot } from "../../core/refused";
import { AppShell, Button, Fault, Icon, language, Panel, ProgressBar, searchParams, t, useApp, useFlow, type ScreenProps } from "../../ui";
import { Former } from "./former";
import { begunWith, ENCODINGS, flow, isMoving, kindsFor, start, wantedOf, type All, type ChannelName, type Encoding, type Import, type Input, type Kind, type KindName, type State } from "./flow";
import { Opened } from "./opened";
import "./style.css";

const LOOK_AGAIN = 1000;

export default function Imports(_props: ScreenProps) {
  const { http, who } = useApp();
  const kinds = kindsFor(who.value.signedIn?.permissions ?? []);
  const wanted = wantedOf(searchParams.value);
  const file = useRef<File | null>(null);
  const sending = useRef<Sending<Import> | null>(null);
  const { state, send } = useFlow<State, Input, All>(flow, () => start(begunWith(kinds, wanted.kind), wanted.id), (effect, again) => {
    const failed = (error: unknown): void => again({ type: "failed", why: whyNot(error) });
    const looked = (found: Import): void => again({ type: "looked", found });
    if (effect.type === "send") {
      if (file.current === null) return;
      const path = effect.kind === "orders" ? "/orders/import" : `/imports/${effect.kind}`;
      const query = new URLSearchParams({ name: file.current.name.slice(0, 200), encoding: effect.encoding, ...(effect.kind === "orders" && effect.channel !== "" ? { channel: effect.channel } : {}) });
      sending.current = upload<Import>(`${path}?${query}`, file.current, language.value, (share) => again({ type: "sent", share }));
      sending.current.answer.then((found) => again({ type: "brought", found }), failed);
    } else if (effect.type === "stop") sending.current?.stop();
    else if (effect.type === "look") http.get<Import>(`/imports/${effect.id}`).then(looked, failed);
    else if (effect.type === "start") http.post<Import>(`/imports/${effect.id}/start`, { faults: effect.faults }).then(looked, failed);
    else if (effect.type === "cancel") http.post<Import>(`/imports/${effect.id}/cancel`, {}).then(looked, failed);
  });
  const now = state.value;
  useEffect(() => {
    if (wanted.id !== null) send({ type: "open", id: wanted.id });
    else if (now.mode === "opened") send({ type: "leave" });
  }, [wanted.id]);
  useEffect(() => () => sending.current?.stop(), []);
  useLooking(now, (found) => send({ type: "looked", found }), (why) => send({ type: "failed", why }));
  return (
    <AppShell>
      <h1>{t("imports.title")}</h1>
      {now.mode === "opened" ? (
        <Opened key={now.id} seen={now.seen} busy={now.busy} fault={now.fault} send={send} />
      ) : (
        <div class="imports-columns">
          <Bring state={now} kinds={kinds} send={send} take={(taken) => (file.current = taken)} />
          <Former after={wanted.after} />
        </div>
      )}
    </AppShell>
  );
}

/** Looks at the import again while the server is at it. */
function useLooking(state: State, looked: (found: Import) => void, failed: (why: Said) => void): void {
  const { http } = useApp();
  const id = state.mode === "opened" ? state.id : null;
  const moving = state.mode === "opened" && isMoving(state.seen) && (state.seen !== null || state.fault === null);
  const latest = useRef({ looked, failed });
  latest.current = { looked, failed };
  useEffect(() => {
    if (id === null || !moving) return undefined;
    const look = (): void => void http.get<Import>(`/imports/${id}`).then((found) => latest.current.looked(found), (error: unknown) => latest.current.failed(whyNot(error)));
    look();
    const timer = setInterval(look, LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [id, moving, http]);
}

// --- bringing a file in

interface BringProps {
  readonly state: Exclude<State, { mode: "opened" }>;
  readonly kinds: readonly Kind[];
  readonly send: (input: Input) => void;
  readonly take: (file: File) => void;
}

function Bring({ state, kinds, send, take }: BringProps) {
  const kind = kinds.find((each) => each.name === state.kind);
  const taken = (file: File | null | undefined): void => {
    if (file === null || file === undefined) return;
    take(file);
    send({ type: "take", file: { name: file.name, size: file.size } });
  };
  return (
    <form
      class="imports-bring"
      aria-label={t("imports.title")}
      onSubmit={(event) => {
        event.preventDefault();
        send({ type: "send" });
      }}
    >
      <Kinds kinds={kinds} chosen={state.kind} fixed={state.mode === "sending"} choose={(name) => send({ type: "choose", kind: name })} />
      {kind === undefined ? null : <p class="soft">{kind.rule[language.value]}</p>}
      {state.mode === "sending" ? <Sent state={state} send={send} /> : <Pick state={state} send={send} taken={taken} />}
      {kind === undefined ? null : <Columns kind={kind} />}
    </form>
  );
}

interface KindsProps {
  readonly kinds: readonly Kind[];
  readonly chosen: KindName;
  readonly fixed: boolean;
  readonly choose: (name: KindName) => void;
}

const Kinds = ({ kinds, chosen, fixed, choose }: KindsProps) => (
  <fieldset class="imports-kinds" disabled={fixed}>
    <legend>{t("imports.kind")}</legend>
    {kinds.map((kind) => (
      <label key={kind.name} class={kind.name === chosen ? "chosen" : ""}>
        <input type="radio" name="kind" value={kind.name} checked={kind.name === chosen} onChange={() => choose(kind.name)} />
        {kind.words[language.value]}
      </label>
    ))}
  </fieldset>
);

interface PickProps {
  readonly state: Extract<State, { mode: "choosing" }>;
  readonly send: (input: Input) => void;
  readonly taken: (file: File | null | undefined) => void;
}

function Pick({ state, send, taken }: PickProps) {
  const over = useSignal(false);
  const id = useId();
  return (
    <>
      <div
        class={`imports-drop${over.value ? " over" : ""}`}
        onDragOver={(event) => {
          event.preventDefault();
          over.value = true;
        }}
        onDragLeave={() => (over.value = false)}
        onDrop={(event) => {
          event.preventDefault();
          over.value = false;
          taken(event.dataTransfer?.files[0]);
        }}
      >
        <Icon name="putBack" size={32} />
        <span>{state.file === null ? t("imports.drop") : t("imports.chosen", { name: state.file.name, size: sizeOf(state.file.size) })}</span>
        <label class="btn small line" for={id}>{t("imports.choose")}</label>
        <input id={id} class="sr" type="file" accept=".csv,.txt,text/csv,text/plain" onChange={(event) => taken(event.currentTarget.files?.[0])} />
      </div>
      <label class="field">
        <span>{t("imports.encoding")}</span>
        <select value={state.encoding} onChange={(event) => send({ type: "encode", encoding: event.currentTarget.value as Encoding })}>
          {ENCODINGS.map((each) => (
            <option key={each} value={each}>
              {t(`imports.encoding.${each}`)}
            </option>
          ))}
        </select>
      </label>
      {state.kind === "orders" ? <From value={state.channel} choose={(channel) => send({ type: "from", channel })} /> : null}
      <Fault why={state.fault} />
      <Button submit wide icon="search">{t("imports.send")}</Button>
      <p class="soft">{t("imports.sendNote")}</p>
    </>
  );
}

/** Whose file it is, where there are channels: then it is read as that channel is set up. */
function From({ value, choose }: { readonly value: string; readonly choose: (channel: string) => void }) {
  const { http } = useApp();
  const channels = useSignal<readonly ChannelName[]>([]);
  const fault = useSignal<Said | null>(null);
  useEffect(() => void http.get<{ readonly items: readonly ChannelName[] }>("/imports/channels").then(({ items }) => (channels.value = items), (error: unknown) => (fault.value = whyNot(error))), [http]);
  if (fault.value !== null) return <Fault why={fault.value} />;
  if (channels.value.length === 0) return null;
  return (
    <label class="field">
      <span>{t("imports.channel")}</span>
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{t("imports.channelNone")}</option>
        {channels.value.map(({ code, name }) => (
          <option key={code} value={code}>
            {name === "" ? code : name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Sent({ state, send }: { readonly state: Extract<State, { mode: "sending" }>; readonly send: (input: Input) => void }) {
  const words = t("imports.sending", { name: state.file.name });
  return (
    <Panel>
      <div class="imports-progress">
        <p role="status">{words}</p>
        <ProgressBar parts={[{ value: Math.round(state.share * 100), tone: "accent" }]} total={100} label={words} tall />
        <Button kind="line" onTap={() => send({ type: "cancel" })}>{t("imports.cancel")}</Button>
      </div>
    </Panel>
  );
}

/** 120 byte, 12 kB, 3.4 MB: in the person's notation. */
function sizeOf(bytes: number): string {
  const [value, unit] = bytes < 1e3 ? [bytes, "byte"] : bytes < 1e6 ? [bytes / 1e3, "kilobyte"] : [bytes / 1e6, "megabyte"];
  return new Intl.NumberFormat(language.value, { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

const Columns = ({ kind }: { readonly kind: Kind }) => (
  <details class="imports-details">
    <summary>{t("imports.columns")}</summary>
    <p>
      <a class="btn small line" href={`/api/imports/templates/${kind.name}`} download>
        {t("imports.template")}
      </a>
    </p>
    <div class="panel imports-table" role="region" aria-label={t("imports.columns")} tabIndex={0}>
      <table class="table">
        <thead>
          <tr>
            {(["column", "what", "wanted", "example"] as const).map((head) => (
              <th scope="col" key={head}>
                {t(`imports.${head}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {kind.columns.map((column) => (
            <tr key={column.name}>
              <th scope="row" class="mono">
                {column.name}
                {column.required ? <span class="imports-required">{t("imports.required")}</span> : null}
              </th>
              <td>{column.what[language.value]}</td>
              <td>{column.wanted[language.value]}</td>
              <td class="mono">{column.example}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </details>
);
