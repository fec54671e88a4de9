/** Why: who takes an order types a piece of a name and takes what is meant by the arrow keys, the hand never leaves the keyboard. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren, Ref } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import type { Said } from "../core/machine";
import { whyNot } from "../core/refused";
import "./finder.css";
import { Fault } from "./parts";
import { t } from "./i18n";

/** The element's types want a datalist with this role; ours is a list of our own. */
const COMBOBOX: object = { type: "search", role: "combobox", "aria-autocomplete": "list" };
/** Before it is asked for what is being typed, ms. */
const REST = 120;

export interface FinderProps<T> {
  readonly label: string;
  readonly hint?: string;
  /** What is found by a text, the best first. */
  readonly ask: (text: string) => Promise<readonly T[]>;
  readonly keyOf: (found: T) => string;
  readonly row: (found: T) => ComponentChildren;
  readonly choose: (found: T) => void;
  /** Enter in an empty field: the next thing is due. */
  readonly onNothing?: () => void;
  readonly input?: Ref<HTMLInputElement>;
  readonly autoFocus?: boolean;
}

/** A field that finds (ARIA's combobox): what is typed is asked for by itself, arrows go through it, Enter takes it. */
export function Finder<T>({ label, hint, ask, keyOf, row, choose, onNothing, input, autoFocus }: FinderProps<T>) {
  const id = useId();
  const text = useSignal("");
  const found = useSignal<readonly T[] | null>(null);
  const at = useSignal(0);
  const fault = useSignal<Said | null>(null);
  const asked = useRef(0);
  /** What the rows were found by: they are no answer to what was typed since. */
  const by = useRef("");
  const own = useRef<HTMLInputElement>(null);
  /** Enter was hit before the answer came: the first of it is taken. */
  const eager = useRef(false);
  const field = (input ?? own) as typeof own;
  useEffect(() => {
    if (autoFocus === true) field.current?.focus();
  }, []);
  const clear = (): void => {
    text.value = "";
    found.value = null;
    fault.value = null;
    eager.current = false;
    asked.current += 1;
  };
  const take = (one: T): void => {
    clear();
    choose(one);
  };
  useEffect(() => {
    const wanted = text.value.trim();
    const mine = (asked.current += 1);
    if (wanted === "") return void (found.value = null);
    const timer = setTimeout(() => {
      ask(wanted).then(
        (items) => {
          if (mine !== asked.current) return;
          at.value = 0;
          by.current = wanted;
          found.value = items;
          fault.value = null;
          const [first] = items;
          if (eager.current && first !== undefined) take(first);
          eager.current = false;
        },
        (error: unknown) => void (mine === asked.current && (fault.value = whyNot(error))),
      );
    }, REST);
    return () => clearTimeout(timer);
  }, [text.value]);
  const rows = found.value ?? [];
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => void (at.value = Math.min(at.value + 1, rows.length - 1)),
    ArrowUp: () => void (at.value = Math.max(at.value - 1, 0)),
    Escape: clear,
    Enter: () => {
      const one = rows[at.value];
      if (text.value.trim() === "") onNothing?.();
      else if (found.value === null || by.current !== text.value.trim()) eager.current = true;
      else if (one !== undefined) take(one);
    },
  };
  return (
    <div class="finder">
      <div class="field">
        <label for={id}>{label}</label>
        <input
          ref={field}
          id={id}
          {...COMBOBOX}
          aria-expanded={rows.length > 0}
          aria-controls={`${id}-list`}
          {...(rows.length > 0 ? { "aria-activedescendant": `${id}-${at.value}` } : {})}
          placeholder={hint ?? ""}
          value={text.value}
          maxLength={100}
          autocomplete="off"
          onInput={(event) => (text.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            const does = keys[event.key];
            if (does === undefined || event.isComposing || (event.key === "Escape" && text.value === "")) return;
            event.preventDefault();
            does();
          }}
        />
      </div>
      <Fault why={fault.value} />
      <ul id={`${id}-list`} class="finder-list" role="listbox" aria-label={label}>
        {rows.map((each, i) => (
          <li key={keyOf(each)} id={`${id}-${i}`} role="option" aria-selected={i === at.value} onClick={() => take(each)}>
            {row(each)}
          </li>
        ))}
      </ul>
      <p class="soft" role="status">{found.value === null ? "" : rows.length === 0 ? t("finder.none") : t("finder.found", { n: rows.length })}</p>
    </div>
  );
}
