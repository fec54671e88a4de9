import type { ComponentChildren } from "preact";
import { Label, navigate, t, wordOf } from "../../ui";
import { addressOf, type Wanted } from "./flow";

/** The answer in one line: its status, and why it was no yes. */
export const ReasonWords = ({ status, reason }: { readonly status: number | null; readonly reason: string | null }) => (
  <span>{[...(status === null ? [] : [t("webhooks.status", { status: String(status) })]), ...(reason === null || reason === "" ? [] : [wordOf(reason)])].join(" · ")}</span>
);

/** A name and what it is, under each other. */
export const Fact = ({ name, children }: { readonly name: string; readonly children: ComponentChildren }) => (
  <div class="webhooks-fact">
    <Label>{name}</Label>
    <div>{children}</div>
  </div>
);

/** A body as it was sent. It may be long: it scrolls by itself. */
export const Body = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <pre class="webhooks-body mono" tabIndex={0} role="region" aria-label={label}>
    {text}
  </pre>
);

interface ChoiceProps {
  /** For who hears it; others see it in the first option. */
  readonly label: string;
  readonly all: string;
  readonly value: string | null;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly wide?: boolean;
  readonly onChoose: (value: string | null) => void;
}

/** One of these, or all. */
export const Choice = ({ label, all, value, options, wide, onChoose }: ChoiceProps) => (
  <label class={wide === true ? "field grow" : "field"}>
    <span class="sr">{label}</span>
    <select value={value ?? ""} onChange={(event) => onChoose(event.currentTarget.value || null)}>
      <option value="">{all}</option>
      {options.map(([each, words]) => (
        <option key={each} value={each}>
          {words}
        </option>
      ))}
    </select>
  </label>
);

/** One of these states, or all. */
export const StateChoice = ({ states, value, onChoose }: { readonly states: readonly string[]; readonly value: string | null; readonly onChoose: (value: string | null) => void }) => (
  <Choice label={t("webhooks.column.state")} all={t("webhooks.everyState")} value={value} options={states.map((state) => [state, wordOf(state)] as const)} onChoose={onChoose} />
);

/** To the newest of a list, and to what is older. */
export const Pages = ({ wanted, next }: { readonly wanted: Wanted; readonly next: string | null | undefined }) => (
  <nav class="webhooks-does" aria-label={t("webhooks.pages")}>
    {wanted.after === null ? null : <a class="btn small line" href={addressOf({ ...wanted, after: null })}>{t("webhooks.newest")}</a>}
    <span class="grow" />
    {next == null ? null : <a class="btn small line" href={addressOf({ ...wanted, after: next })}>{t("webhooks.older")}</a>}
  </nav>
);

interface TableProps {
  readonly name: string;
  readonly columns: readonly string[];
  /** The column whose figures stand under each other. */
  readonly figures?: string;
  readonly children: ComponentChildren;
}

/** A list of what was sent, one way or the other. */
export const Table = ({ name, columns, figures, children }: TableProps) => (
  <div class="panel webhooks-table" role="region" aria-label={name} tabIndex={0}>
    <table class="table">
      <caption class="sr">{name}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th scope="col" key={column} class={column === figures ? "n" : ""}>
              {t(`webhooks.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);

/** A row that leads to the one thing it tells of; its first cell is the link for who has no pointer. */
export const Row = ({ to, first, children }: { readonly to: string; readonly first: string; readonly children: ComponentChildren }) => (
  <tr class="link" onClick={() => navigate(to)}>
    <td>
      <a href={to}>{first}</a>
    </td>
    {children}
  </tr>
);
