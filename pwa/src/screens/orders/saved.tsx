import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Said } from "../../core/machine";
import { whyNot } from "../../core/refused";
import { Button, Dialog, Fault, Field, t, useApp, useBack, useFocusBack } from "../../ui";
import { useDoing } from "../../ui/doing";
import { addressOf, isSame, type SavedView, type Wanted } from "./flow";

/** What this person looks at again and again: one tap away, kept with the person and not with the browser. */
export function Saved({ wanted }: { readonly wanted: Wanted }) {
  const { http } = useApp();
  const views = useSignal<readonly SavedView[]>([]);
  const naming = useSignal<string | null>(null);
  const unread = useSignal<Said | null>(null);
  const { busy, fault, go, forget: begin } = useDoing();
  // What was kept or forgotten takes the button that asked for it away.
  const whole = useFocusBack<HTMLDivElement>(busy.value || naming.value !== null);
  const took = (found: { readonly items: readonly SavedView[] }): void => void (views.value = found.items);
  const load = (): void => void http.get<{ readonly items: readonly SavedView[] }>("/orders/views").then(
    (found) => {
      unread.value = null;
      took(found);
    },
    (error: unknown) => void (unread.value = whyNot(error)),
  );
  useEffect(load, []);
  useBack(() => void (unread.value !== null && load()));
  const here = views.value.find((view) => isSame(view, wanted));
  const save = (name: string): void =>
    go(() => http.put<{ readonly items: readonly SavedView[] }>("/orders/views", { name, q: wanted.q, status: wanted.status }), (found) => {
      took(found);
      naming.value = null;
    });
  const forget = (name: string): void => go(() => http.delete(`/orders/views?name=${encodeURIComponent(name)}`), () => void (views.value = views.value.filter((each) => each.name !== name)));
  const ask = (): void => {
    begin();
    naming.value = "";
  };
  const asks = wanted.q !== null || wanted.status !== null;
  if (views.value.length === 0 && !asks && unread.value === null) return null;
  return (
    <div ref={whole} tabIndex={-1} class="orders-saved" role="group" aria-label={t("orders.saved")}>
      {views.value.map((view) => (
        <a key={view.name} class="btn small line" href={addressOf({ ...view, after: null })} {...(view === here ? { "aria-current": "page" as const } : {})}>
          {view.name}
        </a>
      ))}
      {here !== undefined ? <Button kind="line" busy={busy.value} onTap={() => forget(here.name)}>{t("orders.forget", { name: here.name })}</Button> : null}
      {here === undefined && asks ? <Button kind="line" icon="plus" onTap={ask}>{t("orders.save")}</Button> : null}
      {naming.value === null ? <Fault why={fault.value ?? unread.value} /> : (
        <Dialog title={t("orders.save")} onClose={() => (naming.value = null)}>
          <form
            class="orders-name"
            onSubmit={(event) => {
              event.preventDefault();
              save((naming.value ?? "").trim());
            }}
          >
            <Field label={t("orders.name")} value={naming.value} onInput={(name) => (naming.value = name)} maxLength={40} autoFocus />
            <Fault why={fault.value} />
            <Button kind="small" submit busy={busy.value} disabled={naming.value.trim() === ""}>{t("orders.save")}</Button>
          </form>
        </Dialog>
      )}
    </div>
  );
}
