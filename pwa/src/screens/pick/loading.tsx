/** Why: a cart is loaded once a tour, with the server's word for each tote; it is shown while that is waited for. */

import { Button, Handheld, Icon, Label, navigate, ScanPrompt, SlotBadge, t, useApp } from "../../ui";
import { slotDue, type Input, type State } from "./flow";
import { tourTitle } from "./words";

type At<M extends State["mode"]> = Extract<State, { mode: M }>;

/** The server is asked, or will be: its answer comes by itself. */
export function Asked({ late, code }: { readonly late: boolean; readonly code?: string }) {
  const waits = late || useApp().sending.value.link === "offline";
  return <ScanPrompt busy>{waits ? t("pick.waits") : code === undefined ? t("common.loading") : t("pick.asking", { code })}</ScanPrompt>;
}

/** Who is at work and what this device is: where there is nothing else to tap. */
const MeButton = () => <Button kind="quiet" onTap={() => navigate("/home")}>{t("pick.me")}</Button>;

export function CartStep({ state }: { readonly state: At<"cart"> }) {
  return (
    <Handheld title={tourTitle(state.tour)} cutOff={state.tour.cutoff_at} actions={<MeButton />}>
      <div class="pick-big">
        <Icon name="cart" size={112} weight={1.4} />
        <h2>{t("pick.takeCart")}</h2>
        <p class="soft">{t("pick.takeCartMore", { slots: state.tour.slots.length })}</p>
      </div>
      {state.asking === null ? <ScanPrompt>{t("pick.scanCart")}</ScanPrompt> : <Asked late={state.late} code={state.asking} />}
    </Handheld>
  );
}

export function TotesStep({ state, send }: { readonly state: At<"totes">; readonly send: (input: Input) => void }) {
  const slot = slotDue(state);
  const prompt = state.asking === null ? <ScanPrompt>{t("pick.scanTote", { slot: slot?.slot ?? 0 })}</ScanPrompt> : <Asked late={state.late} code={state.asking} />;
  const actions = (
    <>
      {state.tour.slots.some(({ tote }) => tote !== null) ? (
        <Button kind="quiet" disabled={state.asking !== null} onTap={() => send({ type: "undo" })}>{t(state.again === null ? "pick.undo" : "common.back")}</Button>
      ) : null}
      <MeButton />
    </>
  );
  return (
    <Handheld title={tourTitle(state.tour)} cutOff={state.tour.cutoff_at} prompt={prompt} actions={actions}>
      <Label>{t(state.again === null ? "pick.emptyTote" : "pick.otherTote")}</Label>
      {slot === null ? null : <SlotBadge slot={slot.slot}>{t("pick.forOrder", { order: String(slot.order) })}</SlotBadge>}
      <ul class="pick-slots">
        {state.tour.slots.map((each) => (
          <li key={each.slot} class={each.tote === null ? "" : "ready"}>
            <SlotBadge slot={each.slot} small />
            <span class="mono">{each.tote ?? t("pick.noTote")}</span>
            {each.tote === null ? null : <Icon name="check" size={20} weight={3} />}
          </li>
        ))}
      </ul>
    </Handheld>
  );
}
