import { whyNot } from "../../core/refused";
import { AppShell, Button, dateTime, Empty, Fault, Field, Label, money, navigate, number, Panel, Pill, searchParams, Spinner, t, useApp, useFlow, wordOf, zone, type ScreenProps, type Tone } from "../../ui";
import { useAsked } from "../../ui/asked";
import { addressOf, flow, start, VERDICTS, wantedOf, type Booking, type Compared, type ComparedList, type Effects, type Input, type Run, type Runs, type State, type Verdict, type Wanted } from "./flow";
import "./style.css";

const PAGE = 50;
const TONES: Readonly<Record<Verdict, Tone>> = { same: "ok", under_way: "accent", missing_there: "bad", missing_here: "bad", other_amount: "bad", other_state: "warn" };
const COLUMNS = ["verdict", "order", "reference", "ours", "theirs"] as const;

export default function Reconciliation(_props: ScreenProps) {
  const wanted = wantedOf(searchParams.value);
  return (
    <AppShell>
      <h1>{t("reconciliation.title")}</h1>
      {wanted.run === null ? <All wanted={wanted} /> : <One key={wanted.run} wanted={wanted} run={wanted.run} />}
    </AppShell>
  );
}

// --- all of them

function All({ wanted }: { readonly wanted: Wanted }) {
  const runs = useAsked<Runs>("/payments/reconciliations", { limit: 20, after: wanted.after });
  const found = runs.value.value;
  return (
    <>
      <p class="soft">{t("reconciliation.what")}</p>
      <Begin gateways={found?.gateways ?? []} />
      <Fault why={runs.fault.value} />
      {found === null ? runs.fault.value === null ? <Spinner label={t("common.loading")} /> : null : null}
      {found !== null && found.items.length === 0 ? <Empty icon="scale" title={t("reconciliation.none")} /> : null}
      {found === null || found.items.length === 0 ? null : (
        <ul class="reconciliation-runs">
          {found.items.map((run) => (
            <li key={run.id}>
              <Panel>
                <div class="row">
                  <a href={addressOf({ run: run.id })}>{timesOf(run)}</a>
                  <StatePill run={run} />
                </div>
                <p class="soft">{[run.gateway, t("reconciliation.begun", { moment: dateTime(run.started_at), who: wordOf(run.started_by) })].join(" · ")}</p>
              </Panel>
            </li>
          ))}
        </ul>
      )}
      {found?.next == null ? null : <a class="btn small line reconciliation-more" href={addressOf({ after: found.next })}>{t("reconciliation.older")}</a>}
    </>
  );
}

