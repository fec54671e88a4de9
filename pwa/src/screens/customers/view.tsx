import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Said } from "../../core/machine";
import { whyNot } from "../../core/refused";
import { AppShell, Button, dateTime, Empty, Fault, navigate, searchParams, Spinner, t, useApp, useBack, type ScreenProps } from "../../ui";
import { addressOf, PAGE, wantedOf, type List, type Wanted } from "./flow";
import "./style.css";

export default function Customers(_props: ScreenProps) {
  const { http } = useApp();
  const wanted = wantedOf(searchParams.value);
  const list = useSignal<List | null>(null);
  const fault = useSignal<Said | null>(null);
  const tries = useSignal(0);
  useBack(() => void (fault.value !== null && (tries.value += 1)));
  useEffect(() => {
    let current = true;
    list.value = null;
    fault.value = null;
    http.get<List>("/customers", { query: { limit: PAGE, after: wanted.after, q: wanted.q } }).then(
      (found) => void (current && (list.value = found)),
      (error: unknown) => void (current && (fault.value = whyNot(error))),
    );
    return () => {
      current = false;
    };
  }, [wanted.after, wanted.q, tries.value]);
  return (
    <AppShell>
      <div class="customers-head">
        <h1>{t("customers.title")}</h1>
        <Search key={wanted.q ?? ""} q={wanted.q ?? ""} />
      </div>
      <Fault why={fault.value} />
      {list.value === null ? fault.value === null ? <Spinner label={t("common.loading")} /> : null : <Rows list={list.value} wanted={wanted} />}
      {list.value === null ? null : (
        <nav class="customers-head" aria-label={t("customers.pages")}>
          {wanted.after === null ? null : <a class="btn small line" href={addressOf({ ...wanted, after: null })}>{t("customers.newest")}</a>}
          <span class="grow" />
          {list.value.next === null ? null : <a class="btn small line" href={addressOf({ ...wanted, after: list.value.next })}>{t("customers.older")}</a>}
        </nav>
      )}
    </AppShell>
  );
}

function Search({ q }: { readonly q: string }) {
  const text = useSignal(q);
  return (
    <form
      class="customers-search grow"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        navigate(addressOf({ q: text.value.trim() === "" ? null : text.value.trim(), after: null }));
      }}
    >
      <label class="field">
        <span class="sr">{t("customers.search")}</span>
        <input type="search" value={text.value} placeholder={t("customers.searchHint")} maxLength={100} onInput={(event) => (text.value = event.currentTarget.value)} />
      </label>
      <Button kind="line" submit icon="search" label={t("customers.search")} />
    </form>
  );
}

const COLUMNS = ["name", "email", "phone", "since"] as const;

function Rows({ list, wanted }: { readonly list: List; readonly wanted: Wanted }) {
  if (list.items.length === 0) return <Empty icon="person" title={wanted.q === null ? t("customers.none") : t("customers.notFound", { q: wanted.q })} />;
  return (
    <div class="panel customers-table" role="region" aria-label={t("customers.title")} tabIndex={0}>
      <table class="table">
        <caption class="sr">{t("customers.title")}</caption>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th scope="col" key={column}>{t(`customers.column.${column}`)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {list.items.map((each) => (
            <tr key={each.id} class="link" onClick={() => navigate(`/customers/${each.id}`)}>
              <td>
                <a href={`/customers/${each.id}`}>{each.name}</a>
              </td>
              <td>{each.email}</td>
              <td class="mono">{each.phone}</td>
              <td class="soft">{dateTime(each.created_at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
