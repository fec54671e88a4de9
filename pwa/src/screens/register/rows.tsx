import { Button, dateTime, Empty, Icon, number, Pill, plainDate, printerWords, t, wordOf, type Tone } from "../../ui";
import type { Input } from "./flow";
import { valuesOf, type Row } from "./forms";
import { nameOf, standing, type Act, type Column, type Thing } from "./things";

interface RowsProps {
  readonly thing: Thing;
  readonly rows: readonly Row[];
  readonly warehouse: number;
  /** Whether this person may do more than look. */
  readonly may: boolean;
  readonly tell: (input: Input) => void;
}

export function Rows({ thing, rows, warehouse, may, tell }: RowsProps) {
  if (rows.length === 0) return <Empty icon="list" title={t(`register.${thing.name}.none`)} />;
  const acts = may ? (thing.acts ?? []) : [];
  const changes = may && thing.changes;
  return (
    <div class="panel register-table" role="region" aria-label={t(`register.${thing.name}.title`)} tabIndex={0}>
      <table class="table">
        <caption class="sr">{t(`register.${thing.name}.title`)}</caption>
        <thead>
          <tr>
            {thing.columns.map(({ name, kind }) => (
              <th scope="col" key={name} class={kind === "number" ? "n" : ""}>
                {t(`register.${thing.name}.column.${name}`)}
              </th>
            ))}
            {changes || acts.length > 0 ? <th scope="col"><span class="sr">{t("register.acts")}</span></th> : null}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={String(row["id"] ?? row["code"] ?? at)}>
              {thing.columns.map((column) => (
                <td key={column.name} class={column.kind === "number" ? "n" : column.kind === "mono" ? "mono" : ""}>
                  <Cell column={column} row={row} thing={thing} />
                </td>
              ))}
              {changes || acts.length > 0 ? (
                <td class="register-acts">
                  {changes ? (
                    <Button kind="line" label={t("register.changeOf", { name: nameOf(row) })} onTap={() => tell({ type: "open", row, values: valuesOf(thing.fields, row) })}>
                      {t("register.change")}
                    </Button>
                  ) : null}
                  {acts.filter((act) => act.when?.(row) !== false).map((act) => <One key={act.name} act={act} row={row} warehouse={warehouse} tell={tell} />)}
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function One({ act, row, warehouse, tell }: { readonly act: Act; readonly row: Row; readonly warehouse: number; readonly tell: (input: Input) => void }) {
  const words = t(`register.act.${act.name}`);
  const label = t("register.actOf", { act: words, name: nameOf(row) });
  if (act.href !== undefined) {
    return (
      <a class="btn small line" href={act.href(warehouse, row)} target="_blank" rel="noreferrer" aria-label={label}>
        {words}
      </a>
    );
  }
  return (
    <Button kind="line" label={label} onTap={() => tell(act.fields === undefined ? { type: "act", act: act.name, row, sure: act.sure === true } : { type: "open", act: act.name, row, values: valuesOf(act.fields, null) })}>
      {words}
    </Button>
  );
}

const TONES: Readonly<Record<string, Tone>> = {
  active: "ok", enrolled: "ok", ready: "ok", free: "ok", empty: "ok", disabled: "bad", revoked: "bad", locked: "bad", offered: "warn", pinOnce: "warn", unknown: "warn",
};

function Cell({ column, row, thing }: { readonly column: Column; readonly row: Row; readonly thing: Thing }) {
  const value = row[column.name];
  switch (column.kind) {
    case "state": {
      const state = column.name === "standing" ? standing(row) : String(value ?? "");
      const words = thing.name === "printers" ? printerWords(state) : t(`register.state.${state}`);
      return <Pill tone={TONES[state] ?? "plain"}>{words}</Pill>;
    }
    case "number":
      return <>{value === null || value === undefined ? "" : number(Number(value) / (column.scale ?? 1))}</>;
    case "moment":
      return <span class="soft">{typeof value === "string" ? dateTime(value) : t("register.never")}</span>;
    case "day":
      return <>{typeof value === "string" ? plainDate(value) : ""}</>;
    case "battery":
      return <>{typeof value === "number" ? t(row["charging"] === true ? "register.charging" : "register.battery", { n: value }) : t("register.notKnown")}</>;
    case "words":
      return <>{thing.name === "bins" ? t(`register.type.${String(value)}`) : t(`register.${column.name}.${String(value)}`)}</>;
    case "list":
      return <span class="soft">{Array.isArray(value) ? value.map((each) => (column.name === "roles" ? t(`role.${each}`) : String(each))).join(", ") : ""}</span>;
    case "yes":
      return value === true ? <><Icon name="check" size={18} /><span class="sr">{t("register.yes")}</span></> : <span class="sr">{t("register.no")}</span>;
    case "channel":
      return value === "others" ? <>{t("register.whose.others")}</> : <span class="mono">{String(value)}</span>;
    case "whose": {
      const [kind = "", ...name] = String(value ?? "").split(":");
      return kind === "" ? null : <>{t(`register.whose.${kind}`)} <span class="mono">{name.join(":")}</span></>;
    }
    default:
      return <>{value === null || value === undefined ? "" : column.name === "roles" ? wordOf(String(value)) : String(value)}</>;
  }
}
