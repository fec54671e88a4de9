import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Said } from "../../core/machine";
import { isPassing } from "../../core/problem";
import { whyNot } from "../../core/refused";
import { Again, AppShell, Button, dateTime, Dialog, Fault, Field, Icon, language, NotShown, Pill, said, searchParams, Spinner, t, useApp, useFlow, type ScreenProps } from "../../ui";
import { inWords } from "../../ui/both";
import { Editor } from "./editor";
import { flow, SHORTEST_NOTE, start, tabOf, TABS, type All, type Both, type Input, type KindView, type Looked, type Rule, type RuleSet, type State, type Step, type Trial } from "./flow";
import { History } from "./history";
import "./style.css";

/** So long after the last key the server is asked, ms. */
const PAUSE = 350;

export default function Policy({ params }: ScreenProps) {
  const kind = params["kind"] ?? "";
  return <One key={kind} kind={kind} />;
}

function One({ kind }: { readonly kind: string }) {
  const { http, who } = useApp();
  const permissions = who.value.signedIn?.permissions ?? [];
  const path = `/policies/${encodeURIComponent(kind)}`;
  const typing = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const { state, send } = useFlow<State, Input, All>(flow, () => start, (effect, again) => {
    const failed = (error: unknown): void => again({ type: "failed", why: whyNot(error) });
    const fetched = (told?: Said): void => void http.get<KindView>(path).then((view) => again({ type: "seen", view, ...(told === undefined ? {} : { told }) }), (error: unknown) => again({ type: "missing", why: whyNot(error) }));
    if (effect.type === "fetch") fetched(effect.told);
    else if (effect.type === "check") {
      clearTimeout(typing.current);
      const check = (rules: readonly Rule[]): void => void http.post<Looked>(`${path}/check`, { rules }).then((looked) => again({ type: "looked", looked, rules }), failed);
      if (permissions.includes("policies.edit")) typing.current = setTimeout(() => check(effect.rules), PAUSE);
    } else if (effect.type === "save") http.put<RuleSet>(`${path}/draft`, { rules: effect.rules, edition: effect.edition }).then((draft) => again({ type: "saved", draft }), failed);
    else if (effect.type === "try") http.post<Trial>(`${path}/trial`, { rules: effect.rules }, { timeout: 60_000 }).then((trial) => again({ type: "tried", trial }), failed);
    else if (effect.type === "live") http.post<RuleSet>(`${path}/live`, { note: effect.note, edition: effect.edition }).then((live) => fetched({ key: "policy.isLive", params: { version: String(live.version) } }), failed);
    else if (effect.type === "drop") http.delete(`${path}/draft`).then(() => fetched({ key: "policy.dropped" }), failed);
  });
  const look = (): void =>
    void http.get<KindView>(path).then(
      (view) => send({ type: "seen", view }),
      (error: unknown) => send({ type: "missing", why: isPassing(error) ? whyNot(error) : { key: "policy.none" } }),
    );
  useEffect(() => {
    look();
    return () => clearTimeout(typing.current);
  }, []);
  const now = state.value;
  const tab = tabOf(searchParams.value);
  if (now.mode === "loading") {
    return (
      <AppShell>
        {now.fault === null ? <Spinner label={t("common.loading")} /> : (
          <NotShown why={now.fault} again={look}>
            <a class="btn small line" href="/policies">{t("policy.all")}</a>
          </NotShown>
        )}
      </AppShell>
    );
  }
  const { view } = now;
  return (
    <AppShell>
      <div class="policy-head">
        <p><a href="/policies">{t("policy.all")}</a></p>
        <h1>{inWords(view.words)}</h1>
        <p class="soft">{inWords(view.decides)}</p>
      </div>
      <nav class="policy-tabs" aria-label={t("policy.tabs")}>
        {TABS.map((each) => (
          <a key={each} class="btn small line" href={`/policies/${view.name}${each === "procedure" ? "" : `?tab=${each}`}`} {...(each === tab ? { "aria-current": "page" as const } : {})}>
            {t(`policy.tab.${each}`)}
            {each === "draft" && view.draft !== null ? <Pill tone="warn">{t("policy.version", { version: String(view.draft.version) })}</Pill> : null}
          </a>
        ))}
      </nav>
      <p class="policy-told" role="status">
        {now.told === null ? null : (
          <>
            <Icon name="check" size={18} />
            {said(now.told)}
          </>
        )}
      </p>
      {tab === "procedure" ? <Procedure key={view.live.version} kind={view.name} /> : null}
      {tab === "draft" ? <Editor state={now} may={permissions} send={send} /> : null}
      {tab === "history" ? <History view={view} may={permissions} send={send} /> : null}
      {now.mode === "asking" ? <Ask state={now} send={send} /> : null}
    </AppShell>
  );
}

