import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Said } from "../../core/machine";
import { whyNot } from "../../core/refused";
import { STATUSES } from "../../generated/statuses";
import { AppShell, Button, day, Empty, language, money, navigate, Pill, said, searchParams, Spinner, t, time, useApp, wordOf, type ScreenProps, type Tone } from "../../ui";
import { addressOf, PAGE, wantedOf, type List, type Row } from "./flow";
import "./style.css";

const CODES = Object.keys(STATUSES);
const statusText = (status: string): string => (STATUSES as Readonly<Record<string, { readonly en: string; readonly de: string } | undefined>>)[status]?.[language.value] ?? status;
const TONES: Readonly<Record<string, Tone>> = { shipped: "ok", packed: "ok", on_hold: "warn", unpaid: "bad", backordered: "warn", picking: "accent", picked: "accent", packing: "accent", ready: "accent" };

export default function Orders(_props: ScreenProps) {
  const { http } = useApp();
  const wanted = wantedOf(searchParams.value, CODES);
  const list = useSignal<List | null>(null);
  const fault = useSignal<Said | null>(null);
  const tries = useSignal(0);
  useEffect(() => {
    let current = true;
    list.value = null;
    fault.value = null;
    http.get<List>("/orders", { query: { limit: PAGE, after: wanted.after, status: wanted.status } }).then(
      (found) => void (current && (list.value = found)),
      (error: unknown) => void (current && (fault.value = whyNot(error))),
    );
    return () => {
      current = false;
    };
  }, [wanted.after, wanted.status, tries.value]);
  return (
    <AppShell>
      <div class="orders-head">
        <h1>{t("orders.title")}</h1>
        <span class="grow" />
        <label class="field">
          <span class="sr">{t("orders.status")}</span>
          <select value={wanted.status ?? ""} onChange={(event) => navigate(addressOf({ status: event.currentTarget.value || null, after: null }))}>
            <option value="">{t("orders.all")}</option>
            {CODES.map((code) => (
              <option key={code} value={code}>
                {statusText(code)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {fault.value === null ? null : (
        <Empty icon="warn" title={said(fault.value)}>
          <Button kind="quiet" onTap={() => (tries.value += 1)}>{t("common.again")}</Button>
        </Empty>
      )}
      {list.value === null ? fault.value === null ? <Spinner label={t("common.loading")} /> : null : <Rows rows={list.value.items} />}
      {list.value === null ? null : (
        <nav class="orders-pages" aria-label={t("orders.pages")}>
          {wanted.after === null ? null : <a class="btn small line" href={addressOf({ ...wanted, after: null })}>{t("orders.newest")}</a>}
          <span class="grow" />
          {list.value.next === null ? null : <a class="btn small line" href={addressOf({ ...wanted, after: list.value.next })}>{t("orders.older")}</a>}
        </nav>
      )}
    </AppShell>
  );
}

function Rows({ rows }: { readonly rows: readonly Row[] }) {
  if (rows.length === 0) return <Empty icon="list" title={t("orders.none")} />;
  return (
    <div class="panel orders-table" role="region" aria-label={t("orders.title")} tabIndex={0}>
      <table class="table">
        <caption class="sr">{t("orders.title")}</caption>
        <thead>
          <tr>
            {(["number", "status", "customer", "channel", "service", "cutoff"] as const).map((column) => (
              <th scope="col" key={column}>
                {t(`orders.column.${column}`)}
              </th>
            ))}
            <th scope="col" class="n">{t("orders.total")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} class="link" onClick={() => navigate(`/orders/${row.number}`)}>
              <td>
                <a class="mono" href={`/orders/${row.number}`}>
                  {String(row.number)}
                </a>
              </td>
              <td>
                <Pill tone={TONES[row.status] ?? "plain"}>{statusText(row.status)}</Pill>
              </td>
              <td>
                {row.customer} <span class="soft">{row.country}</span>
              </td>
              <td class="soft">
                {wordOf(row.channel)} {row.external_ref}
              </td>
              <td class="soft">{row.service_name}</td>
              <td class="soft">
                {day(row.cutoff_at)} {time(row.cutoff_at)}
              </td>
              <td class="n">{money(row.total_minor, row.currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
