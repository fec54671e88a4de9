import type { ComponentChild } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { whyNot } from "../../core/refused";
import { Button, Dialog, Fault, Spinner, t, useApp, useFlow } from "../../ui";
import { linking, start, type Input, type LinkEffect, type State } from "./linking";

/** A way to the customer's link, and the link while it is shown, copied, taken back. */
export function useCustomersLink(number: string): { readonly open: () => void; readonly dialog: ComponentChild } {
  const { http } = useApp();
  const base = `/orders/${encodeURIComponent(number)}/link`;
  const { state, send } = useFlow<State, Input, LinkEffect>(linking, start, (effect, again) => {
    const failed = (error: unknown): void => again({ type: "failed", why: whyNot(error) });
    const given = ({ path }: { readonly path: string }): void => again({ type: "given", path });
    if (effect.type === "give") http.post<{ readonly path: string }>(base, {}).then(given, failed);
    else if (effect.type === "takeBack") http.post(`${base}/take-back`, {}).then(() => http.post<{ readonly path: string }>(base, {})).then(given, failed);
    else copy(location.origin + effect.path).then(() => again({ type: "copied" }), () => again({ type: "failed", why: { key: "order.linkNotCopied" } }));
  });
  const close = (): void => send({ type: "close" });
  return {
    open: () => send({ type: "open" }),
    dialog: state.value.mode === "closed" ? null : (
      <Dialog title={t("order.linkTitle")} onClose={close}>
        <Body state={state.value} send={send} />
      </Dialog>
    ),
  };
}

/** Not there in a page without TLS: then it rejects, and the person copies by hand. */
const copy = async (text: string): Promise<void> => navigator.clipboard.writeText(text);

interface BodyProps {
  readonly state: Exclude<State, { mode: "closed" }>;
  readonly send: (input: Input) => void;
}

function Body({ state, send }: BodyProps) {
  // Each comes after the dialog has opened, or takes the place of the button that led to it: one's place is kept.
  const whole = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => whole.current?.querySelector<HTMLElement>(".btn:not(.bad)")?.focus(), [state.mode]);
  if (state.mode === "asking") return <Spinner label={t("common.loading")} />;
  const back = <Button kind="line" onTap={() => send({ type: "close" })}>{t("common.back")}</Button>;
  if (state.mode === "failed") return <div ref={whole} class="order-link"><Fault why={state.fault} />{back}</div>;
  if (state.mode === "sure") {
    return (
      <div ref={whole} class="order-link">
        <p>{t("order.linkSure")}</p>
        <Button kind="bad" onTap={() => send({ type: "takeBack" })}>{t("order.linkTakeBack")}</Button>
        {back}
      </div>
    );
  }
  return (
    <div ref={whole} class="order-link">
      <p>{t("order.linkWhat")}</p>
      <a href={state.path} target="_blank" rel="noreferrer" class="mono">{location.origin + state.path}</a>
      <Fault why={state.fault} />
      <Button kind="small" onTap={() => send({ type: "copy" })}>{t(state.copied ? "order.linkCopied" : "order.linkCopy")}</Button>
      <Button kind="line" onTap={() => send({ type: "takeBack" })}>{t("order.linkTakeBack")}</Button>
      {back}
    </div>
  );
}
