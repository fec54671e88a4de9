import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Said } from "../../core/machine";
import { whyNot } from "../../core/refused";
import { KINDS } from "../../generated/imports";
import { Button, dateTime, Empty, Label, language, navigate, number, Pill, said, Spinner, t, useApp, type Tone } from "../../ui";
import { addressOf, isWritten, type Import, type Page } from "./flow";

export const TONES: Readonly<Record<string, Tone>> = { checking: "accent", checked: "warn", running: "accent", done: "ok", cancelled: "plain", failed: "bad" };
const PAGE = 20;

export const kindWords = (name: string): string => KINDS.find((kind) => kind.name === name)?.words[language.value] ?? name;

/** What was brought in before, a page at a time. */
export function Former({ after }: { readonly after: string | null }) {
  const { http } = useApp();
  const page = useSignal<Page<Import> | null>(null);
  const fault = useSignal<Said | null>(null);
  const tries = useSignal(0);
  useEffect(() => {
    let current = true;
    fault.value = null;
    http.get<Page<Import>>("/imports", { query: { limit: PAGE, after } }).then(
      (found) => void (current && (page.value = found)),
      (error: unknown) => void (current && (fault.value = whyNot(error))),
    );
    return () => {
      current = false;
    };
  }, [after, tries.value, http]);
  return (
    <div class="imports-former">
      <Label>{t("imports.former")}</Label>
      {fault.value === null ? null : (
        <Empty icon="warn" title={said(fault.value)}>
          <Button kind="quiet" onTap={() => (tries.value += 1)}>{t("common.again")}</Button>
        </Empty>
      )}
      {page.value !== null ? <Rows page={page.value} after={after} /> : fault.value === null ? <Spinner label={t("common.loading")} /> : null}
    </div>
  );
}

function Rows({ page, after }: { readonly page: Page<Import>; readonly after: string | null }) {
  if (page.items.length === 0) return <Empty icon="list" title={t("imports.none")} />;
  return (
    <>
      <div class="panel imports-table" role="region" aria-label={t("imports.former")} tabIndex={0}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t("imports.file")}</th>
              <th scope="col">{t("imports.state")}</th>
              <th scope="col" class="n">{t("imports.rows")}</th>
              <th scope="col">{t("imports.when")}</th>
              <th scope="col">{t("imports.by")}</th>
            </tr>
          </thead>
          <tbody>
            {page.items.map((each) => (
              <tr key={each.id} class="link" onClick={() => navigate(addressOf(each.id, null))}>
                <td>
                  <a href={addressOf(each.id, null)}>{each.file_name || kindWords(each.kind)}</a>
                  <span class="soft imports-kind">{kindWords(each.kind)}</span>
                </td>
                <td>
                  <Pill tone={TONES[each.state] ?? "plain"}>{t(`imports.state.${each.state}`)}</Pill>
                </td>
                <td class="n">{number((isWritten(each) ? each.written : each.checked).rows)}</td>
                <td class="soft">{dateTime(each.created_at)}</td>
                <td class="soft">{each.created_by}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <nav class="imports-pages" aria-label={t("imports.pages")}>
        {after === null ? null : <a class="btn small line" href={addressOf(null, null)}>{t("imports.newest")}</a>}
        <span class="grow" />
        {page.next === null ? null : <a class="btn small line" href={addressOf(null, page.next)}>{t("imports.older")}</a>}
      </nav>
    </>
  );
}
