import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Said } from "../../core/machine";
import { whyNot } from "../../core/refused";
import { AppShell, Button, Empty, Fault, Panel, plainDate, Spinner, t, useApp, type ScreenProps } from "../../ui";
import "./style.css";

/** As `GET /api/lan` has it. */
interface Shown {
  readonly page: string;
  readonly qr: string;
  readonly urls: readonly string[];
  readonly fingerprint: string;
  readonly until: string;
  readonly standing: "good" | "ending" | "ended" | "clock";
  readonly out_of_reach: readonly string[];
}

/** How a new handheld comes in: hung on a wall screen, or printed. */
export default function Lan(_props: ScreenProps) {
  const { http } = useApp();
  const shown = useSignal<Shown | null | undefined>(undefined);
  const fault = useSignal<Said | null>(null);
  const tries = useSignal(0);
  useEffect(() => {
    fault.value = null;
    http.get<{ readonly lan: Shown | null }>("/lan").then(
      ({ lan }) => (shown.value = lan),
      (error: unknown) => (fault.value = whyNot(error)),
    );
  }, [tries.value]);
  return (
    <AppShell>
      <Body shown={shown.value} fault={fault.value} again={() => (tries.value += 1)} />
    </AppShell>
  );
}

function Body({ shown, fault, again }: { readonly shown: Shown | null | undefined; readonly fault: Said | null; readonly again: () => void }) {
  if (fault !== null)
    return (
      <Panel>
        <Fault why={fault} />
        <Button kind="small" onTap={again}>{t("common.again")}</Button>
      </Panel>
    );
  if (shown === undefined) return <Spinner label={t("common.loading")} />;
  if (shown === null)
    return (
      <>
        <div class="lan">
          <h1>{t("lan.title")}</h1>
        </div>
        <Empty icon="globe" title={t("lan.off")}>
          <p>{t("lan.offMore")}</p>
        </Empty>
      </>
    );
  return (
    <div class="lan">
      <h1>{t("lan.title")}</h1>
      <Warnings shown={shown} />
      <div class="lan-sheet">
        <img src={`data:image/svg+xml,${encodeURIComponent(shown.qr)}`} alt={t("lan.qr", { page: shown.page })} width="260" height="260" />
        <div class="lan-words">
          <p>{t("lan.how")}</p>
          <p class="mono lan-page">{shown.page}</p>
          <p>{t("lan.compare")}</p>
          <p class="mono lan-print">
            {(shown.fingerprint.match(/.{1,12}/g) ?? []).map((pairs) => (
              <>
                {pairs}
                <wbr />
              </>
            ))}
          </p>
          <p class="soft">{t("lan.until", { date: plainDate(shown.until.slice(0, 10)) })}</p>
        </div>
      </div>
      <Button kind="small" icon="printer" onTap={() => window.print()}>{t("lan.print")}</Button>
      <Panel label={t("lan.urls")}>
        <ul class="lan-urls mono">
          {shown.urls.map((url) => (
            <li key={url}>{url}</li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}

function Warnings({ shown }: { readonly shown: Shown }) {
  const { standing, out_of_reach: out } = shown;
  return (
    <>
      {standing === "good" ? null : (
        <Panel tone={standing === "ending" ? "warn" : "bad"}>
          <p role="alert">{t(`lan.${standing}`, { date: plainDate(shown.until.slice(0, 10)) })}</p>
        </Panel>
      )}
      {out.length === 0 ? null : (
        <Panel tone="warn">
          <p role="alert">{t("lan.outOfReach", { names: out.join(", ") })}</p>
        </Panel>
      )}
    </>
  );
}