// --- the procedure

/** As the server's `Procedure`: always of what is live now. */
interface ProcedurePage {
  readonly moments: readonly Both[];
  readonly first: boolean;
  readonly steps: readonly Step[];
  readonly otherwise: Both;
  readonly version: number;
  readonly live_at: string | null;
  readonly live_by: string | null;
  readonly note: string;
}

function Procedure({ kind }: { readonly kind: string }) {
  const { http } = useApp();
  const page = useSignal<ProcedurePage | null>(null);
  const fault = useSignal<Said | null>(null);
  const look = (): void =>
    void http.get<ProcedurePage>(`/policies/${kind}/page`).then(
      (found) => void (page.value = found),
      (error: unknown) => void (fault.value = whyNot(error)),
    );
  useEffect(look, [kind]);
  const now = page.value;
  if (now === null) return fault.value === null ? <Spinner label={t("common.loading")} /> : <Again why={fault.value} again={look} />;
  return (
    <article class="policy-procedure" aria-label={t("policy.tab.procedure")}>
      <p>{t("policy.asked", { when: now.moments.map(inWords).join(language.value === "de" ? " und " : " and ") })}</p>
      {now.steps.length === 0 ? <p class="soft">{t("policy.noRules")}</p> : <p class="soft">{t(now.first ? "policy.firstDecides" : "policy.allSpeak")}</p>}
      <ol>
        {now.steps.map((step) => (
          <li key={step.name.en} class="panel padded">
            <h2>{inWords(step.name)}</h2>
            <p><b>{t("policy.if")}</b> {inWords(step.when)}:</p>
            <p><b>{t("policy.then")}:</b> {inWords(step.then)}</p>
          </li>
        ))}
      </ol>
      <p><b>{t("policy.otherwise")}</b> {inWords(now.otherwise)}</p>
      <p class="soft">
        {now.live_at === null ? t("policy.delivered") : t("policy.liveSince", { version: String(now.version), at: dateTime(now.live_at), who: now.live_by ?? "" })}
        {now.note === "" ? "" : ` · ${now.note}`}
      </p>
    </article>
  );
}

// --- what is asked before it happens

function Ask({ state, send }: { readonly state: Extract<State, { mode: "asking" }>; readonly send: (input: Input) => void }) {
  const live = state.ask === "live";
  const ready = !live || state.note.trim().length >= SHORTEST_NOTE;
  return (
    <Dialog title={t(live ? "policy.askLive" : "policy.askDrop")} onClose={() => send({ type: "close" })}>
      <form
        class="policy-ask"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && state.busy === "") send({ type: "yes" });
        }}
      >
        <p class="soft">{t(live ? "policy.askLiveMore" : "policy.askDropMore")}</p>
        {live ? <Field label={t("policy.note")} value={state.note} maxLength={200} autoFocus onInput={(note) => send({ type: "note", note })} /> : null}
        <Fault why={state.fault} />
        <div class="policy-row">
          <Button kind="line" disabled={state.busy !== ""} onTap={() => send({ type: "close" })}>{t("common.back")}</Button>
          <Button kind={live ? "small" : "bad"} submit busy={state.busy !== ""} disabled={!ready}>{t(live ? "policy.goLive" : "policy.drop")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
