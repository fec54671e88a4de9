import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Said } from "../../core/machine";
import { whyNot } from "../../core/refused";
import { AppShell, Button, Empty, Icon, number, Panel, Pill, ProgressBar, said, Spinner, t, useApp, type ScreenProps } from "../../ui";
import { routeOf } from "../../ui/router";
import { doneOf, isCounted, pageOf, type Guide, type Step } from "./flow";
import "./style.css";

const ALSO = [["templates", "/setup/templates"], ["keys", "/setup/keys"], ["imports", "/imports"], ["webhooks", "/webhooks"], ["brand", "/setup/brand"], ["messages", "/messages"]] as const;

export default function Setup(_props: ScreenProps) {
  const { http, who } = useApp();
  const warehouse = who.value.signedIn?.warehouse?.id ?? 1;
  const guide = useSignal<Guide | null>(null);
  const fault = useSignal<Said | null>(null);
  const tries = useSignal(0);
  useEffect(() => {
    fault.value = null;
    http.get<Guide>(`/warehouses/${warehouse}/setup`).then((found) => (guide.value = found), (error: unknown) => (fault.value = whyNot(error)));
  }, [warehouse, tries.value]);
  return (
    <AppShell>
      <h1>{t("setup.title")}</h1>
      {fault.value === null ? null : (
        <Empty icon="warn" title={said(fault.value)}>
          <Button kind="quiet" onTap={() => (tries.value += 1)}>{t("common.again")}</Button>
        </Empty>
      )}
      {guide.value === null ? fault.value === null ? <Spinner label={t("common.loading")} /> : null : <Steps guide={guide.value} />}
    </AppShell>
  );
}

function Steps({ guide }: { readonly guide: Guide }) {
  const done = doneOf(guide);
  return (
    <>
      {guide.next === null ? (
        <Panel tone="ok">
          <h2>{t("setup.ready")}</h2>
          <p>{t("setup.readyMore")}</p>
        </Panel>
      ) : (
        <>
          <p>{t("setup.progress", { done, all: guide.steps.length })}</p>
          <ProgressBar parts={[{ value: done }]} total={guide.steps.length} label={t("setup.progress", { done, all: guide.steps.length })} />
        </>
      )}
      <ol class="setup-steps">
        {guide.steps.map((step) => <One key={step.step} step={step} isNext={step.step === guide.next} />)}
      </ol>
      <h2>{t("setup.also")}</h2>
      <div class="setup-also">
        {ALSO.filter(([, path]) => routeOf(path) !== null).map(([name, path]) => (
          <a key={name} class="btn small line" href={path}>{t(`setup.also.${name}`)}</a>
        ))}
      </div>
    </>
  );
}

function One({ step, isNext }: { readonly step: Step; readonly isNext: boolean }) {
  const words = (
    <span class="grow">
      <b>{t(`setup.step.${step.step}`)}</b>
      <small class="soft">{t(`setup.why.${step.step}`)}</small>
    </span>
  );
  const state = step.done ? (
    <Pill tone="ok">{isCounted(step) ? t("setup.have", { n: number(step.have) }) : t("setup.enough")}</Pill>
  ) : (
    <Pill tone={isNext ? "accent" : "warn"}>{t(isNext ? "setup.next" : "setup.missing")}</Pill>
  );
  return (
    <li class={isNext ? "next" : ""} {...(isNext ? { "aria-current": "step" as const } : {})}>
      <span class="setup-mark" aria-hidden="true">{step.done ? <Icon name="check" size={20} weight={3} /> : null}</span>
      {step.yours ? <a href={pageOf(step.step)}>{words}</a> : <span class="setup-other">{words}</span>}
      {step.yours ? state : <Pill>{t("setup.notYours")}</Pill>}
    </li>
  );
}
