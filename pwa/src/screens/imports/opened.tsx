import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Said } from "../../core/machine";
import { whyNot } from "../../core/refused";
import { Button, Fault, Icon, Label, Panel, Pill, ProgressBar, said, Spinner, t, useApp } from "../../ui";
import { addressOf, isMoving, isWorthIt, isWritten, sentences, type Fault as RowFault, type Import, type Input, type Page, type Skipped as RowSkipped } from "./flow";
import { kindWords, TONES } from "./former";

interface OpenedProps {
  readonly seen: Import | null;
  readonly busy: boolean;
  readonly fault: Said | null;
  readonly send: (input: Input) => void;
}

/** One import: what it would come to, how far it is, what is wrong in it. */
export function Opened({ seen, busy, fault, send }: OpenedProps) {
  return (
    <div class="imports-opened">
      <p>
        <a class="btn small line" href={addressOf(null, null)}>
          <Icon name="back" size={20} />
          {t("imports.another")}
        </a>
      </p>
      {seen === null ? fault === null ? <Spinner label={t("common.loading")} /> : <Fault why={fault} /> : <Whole seen={seen} busy={busy} fault={fault} send={send} />}
    </div>
  );
}

function Whole({ seen, busy, fault, send }: OpenedProps & { readonly seen: Import }) {
  const counts = isWritten(seen) ? seen.written : seen.checked;
  return (
    <>
      <Panel>
        <div class="imports-progress">
          <div class="row imports-name">
            <h2>{seen.file_name || kindWords(seen.kind)}</h2>
            <span class="soft">{kindWords(seen.kind)}</span>
            <span class="grow" />
            <span role="status">
              <Pill big tone={TONES[seen.state] ?? "plain"}>{t(`imports.state.${seen.state}`)}</Pill>
            </span>
          </div>
          {isMoving(seen) ? <Progress seen={seen} /> : null}
          {seen.why === "" ? null : <Fault why={{ key: "common.said", params: { text: seen.why } }} />}
          {seen.state === "checking" ? null : <Outlook seen={seen} />}
          {seen.written.records === 0 ? null : (
            <p>
              <a class="btn small line" href={`/api/imports/${seen.id}/report.csv`} download>
                {t("imports.report")}
              </a>
            </p>
          )}
          <Fault why={fault} />
          <Buttons seen={seen} busy={busy} send={send} />
        </div>
      </Panel>
      {seen.notes.length === 0 ? null : <Notes seen={seen} />}
      {counts.faults === 0 ? null : <Faults seen={seen} count={counts.faults} />}
      {counts.skipped === 0 ? null : <Skipped seen={seen} count={counts.skipped} />}
      {seen.preview.length === 0 ? null : <Preview seen={seen} />}
    </>
  );
}

function Progress({ seen }: { readonly seen: Import }) {
  const words =
    seen.state === "checking" ? t("imports.looking", { rows: seen.checked.rows }) : t("imports.writing", { done: seen.written.records, all: seen.checked.records });
  return (
    <>
      <p class="soft">{words}</p>
      <ProgressBar parts={[{ value: Math.round(seen.progress * 100), tone: "accent" }]} total={100} label={words} tall />
    </>
  );
}

/** What will happen, or what was done, in sentences. */
function Outlook({ seen }: { readonly seen: Import }) {
  const written = isWritten(seen);
  const when = written || seen.state === "cancelled" || seen.state === "failed" ? "did" : "will";
  return (
    <div>
      <Label>{t(`imports.${when}`)}</Label>
      <ul class="imports-sentences">
        {sentences(seen.kind, when === "did" ? seen.written : seen.checked, when).map((each) => (
          <li key={each.key}>{said(each)}</li>
        ))}
        {seen.state === "cancelled" && seen.written.records > 0 ? <li>{t("imports.stays")}</li> : null}
      </ul>
    </div>
  );
}

function Buttons({ seen, busy, send }: Pick<OpenedProps, "busy" | "send"> & { readonly seen: Import }) {
  if (seen.allowed.length === 0) return null;
  const faulty = seen.checked.faulty > 0;
  return (
    <>
      {seen.state === "checked" && faulty ? <p class="soft">{t(isWorthIt(seen.checked) ? "imports.mend" : "imports.mendAll")}</p> : null}
      <div class="imports-buttons">
        {seen.allowed.includes("start") && isWorthIt(seen.checked) ? (
          <Button busy={busy} icon="check" onTap={() => send({ type: "start" })}>{t(faulty ? "imports.startWithout" : "imports.start")}</Button>
        ) : null}
        {seen.allowed.includes("cancel") ? (
          <Button kind="quiet" disabled={busy} onTap={() => send({ type: "cancel" })}>{t(seen.state === "checked" ? "imports.discard" : "imports.cancel")}</Button>
        ) : null}
      </div>
    </>
  );
}

