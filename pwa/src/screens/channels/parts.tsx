import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Label, navigate, t, wordOf } from "../../ui";
import { addressOf, type Wanted, type Wrong } from "./flow";

/** A name and what it is, under each other. */
export const Fact = ({ name, children }: { readonly name: string; readonly children: ComponentChildren }) => (
  <div class="channels-fact">
    <Label>{name}</Label>
    <div>{children}</div>
  </div>
);

/** A body as it came. It may be long: it scrolls by itself. */
export const Body = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <pre class="channels-body mono" tabIndex={0} role="region" aria-label={label}>
    {text}
  </pre>
);

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly onChoose: (value: string) => void;
}

/** One of these. */
export const Choice = ({ label, value, options, onChoose }: ChoiceProps) => (
  <label class="field">
    <span>{label}</span>
    <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
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
  <Choice label={t("channels.column.state")} value={value ?? ""} options={[["", t("channels.everyState")], ...states.map((state) => [state, wordOf(state)] as const)]} onChoose={(chosen) => onChoose(chosen || null)} />
);

interface LinesProps {
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly rows?: number;
  readonly onInput: (value: string) => void;
}

/** Several lines of text with a word on what they are. */
export function Lines({ label, help, value, rows = 3, onInput }: LinesProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea id={id} class="mono" rows={rows} value={value} spellcheck={false} aria-describedby={`${id}-help`} onInput={(event) => onInput(event.currentTarget.value)} />
      <span class="soft" id={`${id}-help`}>{help}</span>
    </div>
  );
}

/** What is wrong, each at its field. */
export const Faults = ({ faults }: { readonly faults: readonly Wrong[] }) =>
  faults.length === 0 ? null : (
    <ul class="channels-faults">
      {faults.map((each, i) => (
        <li key={i} class="panel padded">
          <b class="mono">{each.field}</b>
          <p>{each.message}</p>
          {each.wanted === undefined && each.got === undefined ? null : <p class="soft">{t("channels.fault", { wanted: each.wanted ?? "–", got: each.got ?? "–" })}</p>}
        </li>
      ))}
    </ul>
  );

/** To the newest of a list, and to what is older. */
export const Pages = ({ wanted, next }: { readonly wanted: Wanted; readonly next: string | null | undefined }) => (
  <nav class="channels-does" aria-label={t("channels.pages")}>
    {wanted.after === null ? null : <a class="btn small line" href={addressOf({ ...wanted, after: null })}>{t("channels.newest")}</a>}
    <span class="grow" />
    {next == null ? null : <a class="btn small line" href={addressOf({ ...wanted, after: next })}>{t("channels.older")}</a>}
  </nav>
);

interface TableProps {
  readonly name: string;
  readonly columns: readonly string[];
  /** The columns whose figures stand under each other. */
  readonly figures?: readonly string[];
  readonly children: ComponentChildren;
}

/** A list of what came. */
export const Table = ({ name, columns, figures = [], children }: TableProps) => (
  <div class="panel channels-table" role="region" aria-label={name} tabIndex={0}>
    <table class="table">
      <caption class="sr">{name}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th scope="col" key={column} class={figures.includes(column) ? "n" : ""}>
              {t(`channels.column.${column}`)}
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
