import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Said } from "../../core/machine";
import { nameIn } from "../../core/named";
import { ApiError } from "../../core/problem";
import { whyNot } from "../../core/refused";
import { Again, AppShell, AwaitHouse, Button, Empty, language, number, Pill, plainDate, t, useApp, type ScreenProps } from "../../ui";
import { joined, PAGES, toneOf, type Page, type Shortage } from "./flow";
import "./style.css";

export default function Supply(_props: ScreenProps) {
  const { http, who } = useApp();
  const base = `/warehouses/${who.value.signedIn?.warehouse?.id ?? 1}`;
  const page = useSignal<Page | null>(null);
  const fault = useSignal<Said | null>(null);
  const look = (after: string | null): void => {
    http.get<Page>(`${base}/supply`, { query: { after } }).then(
      (found) => {
        fault.value = null;
        page.value = joined(after === null ? null : page.peek(), found);
      },
      (error: unknown) => {
        if (!(error instanceof ApiError && error.code === "not_found")) fault.value = whyNot(error); // no warehouse: said in the list's place
      },
    );
  };
  useEffect(() => look(null), [base]);
  const shown = page.value;
  return (
    <AppShell>
      <h1>{t("supply.title")}</h1>
      <nav class="supply-pages" aria-label={t("supply.pages")}>
        {PAGES.map((each) => (
          <a key={each} class="btn small line" href={`/setup/${each}`}>
            {t(`supply.page.${each}`)}
          </a>
        ))}
      </nav>
      <Again why={fault.value} again={() => look(null)} />
      {shown === null ? fault.value === null ? <AwaitHouse base={base} none={t("supply.noHouse")} /> : null : <Rows rows={shown.items} />}
      {shown?.next == null ? null : <Button kind="line" onTap={() => look(shown.next)}>{t("supply.more")}</Button>}
    </AppShell>
  );
}

function Rows({ rows }: { readonly rows: readonly Shortage[] }) {
  if (rows.length === 0) return <Empty icon="done" title={t("supply.none")} />;
  return (
    <div class="panel supply-table" role="region" aria-label={t("supply.waits")} tabIndex={0}>
      <table class="table">
        <caption class="lbl">{t("supply.waits")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("supply.item")}</th>
            <th scope="col" class="n">{t("supply.orders")}</th>
            <th scope="col" class="n">{t("supply.noDay")}</th>
            <th scope="col" class="n">{t("supply.onTheWay")}</th>
            <th scope="col">{t("supply.next")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.sku}>
              <td>
                <a href={`/orders?q=${encodeURIComponent(row.sku)}`}>{nameIn(row, language.value)}</a> <span class="mono soft">{row.sku}</span>
              </td>
              <td class="n">{number(row.orders)}</td>
              <td class="n">{row.waits === 0 ? "" : <Pill tone={toneOf(row)}>{number(row.waits)}</Pill>}</td>
              <td class="n">{row.on_the_way === 0 ? "" : number(row.on_the_way)}</td>
              <td>{row.next_on === null ? t("supply.unknown") : plainDate(row.next_on)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