const Notes = ({ seen }: { readonly seen: Import }) => (
  <Panel label={t("imports.noted")} tone={seen.notes.some((note) => note.code === "assumed") ? "warn" : "plain"}>
    <ul class="imports-sentences">
      {seen.notes.map((note) => (
        <li key={note.code}>{note.text}</li>
      ))}
    </ul>
  </Panel>
);

const SEPARATORS: Readonly<Record<string, string>> = { ",": "comma", ";": "semicolon", "\t": "tab" };

const Preview = ({ seen }: { readonly seen: Import }) => (
  <div class="imports-section">
    <Label>{t("imports.preview")}</Label>
    <p class="soft">{t("imports.read", { encoding: t(`imports.encoding.${seen.encoding}`), separator: t(`imports.separator.${SEPARATORS[seen.separator] ?? "comma"}`) })}</p>
    <div class="panel imports-table" role="region" aria-label={t("imports.preview")} tabIndex={0}>
      <table class="table">
        <thead>
          <tr>
            {seen.columns.map(({ header, column }, at) => (
              <th scope="col" key={at}>
                {header}
                <span class={column === null ? "imports-required" : "imports-taken"}>{column ?? t("imports.ignored")}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {seen.preview.map((cells, row) => (
            <tr key={row}>
              {seen.columns.map(({ column }, at) => (
                <td key={at} class={column === null ? "soft" : ""}>
                  {cells[at] ?? ""}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </div>
);

/** The rows of a list of this import, a page at a time; the first one anew whenever it goes on to something else. */
function usePages<Row>(seen: Import, list: "faults" | "skipped") {
  const { http } = useApp();
  const rows = useSignal<readonly Row[]>([]);
  const next = useSignal<string | null>("0");
  const fault = useSignal<Said | null>(null);
  const phase = isWritten(seen) ? "run" : "check";
  const more = (after: string): Promise<void> =>
    http.get<Page<Row>>(`/imports/${seen.id}/${list}`, { query: { after, limit: 50 } }).then(
      (page) => {
        rows.value = after === "0" ? page.items : [...rows.value, ...page.items];
        next.value = page.next;
        fault.value = null;
      },
      (error: unknown) => void (fault.value = whyNot(error)),
    );
  useEffect(() => void more("0"), [seen.id, phase, seen.state]);
  return { rows: rows.value, fault: fault.value, further: next.value === null || next.value === "0" ? null : () => void more(next.value ?? "0") };
}

function Skipped({ seen, count }: { readonly seen: Import; readonly count: number }) {
  const { rows, fault, further } = usePages<RowSkipped>(seen, "skipped");
  return (
    <div class="imports-section">
      <Label>{t("imports.skipped", { n: count })}</Label>
      <div class="panel imports-table" role="region" aria-label={t("imports.skipped", { n: count })} tabIndex={0}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col" class="n">{t("imports.row")}</th>
              <th scope="col">{t("imports.why")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((each) => (
              <tr key={each.number}>
                <td class="n">{String(each.row)}</td>
                <td>{each.why}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Fault why={fault} />
      {further === null ? null : <Button kind="line" onTap={further}>{t("imports.moreSkipped")}</Button>}
    </div>
  );
}

function Faults({ seen, count }: { readonly seen: Import; readonly count: number }) {
  const { rows, fault, further } = usePages<RowFault>(seen, "faults");
  return (
    <div class="imports-section">
      <div class="row imports-name">
        <Label>{t("imports.faults", { n: count })}</Label>
        <span class="grow" />
        <a class="btn small line" href={`/api/imports/${seen.id}/faults.csv`} download>
          {t("imports.download")}
        </a>
      </div>
      <div class="panel imports-table" role="region" aria-label={t("imports.faults", { n: count })} tabIndex={0}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col" class="n">{t("imports.row")}</th>
              <th scope="col">{t("imports.column")}</th>
              <th scope="col">{t("imports.wrong")}</th>
              <th scope="col">{t("imports.wanted")}</th>
              <th scope="col">{t("imports.got")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((each) => (
              <tr key={each.number}>
                <td class="n">{String(each.row)}</td>
                <td class="mono">{each.column}</td>
                <td>{each.message}</td>
                <td>{each.wanted}</td>
                <td class="mono">{each.got}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Fault why={fault} />
      {further === null ? null : <Button kind="line" onTap={further}>{t("imports.more")}</Button>}
    </div>
  );
}
