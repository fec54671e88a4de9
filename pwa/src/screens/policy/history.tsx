import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Said } from "../../core/machine";
import { whyNot } from "../../core/refused";
import { Again, Button, dateTime, Fault, navigate, Pill, Spinner, t, useApp } from "../../ui";
import { inWords } from "../../ui/both";
import { differences, type Difference, type Input, type KindView, type Rule, type RuleSet } from "./flow";

interface HistoryProps {
  readonly view: KindView;
  readonly may: readonly string[];
  readonly send: (input: Input) => void;
}

/** Every version that is or was live: who let it live, why, and what it changed against the one before. */
export function History({ view, may, send }: HistoryProps) {
  const { http } = useApp();
  const versions = useSignal<readonly RuleSet[] | null>(null);
  const next = useSignal<string | null>(null);
  const fault = useSignal<Said | null>(null);
  const look = (after: string | null): void =>
    void http.get<{ readonly items: readonly RuleSet[]; readonly next: string | null }>(`/policies/${view.name}/versions`, { query: { limit: 10, after } }).then(
      (found) => {
        versions.value = after === null ? found.items : [...(versions.peek() ?? []), ...found.items];
        next.value = found.next;
        fault.value = null;
      },
      (error: unknown) => void (fault.value = whyNot(error)),
    );
  useEffect(() => look(null), [view.live.version]);
  const all = versions.value;
  if (all === null) return fault.value === null ? <Spinner label={t("common.loading")} /> : <Again why={fault.value} again={() => look(null)} />;
  return (
    <div class="policy-history">
      <Fault why={fault.value} />
      <ol aria-label={t("policy.tab.history")}>
        {all.map((each, at) => (
          <li key={each.version} class="panel padded">
            <div class="policy-row">
              <h2>{each.version === 0 ? t("policy.delivered") : t("policy.version", { version: String(each.version) })}</h2>
              {each.state === "live" ? <Pill tone="ok" dot="full">{t("policy.live")}</Pill> : null}
              <span class="grow" />
              {each.state !== "live" && view.draft === null && may.includes("policies.edit") ? (
                <Button
                  kind="line"
                  label={t("policy.takeOf", { version: String(each.version) })}
                  onTap={() => {
                    send({ type: "begin", rules: each.rules });
                    navigate(`/policies/${view.name}?tab=draft`);
                  }}
                >
                  {t("policy.take")}
                </Button>
              ) : null}
            </div>
            {each.live_at === null ? null : <p class="soft">{[dateTime(each.live_at), each.live_by ?? "", each.note].filter((part) => part !== "").join(" · ")}</p>}
            <Changed before={all[at + 1]} after={each} last={next.value === null} />
          </li>
        ))}
      </ol>
      {next.value === null ? null : <Button kind="line" onTap={() => look(next.value)}>{t("policy.older")}</Button>}
    </div>
  );
}

function Changed({ before, after, last }: { readonly before: RuleSet | undefined; readonly after: RuleSet; readonly last: boolean }) {
  if (before === undefined && !last) return null;
  const found = differences(before?.rules ?? [], after.rules);
  if (found.length === 0) return <p class="soft">{t(after.rules.length === 0 ? "policy.noRules" : "policy.same")}</p>;
  return (
    <ul class="policy-changes">
      {found.map((each) => (
        <li key={`${each.what} ${each.name.en}`}>
          <p>
            <Pill tone={TONES[each.what]}>{t(`policy.change.${each.what}`)}</Pill> <b>{inWords(each.name)}</b>
          </p>
          <Text label={t("policy.was")} rule={each.what === "moved" ? null : each.before} />
          <Text label={t("policy.is")} rule={each.what === "moved" ? null : each.after} />
        </li>
      ))}
    </ul>
  );
}

const TONES: Readonly<Record<Difference["what"], "ok" | "bad" | "warn" | "plain">> = { added: "ok", removed: "bad", changed: "warn", moved: "plain" };

function Text({ label, rule }: { readonly label: string; readonly rule: Rule | null }) {
  if (rule === null) return null;
  const { do: does, ...more } = rule.then;
  const said = Object.values(more).map((value) => (typeof value === "object" ? inWords(value) : String(value)));
  return (
    <p class="policy-was">
      <span class="soft">{label}</span> <code>{rule.when}</code> → {[t(`policy.do.${does}`), ...said].join(", ")}
    </p>
  );
}
