import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Said } from "../../core/machine";
import { ApiError } from "../../core/problem";
import { whyNot } from "../../core/refused";
import { fieldText, momentOf } from "../../core/zoned";
import {
  AppShell, AwaitHouse, Button, Empty, Fault, Field, Icon, Label, minutesLeft, number, Panel, Pill, ProgressBar, Spinner, t, timeFrom, useApp, useFlow, useFocusBack, useNow,
  useTopic, zone, type ScreenProps, type Tone,
} from "../../ui";
import { filterOf, flow, inOrder, isOver, savedPercent, start, type All, type Filter, type Input, type Preview, type State, type Template, type Wave } from "./flow";
import "./style.css";

interface Choices {
  readonly carriers: readonly string[];
  readonly zones: readonly { readonly code: string; readonly name: string }[];
}

export default function Release(_props: ScreenProps) {
  const app = useApp();
  const warehouse = app.who.value.signedIn?.warehouse?.id ?? 1;
  const base = `/warehouses/${warehouse}`;
  const waves = useTopic<{ readonly waves: Readonly<Record<string, Wave>> }>("waves", String(warehouse));
  const choices = useChoices(base);
  const { state, send } = useFlow<State, Input, All>(flow, start, (effect, again) => {
    const failed = (error: unknown): void => again({ type: "failed", why: whyNot(error), ...(error instanceof ApiError ? { code: error.code } : {}) });
    if (effect.type === "preview") app.http.post<Preview>(`${base}/waves/preview`, effect.filter).then((preview) => again({ type: "previewed", preview }), failed);
    else app.http.post<Wave>(`${base}/waves`, { orders: effect.orders }).then((wave) => again({ type: "released", wave }), failed);
  });
  const heading = useFocusBack<HTMLHeadingElement>(state.value.mode === "releasing");
  return (
    <AppShell>
      <h1 ref={heading} tabIndex={-1}>{t("release.title")}</h1>
      <div class="release-columns">
        <section class="release-form" aria-label={t("release.choose")}>
          <Templates base={base} send={send} />
          <FilterForm filter={state.value.filter} choices={choices} busy={state.value.mode === "planning" || state.value.mode === "releasing"} send={send} />
          <Outlook state={state.value} send={send} />
        </section>
        <section aria-label={t("release.waves")}>
          <Label>{t("release.waves")}</Label>
          {waves.value === undefined ? <AwaitHouse base={base} none={t("release.noHouse")} /> : <Waves base={base} waves={Object.values(waves.value.waves)} />}
        </section>
      </div>
    </AppShell>
  );
}

/** The waves of each day: one tap chooses and looks. Nothing is released by it. */
function Templates({ base, send }: { readonly base: string; readonly send: (input: Input) => void }) {
  const { http } = useApp();
  const templates = useSignal<readonly Template[]>([]);
  useEffect(() => {
    http.get<{ readonly items: readonly Template[] }>(`${base}/wave-templates`).then((found) => (templates.value = found.items), (error: unknown) => void whyNot(error));
  }, [base]);
  if (templates.value.length === 0) return null;
  return (
    <div class="release-templates" role="group" aria-label={t("release.templates")}>
      {templates.value.map((template) => (
        <Button
          key={template.id}
          kind="line"
          onTap={() => {
            send({ type: "choose", filter: filterOf(template) });
            send({ type: "look" });
          }}
        >
          {template.name}
        </Button>
      ))}
    </div>
  );
}

function useChoices(base: string): Choices {
  const { http } = useApp();
  const choices = useSignal<Choices>({ carriers: [], zones: [] });
  useEffect(() => {
    const ask = Promise.all([
      http.get<{ readonly zones: Choices["zones"] }>(`${base}/floor`),
      http.post<{ readonly items: readonly { readonly carrier: string }[] }>(`${base}/waves/candidates`, {}, { query: { limit: 200 } }),
    ]);
    ask.then(
      ([floor, ready]) => (choices.value = { zones: floor.zones, carriers: [...new Set(ready.items.map((each) => each.carrier))].sort() }),
      (error: unknown) => void whyNot(error),
    );
  }, [base]);
  return choices.value;
}

