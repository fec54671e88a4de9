import { useSignal } from "@preact/signals";
import { useEffect, useId } from "preact/hooks";
import type { Said } from "../../core/machine";
import { whyNot } from "../../core/refused";
import { Button, Empty, Fault, Field, language, money, Pill, t, timeFrom, useApp, useNow } from "../../ui";
import { inWords } from "../../ui/both";
import { actionOf, faultOf, isSound, wholeFault, type Action, type Both, type Input, type KindView, type Rule, type SetFault, type State, type Trial, type Written } from "./flow";

type Send = (input: Input) => void;

interface EditorProps {
  readonly state: Exclude<State, { mode: "loading" }>;
  readonly may: readonly string[];
  readonly send: Send;
}

/** The draft: rule by rule, each with what is wrong with it and how it reads, then the trial and the way to live. */
export function Editor({ state, may, send }: EditorProps) {
  const edit = may.includes("policies.edit");
  if (!edit) return <Empty icon="badge" title={t("policy.mayNot")} />;
  if (state.mode === "reading") {
    return (
      <div class="policy-begin">
        <p>{t("policy.noDraft")}</p>
        <Button kind="small" icon="plus" onTap={() => send({ type: "begin" })}>{t("policy.begin")}</Button>
      </div>
    );
  }
  const whole = wholeFault(state.looked);
  return (
    <div class="policy-editor">
      <form
        class="policy-rules"
        aria-label={t("policy.tab.draft")}
        onSubmit={(event) => {
          event.preventDefault();
          if (isSound(state) && state.busy === "") send({ type: "save" });
        }}
      >
        {state.rules.map((rule, at) => (
          <One key={at} at={at} rule={rule} state={state} send={send} />
        ))}
        {state.rules.length === 0 ? <p class="soft">{t("policy.noRules")}</p> : null}
        {whole === undefined ? null : <p class="fault" role="alert">{whole[language.value]}</p>}
        <div class="policy-row">
          <Button kind="line" icon="plus" onTap={() => send({ type: "add" })}>{t("policy.add")}</Button>
        </div>
        <Fault why={state.mode === "writing" ? state.fault : null} />
        <div class="policy-row policy-way">
          <Button kind="line" busy={state.busy === "try"} disabled={!isSound(state)} onTap={() => send({ type: "try" })}>{t("policy.try")}</Button>
          <Button kind="small" submit busy={state.busy === "save"} disabled={!isSound(state) || (!state.dirty && state.view.draft !== null)}>{t("policy.save")}</Button>
          <Button kind="small" icon="check" disabled={state.dirty || state.view.draft === null || !may.includes("policies.publish")} onTap={() => send({ type: "ask", ask: "live" })}>{t("policy.goLive")}</Button>
          <span class="grow" />
          <Button kind="line" onTap={() => send({ type: "ask", ask: "drop" })}>{t("policy.drop")}</Button>
        </div>
        <p class="soft">{hint(state, may)}</p>
      </form>
      {state.trial === null ? null : <Tried trial={state.trial} />}
      <Facts kind={state.view.name} />
    </div>
  );
}

function hint(state: Written, may: readonly string[]): string {
  if (state.looked !== null && state.looked.faults.length > 0) return t("policy.hint.faults", { n: state.looked.faults.length });
  if (state.dirty || state.view.draft === null) return t("policy.hint.save");
  return t(may.includes("policies.publish") ? "policy.hint.live" : "policy.hint.other");
}

// --- one rule

interface OneProps {
  readonly at: number;
  readonly rule: Rule;
  readonly state: Written;
  readonly send: Send;
}

function One({ at, rule, state, send }: OneProps) {
  const id = useId();
  const wrong = faultOf(state.looked, at, "when");
  const step = state.looked?.steps[at];
  const change = (part: Partial<Rule>): void => send({ type: "change", at, rule: part });
  const n = String(at + 1);
  return (
    <fieldset class="panel policy-rule">
      <legend>{t("policy.rule", { n, name: inWords(rule.name) })}</legend>
      <div class="policy-two">
        <Field label={t("policy.nameEn")} value={rule.name.en} maxLength={120} fault={worded(faultOf(state.looked, at, "name"))} onInput={(en) => change({ name: { ...rule.name, en } })} />
        <Field label={t("policy.nameDe")} value={rule.name.de ?? ""} maxLength={120} onInput={(de) => change({ name: { ...rule.name, de } })} />
      </div>
      <div class="field">
        <label for={id}>{t("policy.when")}</label>
        <textarea
          id={id}
          class="policy-when"
          rows={Math.min(6, 1 + rule.when.split("\n").length + Math.floor(rule.when.length / 70))}
          maxLength={2000}
          spellcheck={false}
          autocapitalize="off"
          value={rule.when}
          aria-invalid={wrong !== undefined}
          aria-describedby={`${id}-says`}
          onInput={(event) => change({ when: event.currentTarget.value })}
        />
        <p id={`${id}-says`} class={wrong === undefined ? "policy-says" : "fault"} role="status">
          {wrong === undefined ? step === undefined ? "" : t("policy.reads", { when: inWords(step.when), then: inWords(step.then) }) : placed(wrong)}
        </p>
      </div>
      <Does at={at} action={rule.then} state={state} change={(then) => change({ then })} />
      <div class="policy-row">
        <Button kind="line" label={t("policy.up", { n })} disabled={at === 0} onTap={() => send({ type: "move", at, by: -1 })}>{t("policy.upShort")}</Button>
        <Button kind="line" label={t("policy.down", { n })} disabled={at === state.rules.length - 1} onTap={() => send({ type: "move", at, by: 1 })}>{t("policy.downShort")}</Button>
        <span class="grow" />
        <Button kind="line" icon="close" label={t("policy.remove", { n })} onTap={() => send({ type: "remove", at })}>{t("policy.removeShort")}</Button>
      </div>
    </fieldset>
  );
}

