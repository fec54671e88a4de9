import { Fault, money, number, Pill, plainDate, Spinner, t, timeFrom, wordOf, type Tone } from "../../ui";
import { useAsked } from "../../ui/asked";
import { Pages, Table } from "../../ui/lists";
import { addressOf, type Checkout, type Day, type Wanted } from "./flow";

const TONES: Readonly<Record<Checkout["state"], Tone>> = { open: "accent", left: "warn", recovered: "ok" };
const DAYS = ["day", "channel", "began", "left", "recovered", "leftWorth", "backWorth"] as const;
const COLUMNS = ["at", "channel", "units", "worth", "state", "order"] as const;
const words = (column: (typeof DAYS)[number] | (typeof COLUMNS)[number]): string => t(`channels.column.${column}`);

/** Who was at the till and left, by day and one by one. They are counted; they are no orders. */
export function Checkouts({ wanted }: { readonly wanted: Wanted }) {
  const days = useAsked<{ readonly items: readonly Day[] }>("/checkouts/days");
  const list = useAsked<{ readonly items: readonly Checkout[]; readonly next: string | null }>("/checkouts", { limit: 50, after: wanted.after });
  const found = list.value.value;
  const now = Date.now();
  return (
    <>
      <p class="soft">{t("channels.checkoutsWhat")}</p>
      <Fault why={days.fault.value ?? list.fault.value} />
      {(days.value.value?.items.length ?? 0) === 0 ? null : (
        <Table name={t("channels.days")} columns={DAYS} words={words} figures={["began", "left", "recovered", "leftWorth", "backWorth"]}>
          {days.value.value?.items.map((row) => (
            <tr key={`${row.day} ${row.channel} ${row.currency}`}>
              <td>{plainDate(row.day)}</td>
              <td>{row.channel}</td>
              <td class="n">{number(row.began)}</td>
              <td class="n">{number(row.left)}</td>
              <td class="n">{number(row.recovered)}</td>
              <td class="n">{row.currency === "" ? "" : money(row.left_minor, row.currency)}</td>
              <td class="n">{row.currency === "" ? "" : money(row.recovered_minor, row.currency)}</td>
            </tr>
          ))}
        </Table>
      )}
      {found === null ? list.fault.value === null ? <Spinner label={t("common.loading")} /> : null : found.items.length === 0 ? <p class="soft">{t("channels.nobodyLeft")}</p> : (
        <Table name={t("channels.tab.checkouts")} columns={COLUMNS} words={words} figures={["units", "worth"]}>
          {found.items.map((row) => (
            <tr key={row.id}>
              <td>{timeFrom(row.began_at, now)}</td>
              <td>{row.channel}</td>
              <td class="n">{number(row.units)}</td>
              <td class="n">{row.currency === "" ? "" : money(row.value_minor, row.currency)}</td>
              <td>
                <Pill tone={TONES[row.state]}>{wordOf(row.state)}</Pill>
              </td>
              <td class="mono">{row.order === null ? "" : <a href={`/orders/${row.order}`}>{String(row.order)}</a>}</td>
            </tr>
          ))}
        </Table>
      )}
      <Pages to={(after) => addressOf({ ...wanted, after })} after={wanted.after} next={found?.next} />
    </>
  );
}