interface FormProps {
  readonly filter: Filter;
  readonly choices: Choices;
  readonly busy: boolean;
  readonly send: (input: Input) => void;
}

function FilterForm({ filter, choices, busy, send }: FormProps) {
  const change = (more: Partial<Record<"cutoff_before" | "carrier" | "zone", string>>): void => {
    const next: Filter = { ...filter, ...more };
    send({ type: "choose", filter: Object.fromEntries(Object.entries(next).filter(([, value]) => value !== "")) as Filter });
  };
  const until = filter.cutoff_before === undefined ? "" : fieldText(filter.cutoff_before, zone.value);
  return (
    <form
      class="release-filter"
      onSubmit={(event) => {
        event.preventDefault();
        send({ type: "look" });
      }}
    >
      <Field
        label={t("release.cutoff")}
        type="datetime-local"
        value={until}
        onInput={(value) => change({ cutoff_before: value === "" ? "" : momentOf(value, zone.value) })}
      />
      <Choice label={t("release.carrier")} value={filter.carrier ?? ""} options={choices.carriers.map((each) => [each, each])} onChange={(carrier) => change({ carrier })} />
      <Choice label={t("release.zone")} value={filter.zone ?? ""} options={choices.zones.map((each) => [each.code, each.name])} onChange={(zone) => change({ zone })} />
      {filter.services === undefined ? null : <p class="soft">{t("release.services", { services: filter.services.join(", ") })}</p>}
      <Button kind="line" submit busy={busy}>{t("release.look")}</Button>
    </form>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly onChange: (value: string) => void;
}

const Choice = ({ label, value, options, onChange }: ChoiceProps) => (
  <label class="field">
    <span>{label}</span>
    <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">{t("release.all")}</option>
      {options.map(([each, words]) => (
        <option key={each} value={each}>
          {words}
        </option>
      ))}
    </select>
  </label>
);

function Outlook({ state, send }: { readonly state: State; readonly send: (input: Input) => void }) {
  if (state.mode === "choosing") return state.fault === null ? <p class="soft">{t("release.lookFirst")}</p> : <Fault why={state.fault} />;
  if (state.mode === "planning") return <Spinner label={t("release.planning")} />;
  const { preview } = state;
  if (preview.orders === 0) {
    return (
      <Panel class="release-preview" label={t("release.preview")}>
        <Fault why={state.mode === "seen" ? state.fault : null} />
        <Empty icon="wave" title={t("release.nothing")}>
          <p>{t("release.nothingMore")}</p>
        </Empty>
        {preview.left_out.length === 0 ? null : <LeftOut left={preview.left_out} />}
      </Panel>
    );
  }
  return (
    <Panel class="release-preview" label={t("release.preview")}>
      <Numbers preview={preview} />
      {preview.short_lines === 0 ? null : (
        <p class="release-short">
          <Icon name="warn" size={20} />
          {t("release.short", { lines: preview.short_lines, units: preview.short_units })}
        </p>
      )}
      {preview.left_out.length === 0 ? null : <LeftOut left={preview.left_out} />}
      <Fault why={state.mode === "seen" ? state.fault : null} />
      <Button wide busy={state.mode === "releasing"} onTap={() => send({ type: "release" })}>
        {t("release.release", { orders: preview.orders })}
      </Button>
    </Panel>
  );
}

function Numbers({ preview }: { readonly preview: Preview }) {
  const rows = [
    [t("release.orders"), preview.orders],
    [t("release.lines"), preview.lines],
    [t("release.units"), preview.units],
    [t("release.totes"), preview.totes],
    [t("release.tours"), preview.tours],
  ] as const;
  return (
    <>
      <dl class="release-numbers">
        {rows.map(([words, value]) => (
          <div key={words}>
            <dt>{words}</dt>
            <dd>{number(value)}</dd>
          </div>
        ))}
      </dl>
      <p class="release-walk">
        <b>{t("release.metres", { metres: preview.metres })}</b>
        <span class="soft">{t("release.binOrder", { metres: preview.bin_order_m })}</span>
        {savedPercent(preview) === 0 ? null : <Pill tone="ok" big>{t("release.saved", { percent: savedPercent(preview) })}</Pill>}
      </p>
      {preview.tours > 1 ? <p class="soft">{t("release.firstPlan")}</p> : null}
    </>
  );
}

const LeftOut = ({ left }: { readonly left: Preview["left_out"] }) => (
  <details>
    <summary>{t("release.leftOut", { n: left.length })}</summary>
    <ul class="release-left">
      {left.map((each) => (
        <li key={each.order}>
          <a href={`/orders/${each.order}`}>{String(each.order)}</a> <span class="soft">{t(`release.reason.${each.reason}`)}</span>
        </li>
      ))}
    </ul>
  </details>
);

const TONES: Readonly<Record<string, Tone>> = { releasing: "accent", undoing: "warn", released: "ok", finished: "plain", undone: "warn" };

function Waves({ base, waves }: { readonly base: string; readonly waves: readonly Wave[] }) {
  const now = useNow();
  const rows = inOrder(waves);
  if (rows.length === 0) return <Empty icon="wave" title={t("release.noWaves")} />;
  return (
    <ul class="release-waves">
      {rows.map((wave) => (
        <li key={wave.id} class="panel padded">
          <div class="row">
            <b class="release-wave">{t("release.wave", { wave: String(wave.number) })}</b>
            <Pill tone={TONES[wave.state] ?? "plain"}>{t(`release.state.${wave.state}`)}</Pill>
            <span class="grow" />
            <span class="soft">
              {isOver(wave) ? t("release.closedAt", { at: timeFrom(wave.cutoff_at, now) }) : t("release.closes", { at: timeFrom(wave.cutoff_at, now), left: minutesLeft(wave.cutoff_at, now) })}
            </span>
          </div>
          {wave.state === "releasing" ? (
            <ProgressBar parts={[{ value: wave.slices_done, tone: "accent" }]} total={Math.max(1, wave.slices)} label={t("release.writing")} />
          ) : (
            <ProgressBar parts={[{ value: wave.picks_done }]} total={Math.max(1, wave.picks)} label={t("release.picked", { done: wave.picks_done, all: wave.picks })} />
          )}
          {wave.state === "releasing" ? <TakeBack base={base} wave={wave} /> : null}
          <p class="soft">
            {t("release.summary", { orders: wave.orders, lines: wave.lines, toursDone: wave.tours_done, tours: wave.tours })}
            {" · "}
            {t("release.walkOf", { metres: wave.metres, binOrder: wave.bin_order_m })}
            {wave.short_lines === 0 ? "" : ` · ${t("release.shortLines", { n: wave.short_lines })}`}
          </p>
        </li>
      ))}
    </ul>
  );
}

/** Breaks a release off while nobody on the floor has seen it. */
function TakeBack({ base, wave }: { readonly base: string; readonly wave: Wave }) {
  const { http } = useApp();
  const busy = useSignal(false);
  const fault = useSignal<Said | null>(null);
  const takeBack = (): void => {
    busy.value = true;
    http.post(`${base}/waves/${wave.number}/take-back`, {}).then(
      () => (fault.value = null),
      (error: unknown) => {
        fault.value = whyNot(error);
        busy.value = false;
      },
    );
  };
  return (
    <>
      <Button kind="line" busy={busy.value} onTap={takeBack}>{t("release.takeBack")}</Button>
      <Fault why={fault.value} />
    </>
  );
}
