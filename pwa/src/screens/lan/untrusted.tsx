import { Panel, t } from "../../ui";

export const Untrusted = () => (
  <Panel tone="warn">
    <p role="alert">{t("lan.untrusted")}</p>
  </Panel>
);
