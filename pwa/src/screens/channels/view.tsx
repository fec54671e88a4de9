import { AppShell, searchParams, t, useApp, type ScreenProps } from "../../ui";
import { Head } from "../../ui/lists";
import { Came, OneIncoming } from "./came";
import { Checkouts } from "./checkouts";
import { addressOf, TABS, wantedOf, type Tab } from "./flow";
import { List } from "./list";
import { SetUp } from "./set-up";
import "./style.css";

/** Whoever speaks with customers says what was meant; what words mean from now on, whoever connects channels says. */
const NEEDS: Readonly<Record<Tab, string>> = { channels: "shops.manage", came: "channels.place", checkouts: "channels.place" };

export default function Channels(_props: ScreenProps) {
  const permissions = useApp().who.value.signedIn?.permissions ?? [];
  const tabs = TABS.filter((tab) => permissions.includes(NEEDS[tab]));
  const wanted = wantedOf(searchParams.value, tabs);
  const setsUp = wanted.tab === "channels" && (wanted.one !== null || wanted.kind !== null);
  return (
    <AppShell>
      <Head title={t("channels.title")} label={t("channels.tabs")} here={wanted.tab} tabs={tabs.map((tab) => ({ key: tab, words: t(`channels.tab.${tab}`), to: addressOf({ tab }) }))} />
      {wanted.tab === "channels" && !setsUp ? <List /> : null}
      {setsUp ? <SetUp key={wanted.one ?? wanted.kind ?? ""} wanted={wanted} /> : null}
      {wanted.tab === "came" ? wanted.one === null ? <Came wanted={wanted} /> : <OneIncoming key={wanted.one} wanted={wanted} id={wanted.one} mayRemember={tabs.includes("channels")} /> : null}
      {wanted.tab === "checkouts" ? <Checkouts wanted={wanted} /> : null}
    </AppShell>
  );
}