const worded = (fault: SetFault | undefined): string | undefined => fault?.[language.value];
const placed = (fault: SetFault): string =>
  fault.line === undefined || fault.line === 0 ? fault[language.value] : t("policy.at", { line: String(fault.line), column: String(fault.column ?? 0), what: fault[language.value] });

// --- what it does

interface DoesProps {
  readonly at: number;
  readonly action: Action;
  readonly state: Written;
  readonly change: (action: Action) => void;
}

function Does({ at, action, state: { view, looked }, change }: DoesProps) {
  const wrong = worded(faultOf(looked, at, "then"));
  return (
    <div class="policy-does">
      <Choice label={t("policy.then")} value={action.do} options={view.actions.map((each) => [each, t(`policy.do.${each}`)] as const)} change={(does) => change(actionOf(view, does))} />
      <More action={action} view={view} change={change} />
      {wrong === undefined ? null : <p class="fault" role="alert">{wrong}</p>}
    </div>
  );
}

function More({ action, view, change }: { readonly action: Action; readonly view: KindView; readonly change: (action: Action) => void }) {
  const words = (of: Readonly<Record<string, Both>>) => Object.entries(of).map(([code, both]) => [code, inWords(both)] as const);
  switch (action.do) {
    case "hold":
      return (
        <>
          <Choice label={t("policy.reason")} value={action.reason ?? ""} options={words(view.reasons)} change={(reason) => change({ ...action, reason })} />
          <Choice label={t("policy.owner")} value={action.owner ?? ""} options={words(view.owners)} change={(owner) => change({ ...action, owner })} />
          <Whole label={t("policy.hours")} value={action.due_hours ?? 1} most={720} change={(due_hours) => change({ ...action, due_hours })} />
        </>
      );
    case "refuse":
      return (
        <>
          <Field label={t("policy.wordsEn")} value={action.words?.en ?? ""} maxLength={120} onInput={(en) => change({ ...action, words: { ...action.words, en } })} />
          <Field label={t("policy.wordsDe")} value={action.words?.de ?? ""} maxLength={120} onInput={(de) => change({ ...action, words: { en: "", ...action.words, de } })} />
        </>
      );
    case "route":
      return <Offered label={t("policy.warehouse")} value={String(action.warehouse ?? 1)} from={WAREHOUSES} change={(number) => change({ ...action, warehouse: Number(number) })} />;
    case "service":
      return <Offered label={t("policy.service")} value={action.code ?? ""} from={SERVICES} change={(code) => change({ ...action, code })} />;
    case "choose":
      return <Choice label={t("policy.policy")} value={action.policy ?? ""} options={words(view.choices)} change={(policy) => change({ ...action, policy })} />;
    case "tag":
      return <Field label={t("policy.tag")} value={action.text ?? ""} maxLength={30} onInput={(text) => change({ ...action, text })} />;
    default:
      return null;
  }
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [code: string, words: string])[];
  readonly change: (value: string) => void;
}

