import { AppShell, mayGo, searchParams, t, useApp, type ScreenProps } from "../../ui";
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
      <div class="webhooks-head">
        <h1>{t("webhooks.title")}</h1>
        <nav class="webhooks-tabs" aria-label={t("webhooks.tabs")}>
          {tabs.map((tab) => (
            <a key={tab} href={addressOf({ tab })} {...(tab === wanted.tab ? { "aria-current": "page" as const } : {})}>
              {t(`webhooks.tab.${tab}`)}
            </a>
          ))}
        </nav>
      </div>
      {wanted.tab === "endpoints" ? <Endpoints /> : null}
      {wanted.tab === "deliveries" ? wanted.one === null ? <Deliveries wanted={wanted} /> : <OneDelivery key={wanted.one} wanted={wanted} id={wanted.one} /> : null}
    </AppShell>
  );
}
