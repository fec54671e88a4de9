/** Why: the few parts that every screen is put together from. */

import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect } from "preact/hooks";
import type { Said } from "../core/machine";
import { useFocus } from "./hooks";
import { said, unitsApart } from "./i18n";
import { Icon, type IconName } from "./icons";

export type Tone = "plain" | "ok" | "bad" | "warn" | "accent";
const tone = (name: Tone | undefined): string => (name === undefined || name === "plain" ? "" : ` ${name}`);

export interface ButtonProps {
  /** `main`: 72 px, one a screen · `quiet`: the exceptions in the footer · `small`, `line`: on the desk · `bad`: what cannot be undone. */
  readonly kind?: "main" | "quiet" | "small" | "line" | "bad";
  readonly onTap?: () => void;
  readonly icon?: IconName;
  readonly wide?: boolean;
  readonly disabled?: boolean;
  readonly busy?: boolean;
  readonly submit?: boolean;
  readonly label?: string;
  readonly children?: ComponentChildren;
}

const KINDS = { main: "btn", quiet: "btn quiet", small: "btn small", line: "btn small line", bad: "btn small bad" } as const;

export function Button({ kind = "main", onTap, icon, wide, disabled, busy, submit, label, children }: ButtonProps) {
  return (
    <button
      type={submit === true ? "submit" : "button"}
      class={`${KINDS[kind]}${wide === true ? " wide" : ""}${busy === true ? " busy" : ""}`}
      disabled={disabled === true}
      aria-busy={busy === true}
      {...(busy === true ? { "aria-disabled": true } : {})}
      {...(label === undefined ? {} : { "aria-label": label })}
      onClick={(event) => {
        // A disabled button would lose the focus to nobody; this one keeps it and does nothing meanwhile, nor does its form.
        if (busy === true) event.preventDefault();
        else onTap?.();
      }}
    >
      {icon === undefined ? null : <Icon name={icon} size={kind === "main" ? 26 : 20} weight={2.4} />}
      {children}
    </button>
  );
}

export interface PillProps {
  readonly tone?: Tone;
  /** A dot before the words: `full` for a state that is well, `hollow` for one that is missing. */
  readonly dot?: "full" | "hollow";
  readonly big?: boolean;
  readonly children: ComponentChildren;
}

export const Pill = ({ tone: name, dot, big, children }: PillProps) => (
  <span class={`pill${tone(name)}${big === true ? " big" : ""}`}>
    {dot === undefined ? null : <i class={`dot${dot === "hollow" ? " hollow" : ""}`} aria-hidden="true" />}
    {children}
  </span>
);

export interface PanelProps {
  readonly tone?: Tone;
  readonly padded?: boolean;
  /** Small capitals above the content. */
  readonly label?: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

export const Panel = ({ tone: name, padded, label, class: more, children }: PanelProps) => (
  <section class={`panel${padded === false ? "" : " padded"}${tone(name)}${more === undefined ? "" : ` ${more}`}`}>
    {label === undefined ? null : <Label>{label}</Label>}
    {children}
  </section>
);

/** Small capitals; a unit keeps its letters: "1,310 g", not "1,310 G". */
export const Label = ({ children }: { readonly children: ComponentChildren }) => (
  <div class="lbl">{typeof children === "string" ? unitsApart(children).map((part, i) => (i % 2 === 0 ? part : <span class="unit">{part}</span>)) : children}</div>
);

export interface BarPart {
  readonly value: number;
  readonly tone?: "accent" | "warn" | "bad" | "quiet";
}

export interface ProgressBarProps {
  readonly parts: readonly BarPart[];
  readonly total: number;
  /** What it measures, for those who do not see it. */
  readonly label: string;
  readonly tall?: boolean;
}

/** Parts of a whole, side by side: picked · packed · loaded, or one part for a plain progress. */
export function ProgressBar({ parts, total, label, tall }: ProgressBarProps) {
  const done = parts.reduce((sum, part) => sum + part.value, 0);
  return (
    <div class={tall === true ? "bar tall" : "bar"} role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={total} aria-valuenow={done}>
      {parts.map((part) => (
        <i class={part.tone ?? ""} style={{ inlineSize: `${total === 0 ? 0 : (100 * part.value) / total}%` }} />
      ))}
    </div>
  );
}

export interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  /** It is the whole page: its title is the page's. */
  readonly page?: true;
  readonly children?: ComponentChildren;
}

/** Nothing here, and what that means. */
export const Empty = ({ icon, title, page, children }: EmptyProps) => (
  <div class="empty">
    <Icon name={icon} size={48} weight={1.6} />
    {page === true ? <h1>{title}</h1> : <h2>{title}</h2>}
    {children}
  </div>
);

export const Spinner = ({ label }: { readonly label: string }) => (
  <div class="empty" role="status">
    <span class="spinner" aria-hidden="true" />
    <span>{label}</span>
  </div>
);

/** Why something was refused. It stands there before it says anything, so that a screen reader hears it. */
export const Fault = ({ why }: { readonly why: Said | null }) => (
  <p class="fault" role="alert">
    {why === null ? null : (
      <>
        <Icon name="warn" size={20} />
        {said(why)}
      </>
    )}
  </p>
);

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly fault?: string | undefined;
  readonly type?: "text" | "password" | "search" | "number" | "email" | "date" | "time" | "datetime-local";
  readonly inputMode?: "none" | "text" | "numeric" | "decimal";
  readonly autoFocus?: boolean;
  readonly readOnly?: boolean;
  readonly maxLength?: number;
  readonly placeholder?: string;
  readonly class?: string;
}

/** A labelled field; a fault is said beside it. */
export function Field({ label, value, onInput, fault, type = "text", class: more, autoFocus = false, ...rest }: FieldProps) {
  const id = useId();
  const input = useFocus<HTMLInputElement>(autoFocus);
  useLayoutEffect(() => {
    // A number that stands there is typed over: behind it, 3 would make 13 of 1.
    if (autoFocus && (rest.inputMode === "numeric" || rest.inputMode === "decimal")) input.current?.select();
  }, [autoFocus]);
  return (
    <div class={`field${more === undefined ? "" : ` ${more}`}`}>
      <label for={id}>{label}</label>
      <input
        {...rest}
        ref={input}
        {...({ type } as { type: "text" }) /* the element's types are a union by this one attribute */}
        id={id}
        value={value}
        autocomplete="off"
        aria-invalid={fault !== undefined}
        {...(fault === undefined ? {} : { "aria-describedby": `${id}-fault` })}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {fault === undefined ? null : (
        <span class="fault" id={`${id}-fault`} role="alert">
          {fault}
        </span>
      )}
    </div>
  );
}
