import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Said } from "../../core/machine";
import { whyNot } from "../../core/refused";
import { AppShell, Button, dateTime, Empty, Fault, navigate, searchParams, Spinner, t, useApp, useBack, type ScreenProps } from "../../ui";
import { Pages, Row, Table } from "../../ui/lists";
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
      <Pages to={(after) => addressOf({ ...wanted, after })} after={wanted.after} next={list.value?.next} />
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
    <Table name={t("customers.title")} columns={COLUMNS} words={(column) => t(`customers.column.${column}`)}>
      {list.items.map((each) => (
        <Row key={each.id} to={`/customers/${each.id}`} first={each.name}>
          <td>{each.email}</td>
          <td class="mono">{each.phone}</td>
          <td class="soft">{dateTime(each.created_at)}</td>
        </Row>
      ))}
    </Table>
  );
}
