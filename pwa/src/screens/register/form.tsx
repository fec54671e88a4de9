import { useId } from "preact/hooks";
import { Button, Dialog, Fault, Field, said, t } from "../../ui";
import type { Input, State } from "./flow";
import { faultsOf, type FieldDef, type Option, type Value } from "./forms";
import { fieldsOf, type Thing } from "./things";

type Options = Readonly<Record<string, readonly Option[]>>;

interface FormProps {
  readonly thing: Thing;
  readonly state: Extract<State, { mode: "form" }>;
  readonly options: Options;
  readonly tell: (input: Input) => void;
}

/** What is asked, what will happen, and where it can be seen before it happens, what it comes to. */
export function Form({ thing, state, options, tell }: FormProps) {
  const { act } = state;
  const add = state.row === null;
  const fields = fieldsOf(thing, act);
  const checked = { faults: faultsOf(fields, state.values) };
  const title = act === null ? (add ? `register.${thing.name}.add` : "register.change") : `register.act.${act}`;
  return (
    <Dialog title={t(title)} onClose={() => tell({ type: "close" })}>
      <form
        class="register-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!state.busy) tell({ type: "save", ...checked });
        }}
      >
        {fields.map((field, at) => (
          <One
            key={field.name}
            field={field}
            label={t(`register.${thing.name}.field.${field.name}`)}
            value={state.values[field.name] ?? ""}
            fault={state.faults[field.name] === undefined ? undefined : said(state.faults[field.name]!)}
            options={optionsOf(field, options)}
            locked={!add && act === null && field.fixed === true}
            first={at === 0}
            onInput={(value) => tell({ type: "type", name: field.name, value })}
          />
        ))}
        <p class="register-says">{t(act === null ? `register.${thing.name}.${add ? "says" : "saysChange"}` : `register.says.${act}`)}</p>
        {thing.look === undefined || act !== null ? null : (
          <div class="row">
            <Button kind="line" disabled={state.busy} onTap={() => tell({ type: "look", ...checked })}>{t("register.look")}</Button>
            <p role="status">{state.seen === null ? "" : t(`register.${thing.name}.seen`, state.seen as Record<string, string | number>)}</p>
          </div>
        )}
        <Fault why={state.fault} />
        <div class="row">
          <Button kind="small" submit busy={state.busy}>{t(act !== null ? `register.act.${act}` : add ? "register.save" : "register.saveChange")}</Button>
          <Button kind="line" disabled={state.busy} onTap={() => tell({ type: "close" })}>{t("common.cancel")}</Button>
        </div>
      </form>
    </Dialog>
  );
}

const optionsOf = (field: FieldDef, options: Options): readonly Option[] =>
  "options" in field ? (typeof field.options === "string" ? (options[field.options] ?? []) : field.options) : [];

/** Words that begin with a dot are this screen's, those of roles the house's, the others are names. */
export const optionWords = (words: string): string => (words.startsWith(".") ? t(`register${words}`) : words.startsWith("role.") ? t(words) : words);

interface OneProps {
  readonly field: FieldDef;
  readonly label: string;
  readonly value: Value;
  readonly fault: string | undefined;
  readonly options: readonly Option[];
  readonly locked: boolean;
  readonly first: boolean;
  readonly onInput: (value: Value) => void;
}

function One({ field, label, value, fault, options, locked, first, onInput }: OneProps) {
  const id = useId();
  if (locked) {
    return (
      <p class="register-locked">
        <span>{label}</span> <b class="mono">{String(value)}</b>
      </p>
    );
  }
  if (field.kind === "flag") {
    return (
      <label class="register-check">
        <input type="checkbox" checked={value === true} onChange={(event) => onInput(event.currentTarget.checked)} />
        {label}
      </label>
    );
  }
  if (field.kind === "many" || field.kind === "numbers") return <Many label={label} value={value as readonly string[]} options={options} fault={fault} onInput={onInput} />;
  if (field.kind === "choice") {
    return (
      <div class="field half">
        <label for={id}>{label}</label>
        <select id={id} value={String(value)} aria-invalid={fault !== undefined} onChange={(event) => onInput(event.currentTarget.value)}>
          {field.optional === undefined && value !== "" ? null : <option value="">{t(field.optional === undefined ? "register.choose" : `register.none.${field.name}`)}</option>}
          {options.map(([each, words]) => (
            <option key={each} value={each}>
              {optionWords(words)}
            </option>
          ))}
        </select>
        {fault === undefined ? null : <span class="fault" role="alert">{fault}</span>}
      </div>
    );
  }
  return (
    <Field
      label={label}
      value={String(value)}
      onInput={onInput}
      fault={fault}
      autoFocus={first}
      {...(field.kind === "text" ? {} : { class: "half" })}
      {...(field.kind === "text" ? { maxLength: field.max } : {})}
      {...(field.kind === "number" ? { inputMode: "decimal" as const } : {})}
      {...(field.kind === "time" || field.kind === "date" ? { type: field.kind } : {})}
    />
  );
}

interface ManyProps {
  readonly label: string;
  readonly value: readonly string[];
  readonly options: readonly Option[];
  readonly fault: string | undefined;
  readonly onInput: (value: readonly string[]) => void;
}

/** Some of several, in the order in which they were ticked. */
const Many = ({ label, value, options, fault, onInput }: ManyProps) => (
  <fieldset class="register-many">
    <legend>{label}</legend>
    {options.length === 0 ? <span class="soft">{t("register.nothingToChoose")}</span> : null}
    {options.map(([each, words]) => (
      <label class="register-check" key={each}>
        <input type="checkbox" checked={value.includes(each)} onChange={(event) => onInput(event.currentTarget.checked ? [...value, each] : value.filter((other) => other !== each))} />
        {optionWords(words)}
      </label>
    ))}
    {fault === undefined ? null : <span class="fault" role="alert">{fault}</span>}
  </fieldset>
);
