import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Http } from "../../adapters/http";
import { whyNot } from "../../core/refused";
import { Button, Fault, Icon, t, useApp, useFlow, type Flow } from "../../ui";
import type { Choice } from "../../ui/menu";
import type { List, Wanted } from "./flow";
import { mayPrint, MOST, papers, start, TOO_MANY, withoutOf, type Effect, type Input, type State } from "./papers";
import type { State as Picking } from "./picking";

type Send = (input: Input) => void;
type Make = Extract<Effect, { type: "make" }>;

/** Drawing a thousand papers takes seconds, and so does the way over a slow line. */
const LONGEST = 180_000;

/** Makes papers of what the list finds, one PDF at a time; what is unfinished or unread goes with the screen. */
export function usePapers(wanted: Wanted): Flow<State, Input> {
  const { http } = useApp();
  const running = useRef<AbortController | null>(null);
  const flow = useFlow<State, Input, Effect>(papers, () => start, (effect, send) => {
    if (effect.type === "stop") running.current?.abort();
    else if (effect.type === "forget") URL.revokeObjectURL(effect.url);
    else {
      const { signal } = (running.current = new AbortController());
      made(http, effect, wanted, signal).then(
        (then) => (signal.aborted ? undefined : send(then())),
        (error: unknown) => (signal.aborted ? undefined : send({ type: "failed", why: whyNot(error) })),
      );
    }
  });
  useEffect(() => () => flow.send({ type: "close" }), []);
  return flow;
}

/** What became of it, to be said if somebody still waits: only then the PDF is kept. */
async function made(http: Http, { kind, orders }: Make, wanted: Wanted, signal: AbortSignal): Promise<() => Input> {
  const numbers = orders ?? (await found(http, wanted, signal));
  if (numbers === null) return () => ({ type: "failed", why: TOO_MANY });
  const { blob, headers } = await http.file(`/orders/${kind}.pdf`, { orders: numbers }, { timeout: LONGEST, signal });
  const without = withoutOf(headers.get("x-pickwave-without"));
  return () => ({ type: "made", made: { url: URL.createObjectURL(blob), orders: numbers.length - without.length, without } });
}

/** The numbers of all that are found; null where they are more than are printed at once. */
async function found(http: Http, { status, q }: Wanted, signal: AbortSignal): Promise<readonly number[] | null> {
  const list = await http.get<List>("/orders", { query: { limit: MOST, status, q }, signal });
  return list.next === null ? list.items.map((row) => row.number) : null;
}

/** What whoever may can print of the chosen orders: one thing at a time. */
export function usePrintable(chosen: Picking, { state, send }: Flow<State, Input>): readonly Choice[] {
  const permissions = useApp().who.value.signedIn?.permissions ?? [];
  if (state.value.mode === "making") return [];
  const orders = chosen.all ? null : chosen.chosen;
  return mayPrint(permissions).map((kind) => ({ key: kind, words: t(`orders.papers.do.${kind}`), onChoose: () => send({ type: "print", kind, orders }) }));
}

/** That it is made, then the way to it, which takes the focus if that is still where it was asked for. */
export function Papers({ state, send }: { readonly state: State; readonly send: Send }) {
  const way = useRef<HTMLAnchorElement>(null);
  const asked = useRef<Element | null>(null);
  useLayoutEffect(() => {
    if (state.mode === "making") asked.current = document.activeElement;
    if (state.mode === "ready" && document.activeElement === asked.current) way.current?.focus();
    // The button that broke it off or closed it went with it.
    if (state.mode === "none" && document.activeElement === document.body) (asked.current as HTMLElement | null)?.focus();
  }, [state.mode]);
  if (state.mode === "none") return null;
  return (
    <section class="panel padded orders-job" aria-label={t("orders.papers.title")}>
      <div class="row orders-answers">
        {state.mode === "making" ? <span class="spinner" aria-hidden="true" /> : null}
        <p role="status" class="grow">{state.mode === "failed" ? t(`orders.papers.do.${state.kind}`) : state.mode === "making" ? t(`orders.papers.making.${state.kind}`) : t(`orders.papers.ready.${state.kind}`, { n: state.made.orders })}</p>
        {state.mode === "ready" ? <a ref={way} class="btn small" href={state.made.url} target="_blank" rel="noreferrer">{t("orders.papers.open")}</a> : null}
        <Button key="close" kind="line" onTap={() => send({ type: "close" })}>{t(state.mode === "making" ? "orders.bulk.stop" : "orders.bulk.close")}</Button>
      </div>
      <Fault why={state.mode === "failed" ? state.why : null} />
      {state.mode === "ready" && state.made.without.length > 0 ? <Without numbers={state.made.without} /> : null}
    </section>
  );
}

const Without = ({ numbers }: { readonly numbers: readonly number[] }) => (
  <div>
    <p class="orders-refused"><Icon name="warn" size={18} /> {t("orders.papers.without", { n: numbers.length })}</p>
    <p class="orders-without">
      {numbers.map((number) => <a key={number} class="mono" href={`/orders/${number}`}>{String(number)}</a>)}
    </p>
  </div>
);
