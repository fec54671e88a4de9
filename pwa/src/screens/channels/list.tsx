import { useSignal } from "@preact/signals";
import { Button, dateTime, Dialog, Empty, Fault, number, Panel, Pill, Spinner, t, useApp, useFocusBack, wordOf } from "../../ui";
import { useAsked } from "../../ui/asked";
import { useDoing } from "../../ui/doing";
import { Fact } from "../../ui/lists";
import { addressOf, KINDS, type Channel, type Channels } from "./flow";

/** So long what failed can be sent again, ms: 30 days. */
const KEPT = 30 * 24 * 3_600_000;

/** Where orders come from. */
export function List() {
  const { http } = useApp();
  const list = useAsked<Channels>("/channels");
  const going = useSignal<Channel | null>(null);
  const { busy, fault, go, forget } = useDoing();
  const whole = useFocusBack<HTMLDivElement>(busy.value || going.value !== null);
  const found = list.value.value;
  const ask = (channel: Channel): void => {
    forget();
    going.value = channel;
  };
  const back = (): void => {
    if (!busy.value) going.value = null;
  };
  const remove = ({ code }: Channel): void =>
    go(() => http.delete(`/channels/${code}`), () => {
      going.value = null;
      list.again();
    });
  const switchOn = (endpoint: string): void => go(() => http.post(`/webhooks/endpoints/${endpoint}/on`, {}), list.again);
  const replay = (endpoint: string): void => go(() => http.post(`/webhooks/endpoints/${endpoint}/replay`, { since: new Date(Date.now() - KEPT).toISOString() }), list.again);
  return (
    <>
      <p class="soft">{t("channels.what")}</p>
      <div ref={whole} tabIndex={-1} class="lists-acts" role="group" aria-labelledby="channels-connect">
        <span id="channels-connect" class="channels-label">{t("channels.connect")}</span>
        {KINDS.map((kind) => (
          <a key={kind} class="btn small line" href={addressOf({ tab: "channels", kind })}>{t(`channels.kind.${kind}`)}</a>
        ))}
      </div>
      <Fault why={list.fault.value ?? (going.value === null ? fault.value : null)} />
      {found === null && list.fault.value === null ? <Spinner label={t("common.loading")} /> : null}
      {found !== null && found.items.length === 0 ? <Empty icon="cart" title={t("channels.none")} /> : null}
      {found === null || found.items.length === 0 ? null : (
        <ul class="lists-all">
          {found.items.map((channel) => (
            <li key={channel.code}>
              <One channel={channel} service={found.services[channel.settings.service ?? ""] ?? channel.settings.service ?? ""} busy={busy.value} onRemove={() => ask(channel)} onSwitchOn={switchOn} onReplay={replay} />
            </li>
          ))}
        </ul>
      )}
      {going.value === null ? null : (
        <Dialog title={t("channels.remove")} onClose={back}>
          <p>{t("channels.removeWhat", { channel: going.value.code })}</p>
          <Fault why={fault.value} />
          <div class="lists-answers">
            <Button kind="line" disabled={busy.value} onTap={back}>{t("common.cancel")}</Button>
            <Button kind="bad" busy={busy.value} onTap={() => going.value !== null && remove(going.value)}>{t("channels.remove")}</Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

interface OneProps {
  readonly channel: Channel;
  readonly service: string;
  readonly busy: boolean;
  readonly onRemove: () => void;
  readonly onSwitchOn: (endpoint: string) => void;
  readonly onReplay: (endpoint: string) => void;
}

function One({ channel, service, busy, onRemove, onSwitchOn, onReplay }: OneProps) {
  return (
    <Panel>
      <div class="lists-one">
        <h2>{channel.name === "" ? channel.code : channel.name}</h2>
        <Pill>{t(`channels.kind.${channel.kind}`)}</Pill>
        {channel.refused === 0 ? null : <a class="pill bad" href={addressOf({ tab: "came", state: "refused" })}>{t("channels.refused", { n: channel.refused })}</a>}
      </div>
      <div class="lists-facts">
        <Fact name={t("channels.codeHere")}>
          <span class="mono">{channel.code}</span>
        </Fact>
        {channel.path === "" ? null : (
          <Fact name={t("channels.address")}>
            <span class="mono lists-url">{location.origin + channel.path}</span>
          </Fact>
        )}
        <Fact name={t("channels.service")}>{service === "" ? t("channels.serviceByWords") : service}</Fact>
        {channel.back === null ? null : (
          <Fact name={t("channels.backTo")}>
            <a href={`/webhooks?tab=deliveries&endpoint=${channel.back.id}`}>{channel.back.url}</a>
            <p class={channel.back.state === "on" && channel.back.failed === 0 ? "soft" : "lists-why"}>
              {channel.back.state === "off" ? t("channels.backOff", { reason: wordOf(channel.back.why ?? "") }) : t("channels.backCounts", { waiting: number(channel.back.waiting), failed: number(channel.back.failed) })}
            </p>
          </Fact>
        )}
        {channel.kind === "csv" ? null : <Fact name={t("channels.heard")}>{channel.heard_at === null ? t("channels.never") : dateTime(channel.heard_at)}</Fact>}
      </div>
      <div class="lists-acts" role="group" aria-label={t("channels.acts", { channel: channel.code })}>
        {channel.back?.state === "on" && channel.back.failed > 0 ? <Button kind="line" busy={busy} onTap={() => onReplay(channel.back?.id ?? "")}>{t("channels.replay")}</Button> : null}
        {channel.back?.state === "off" ? <Button kind="line" busy={busy} onTap={() => onSwitchOn(channel.back?.id ?? "")}>{t("channels.switchOn")}</Button> : null}
        <a class="btn small line" href={addressOf({ tab: "channels", one: channel.code })}>{t("channels.change")}</a>
        <Button kind="line" onTap={onRemove}>{t("channels.remove")}</Button>
      </div>
    </Panel>
  );
}