function Begin({ gateways }: { readonly gateways: readonly string[] }) {
  const { http } = useApp();
  const { state, send } = useFlow<State, Input, Effects>(flow, () => start(Date.now(), zone.value), (effect, again) => {
    if (effect.type === "show") return navigate(addressOf({ run: effect.run }));
    http.post<Run>("/payments/reconciliations", effect.body).then(
      (run) => again({ type: "begun", run: run.id }),
      (error: unknown) => again({ type: "failed", why: whyNot(error) }),
    );
  });
  const { mode, gateway, since, until, fault } = state.value;
  return (
    <form
      class="reconciliation-begin"
      onSubmit={(event) => {
        event.preventDefault();
        send({ type: "compare" });
      }}
    >
      {gateways.length < 2 ? null : (
        <div class="field">
          <label for="reconciliation-gateway">{t("reconciliation.gateway")}</label>
          <select id="reconciliation-gateway" value={gateway} onChange={(event) => send({ type: "edit", changes: { gateway: event.currentTarget.value } })}>
            <option value="">{t("reconciliation.cards")}</option>
            {gateways.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </div>
      )}
      <Field label={t("reconciliation.since")} type="date" value={since} onInput={(value) => send({ type: "edit", changes: { since: value } })} />
      <Field label={t("reconciliation.until")} type="date" value={until} onInput={(value) => send({ type: "edit", changes: { until: value } })} />
      <Button kind="small" submit busy={mode === "asked"}>{t("reconciliation.compare")}</Button>
      <Fault why={fault} />
    </form>
  );
}

const timesOf = (run: Run): string => t("reconciliation.times", { since: dateTime(run.since), until: dateTime(run.until) });

function StatePill({ run }: { readonly run: Run }) {
  if (run.state === "running") return <Pill tone="accent">{t("reconciliation.running")}</Pill>;
  if (run.state === "failed") return <Pill tone="bad">{t("reconciliation.failed")}</Pill>;
  return run.differences === 0 ? <Pill tone="ok">{t("reconciliation.fits")}</Pill> : <Pill tone="bad">{t("reconciliation.differences", { n: run.differences })}</Pill>;
}

// --- one

function One({ wanted, run }: { readonly wanted: Wanted; readonly run: string }) {
  const head = useAsked<Run>(`/payments/reconciliations/${run}`);
  const lines = useAsked<ComparedList>(`/payments/reconciliations/${run}/lines`, { limit: PAGE, verdict: wanted.verdict, after: wanted.after });
  const found = head.value.value;
  const rows = lines.value.value;
  return (
    <>
      <a class="btn small line reconciliation-more" href={addressOf({})}>{t("common.back")}</a>
      <Fault why={head.fault.value ?? lines.fault.value} />
      {found === null ? head.fault.value === null ? <Spinner label={t("common.loading")} /> : null : <Head run={found} wanted={wanted} />}
      {rows === null || found === null ? null : <Lines rows={rows.items} run={found} />}
      {rows?.next == null ? null : <a class="btn small line reconciliation-more" href={addressOf({ ...wanted, after: rows.next })}>{t("reconciliation.more")}</a>}
    </>
  );
}

const Head = ({ run, wanted }: { readonly run: Run; readonly wanted: Wanted }) => (
  <Panel>
    <div class="row reconciliation-head">
      <h2>{timesOf(run)}</h2>
      <span aria-live="polite">
        <StatePill run={run} />
      </span>
    </div>
    {run.state === "failed" ? <p class="soft">{t("reconciliation.failedMore")}</p> : null}
    <nav class="reconciliation-counts" aria-label={t("reconciliation.counts")}>
      <Count to={addressOf({ run: run.id })} words={t("reconciliation.all")} n={run.differences} here={wanted.verdict === null} />
      {VERDICTS.map((verdict) => (
        <Count key={verdict} to={addressOf({ run: run.id, verdict })} words={t(`reconciliation.verdict.${verdict}`)} n={run.counts[verdict]} here={wanted.verdict === verdict} />
      ))}
    </nav>
  </Panel>
);

const Count = ({ to, words, n, here }: { readonly to: string; readonly words: string; readonly n: number; readonly here: boolean }) => (
  <a href={to} {...(here ? { "aria-current": "page" as const } : {})}>
    <b>{number(n)}</b> <span>{words}</span>
  </a>
);

function Lines({ rows, run }: { readonly rows: readonly Compared[]; readonly run: Run }) {
  if (rows.length === 0) return <Empty icon="check" title={t(run.state === "running" ? "reconciliation.nothingYet" : "reconciliation.nothing")} />;
  return (
    <div class="panel reconciliation-table" role="region" aria-label={t("reconciliation.lines")} tabIndex={0}>
      <table class="table">
        <caption class="sr">{t("reconciliation.lines")}</caption>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th scope="col" key={column}>
                {t(`reconciliation.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>
                <Pill tone={TONES[row.verdict]}>{t(`reconciliation.verdict.${row.verdict}`)}</Pill>
              </td>
              <td>{row.order_number === null ? t("reconciliation.nobodys") : <a href={`/orders/${row.order_number}`}>{String(row.order_number)}</a>}</td>
              <td class="mono reconciliation-reference">{row.reference}</td>
              <td>
                <Side side={row.ours} other={row.theirs} />
              </td>
              <td>
                <Side side={row.theirs} other={row.ours} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const AMOUNTS = ["authorised_minor", "captured_minor", "refunded_minor"] as const;

/** What one of the two says; what the other says differently is marked. */
function Side({ side, other }: { readonly side: Booking | null; readonly other: Booking | null }) {
  if (side === null) return <Label>{t("reconciliation.unknown")}</Label>;
  const differs = (name: keyof Booking): boolean => other !== null && other[name] !== side[name];
  return (
    <ul class="reconciliation-side">
      <li class={differs("state") ? "differs" : ""}>{t(`reconciliation.state.${side.state}`)}</li>
      {AMOUNTS.map((name) => (
        <li key={name} class={differs(name) ? "differs" : ""}>
          {t(`reconciliation.${name}`, { amount: money(side[name], side.currency) })}
        </li>
      ))}
    </ul>
  );
}