function Choice({ label, value, options, change }: ChoiceProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => change(event.currentTarget.value)}>
        {options.map(([code, words]) => (
          <option key={code} value={code}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

interface Offer {
  readonly path: string;
  readonly options: (answer: never) => readonly (readonly [code: string, words: string])[];
}
const WAREHOUSES: Offer = {
  path: "/warehouses",
  options: ({ items }: { readonly items: readonly { readonly number: number; readonly name: string }[] }) => items.map(({ number, name }) => [String(number), name]),
};
const SERVICES: Offer = {
  path: "/orders/form",
  options: ({ services }: { readonly services: readonly { readonly code: string; readonly carrier: string; readonly name: string }[] }) => services.map(({ code, carrier, name }) => [code, `${carrier} ${name}`]),
};

/** One of what there is in the house; what is chosen and is there no more stays to be seen. */
function Offered({ label, value, from, change }: { readonly label: string; readonly value: string; readonly from: Offer; readonly change: (value: string) => void }) {
  const { http } = useApp();
  const options = useSignal<readonly (readonly [code: string, words: string])[]>([]);
  const fault = useSignal<Said | null>(null);
  useEffect(() => {
    http.get<never>(from.path).then(
      (answer) => void (options.value = from.options(answer)),
      (error: unknown) => void (fault.value = whyNot(error)),
    );
  }, [from]);
  const known = options.value.some(([code]) => code === value);
  return (
    <div>
      <Choice label={label} value={value} options={known ? options.value : [[value, value === "" ? t("policy.pick") : value], ...options.value]} change={change} />
      <Fault why={fault.value} />
    </div>
  );
}

/** A whole number from 1; what is none leaves the value as it was. */
function Whole({ label, value, most, change }: { readonly label: string; readonly value: number; readonly most: number; readonly change: (value: number) => void }) {
  const typed = useSignal(String(value));
  return (
    <Field
      label={label}
      value={typed.value}
      inputMode="numeric"
      onInput={(text) => {
        typed.value = text;
        const found = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
        if (found >= 1 && found <= most) change(found);
      }}
    />
  );
}

// --- the trial

function Tried({ trial }: { readonly trial: Trial }) {
  const now = useNow();
  const did = Object.entries(trial.counts).filter(([, n]) => n > 0);
  return (
    <section class="panel padded policy-trial" aria-label={t("policy.trial")}>
      <h2>{t("policy.trial")}</h2>
      <div role="status">
        {did.length === 0 ? <p>{t("policy.tried.nothing", { of: trial.looked_at })}</p> : did.map(([does, n]) => <p key={does}><b>{t(`policy.tried.${does}`, { n, of: trial.looked_at })}</b></p>)}
        {trial.spared > 0 ? <p>{t("policy.tried.spared", { n: trial.spared })}</p> : null}
      </div>
      {trial.items.length === 0 ? null : (
        <div class="policy-table" role="region" aria-label={t("policy.these")} tabIndex={0}>
          <table class="table">
            <caption class="sr">{t("policy.these")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("policy.order")}</th>
                <th scope="col">{t("policy.because")}</th>
                <th scope="col">{t("policy.today")}</th>
                <th scope="col" class="n">{t("policy.total")}</th>
              </tr>
            </thead>
            <tbody>
              {trial.items.map((hit) => (
                <tr key={hit.order}>
                  <td>
                    <a class="mono" href={`/orders/${hit.order}`}>{String(hit.order)}</a> <span class="soft">{timeFrom(hit.captured_at, now)}</span>
                  </td>
                  <td>
                    <b>{inWords(hit.rule)}</b>: {hit.broken === "" ? hit.because.map((each) => `${inWords(each.words)}: ${inWords(each.said)}`).join(", ") : hit.broken}
                  </td>
                  <td>{hit.already ? t("policy.already") : <Pill tone="warn">{t("policy.new")}</Pill>}</td>
                  <td class="n">{money(hit.total_minor, hit.currency)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

// --- what a condition may speak of

interface FactRow {
  readonly path: string;
  readonly type: string;
  readonly words: Both;
  readonly what: Both;
  readonly example: unknown;
}

function Facts({ kind }: { readonly kind: string }) {
  const { http } = useApp();
  const found = useSignal<{ readonly items: readonly FactRow[]; readonly functions: readonly string[] } | null>(null);
  const fault = useSignal<Said | null>(null);
  useEffect(() => {
    http.get<{ readonly items: readonly FactRow[]; readonly functions: readonly string[] }>(`/policies/${kind}/facts`).then(
      (facts) => void (found.value = facts),
      (error: unknown) => void (fault.value = whyNot(error)),
    );
  }, [kind]);
  return (
    <details class="policy-facts">
      <summary>{t("policy.facts")}</summary>
      <p class="soft">{t("policy.howTo", { functions: (found.value?.functions ?? []).join(", ") })}</p>
      <Fault why={fault.value} />
      <div class="panel policy-table" role="region" aria-label={t("policy.facts")} tabIndex={0}>
        <table class="table">
          <thead>
            <tr>
              {(["fact", "what", "type", "example"] as const).map((head) => (
                <th scope="col" key={head}>
                  {t(`policy.column.${head}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(found.value?.items ?? []).map((row) => (
              <tr key={row.path}>
                <th scope="row" class="mono">{row.path}</th>
                <td>
                  <b>{inWords(row.words)}</b>. {inWords(row.what)}
                </td>
                <td class="soft">{row.type}</td>
                <td class="mono">{JSON.stringify(row.example)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
