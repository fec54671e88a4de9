import { AppShell, mayGo, searchParams, t, useApp, type ScreenProps } from "../../ui";
import { Head } from "../../ui/lists";
import { Deliveries, OneDelivery } from "./deliveries";
import { Endpoints } from "./endpoints";
import { addressOf, TABS, wantedOf, type Tab } from "./flow";
import "./style.css";

const ROLES: Readonly<Record<Tab, readonly string[]>> = { endpoints: ["integrator", "operator"], deliveries: ["integrator", "operator"] };

export default function Webhooks(_props: ScreenProps) {
  const roles = useApp().who.value.signedIn?.person.roles ?? [];
  const tabs = TABS.filter((tab) => mayGo(ROLES[tab], roles));
  const wanted = wantedOf(searchParams.value, tabs);
  return (
    <AppShell>
      <Head title={t("webhooks.title")} label={t("webhooks.tabs")} here={wanted.tab} tabs={tabs.map((tab) => ({ key: tab, words: t(`webhooks.tab.${tab}`), to: addressOf({ tab }) }))} />
      {wanted.tab === "endpoints" ? <Endpoints /> : null}
      {wanted.tab === "deliveries" ? wanted.one === null ? <Deliveries wanted={wanted} /> : <OneDelivery key={wanted.one} wanted={wanted} id={wanted.one} /> : null}
    </AppShell>
  );
}
