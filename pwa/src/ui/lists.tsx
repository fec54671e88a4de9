/** Why: what came and what was sent is looked at in the same way everywhere: tabs, a choice of states, a table, one of it with its body. */

import type { ComponentChildren } from "preact";
import { t, wordOf } from "./i18n";
import "./lists.css";
import { Label } from "./parts";
import { navigate } from "./router";

export interface Tab {
  readonly key: string;
  readonly words: string;
  readonly to: string;
}

interface HeadProps {
  readonly title: string;
  /** What the tabs are of. */
  readonly label: string;
  readonly tabs: readonly Tab[];
  /** The key of the tab that one is at. */
  readonly here: string;
}

/** The title of a screen, and its parts beside it. */
export const Head = ({ title, label, tabs, here }: HeadProps) => (
  <div class="lists-head">
    <h1>{title}</h1>
    <nav class="lists-tabs" aria-label={label}>
      {tabs.map(({ key, words, to }) => (
        <a key={key} href={to} {...(key === here ? { "aria-current": "page" as const } : {})}>
          {words}
        </a>
      ))}
    </nav>
  </div>
);

/** A name and what it is, under each other. */
export const Fact = ({ name, children }: { readonly name: string; readonly children: ComponentChildren }) => (
  <div class="lists-fact">
    <Label>{name}</Label>
    <div>{children}</div>
  </div>
);

/** A body as it came or was sent. It may be long: it scrolls by itself. */
export const Body = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <pre class="lists-body mono" tabIndex={0} role="region" aria-label={label}>
    {text}
  </pre>
);

interface ChoiceProps {
  readonly label: string;
  /** The label is for who hears it; others see it in the first option. */
  readonly bare?: boolean;
  readonly wide?: boolean;
  readonly value: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly onChoose: (value: string) => void;
}

/** One of these. */
export const Choice = ({ label, bare, wide, value, options, onChoose }: ChoiceProps) => (
  <label class={wide === true ? "field grow" : "field"}>
    <span class={bare === true ? "sr" : ""}>{label}</span>
    <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
      {options.map(([each, words]) => (
        <option key={each} value={each}>
          {words}
        </option>
      ))}
    </select>
  </label>
);

interface NarrowProps extends Pick<ChoiceProps, "label" | "options" | "wide"> {
  readonly all: string;
  /** null: all. */
  readonly value: string | null;
  readonly onChoose: (value: string | null) => void;
}

/** One of these, or all: what a list is narrowed to. */
export const Narrow = ({ all, value, options, onChoose, ...rest }: NarrowProps) => (
  <Choice {...rest} bare value={value ?? ""} options={[["", all], ...options]} onChoose={(chosen) => onChoose(chosen || null)} />
);

/** One of these states, or all. */
export const NarrowState = ({ states, ...rest }: { readonly states: readonly string[] } & Pick<NarrowProps, "value" | "onChoose">) => (
  <Narrow label={t("lists.state")} all={t("lists.everyState")} options={states.map((state) => [state, wordOf(state)] as const)} {...rest} />
);

interface PagesProps {
  /** Where the page behind this one is; null: the newest. */
  readonly to: (after: string | null) => string;
  readonly after: string | null;
  readonly next: string | null | undefined;
}

/** To the newest of a list, and to what is older. */
export const Pages = ({ to, after, next }: PagesProps) => (
  <nav class="lists-does" aria-label={t("lists.pages")}>
    {after === null ? null : <a class="btn small line" href={to(null)}>{t("lists.newest")}</a>}
    <span class="grow" />
    {next == null ? null : <a class="btn small line" href={to(next)}>{t("lists.older")}</a>}
  </nav>
);

interface TableProps<C extends string> {
  readonly name: string;
  readonly columns: readonly C[];
  readonly words: (column: C) => string;
  /** The columns whose figures stand under each other. */
  readonly figures?: readonly C[];
  readonly children: ComponentChildren;
}

/** A list of what came or was sent; it scrolls by itself where it is wide. */
export const Table = <C extends string>({ name, columns, words, figures = [], children }: TableProps<C>) => (
  <div class="panel lists-table" role="region" aria-label={name} tabIndex={0}>
    <table class="table">
      <caption class="sr">{name}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th scope="col" key={column} class={figures.includes(column) ? "n" : ""}>
              {words(column)}
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
