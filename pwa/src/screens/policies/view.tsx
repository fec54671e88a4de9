import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Said } from "../../core/machine";
import { whyNot } from "../../core/refused";
import { Again, AppShell, dateTime, Pill, Spinner, t, useApp, type ScreenProps } from "../../ui";
import { inWords } from "../../ui/both";
import "./style.css";

interface Both {
  readonly en: string;
  readonly de?: string;
}

/** As the server's `KindRow`. */
interface Row {
  readonly name: string;
  readonly words: Both;
  readonly decides: Both;
  readonly version: number;
  readonly rules: number;
  readonly live_at: string | null;
  readonly live_by: string | null;
  readonly draft: boolean;
}

/** Everything that is decided by configuration, in the order in which it is decided. */
export default function Policies(_props: ScreenProps) {
  const { http } = useApp();
  const rows = useSignal<readonly Row[] | null>(null);
  const fault = useSignal<Said | null>(null);
  const look = (): void =>
    void http.get<{ readonly items: readonly Row[] }>("/policies").then(
      ({ items }) => {
        rows.value = items;
        fault.value = null;
      },
      (error: unknown) => void (fault.value = whyNot(error)),
    );
  useEffect(look, []);
  return (
    <AppShell>
      <h1>{t("policies.title")}</h1>
      <p class="soft">{t("policies.what")}</p>
      <Again why={fault.value} again={look} />
      {rows.value === null ? fault.value === null ? <Spinner label={t("common.loading")} /> : null : (
        <ol class="policies-list">
          {rows.value.map((row) => (
            <li key={row.name} class="panel">
              <a href={`/policies/${row.name}`}>
                <span class="policies-name">
                  <b>{inWords(row.words)}</b>
                  {row.draft ? <Pill tone="warn">{t("policies.draft")}</Pill> : null}
                </span>
                <span class="soft">{inWords(row.decides)}</span>
                <span class="policies-live soft">
                  {t("policies.rules", { n: row.rules })} · {row.live_at === null ? t("common.delivered") : t("policies.live", { version: String(row.version), at: dateTime(row.live_at), who: row.live_by ?? "" })}
                </span>
              </a>
            </li>
          ))}
        </ol>
      )}
    </AppShell>
  );
}
