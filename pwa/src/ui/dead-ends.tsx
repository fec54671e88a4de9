/** Why: addresses that lead nowhere, or not for this person: what they say, and the way on. */

import type { ComponentChildren } from "preact";
import { t } from "./i18n";
import { Button, Empty } from "./parts";
import { navigate } from "./router";
import { cameFrom } from "./switching";

const SIGN_IN = "/sign-in";
const Page = ({ children }: { readonly children: ComponentChildren }) => <main class="page">{children}</main>;

export const NotFound = () => (
  <Page>
    <Empty page icon="search" title={t("shell.notFound")}>
      <Button onTap={() => navigate("/")}>{t("shell.goHome")}</Button>
    </Empty>
  </Page>
);

/** Somebody else is signed in here: said by name, for whoever came with another badge. */
export const NotYours = ({ name }: { readonly name: string | null }) => (
  <Page>
    <Empty page icon="badge" title={t("shell.notYours")}>
      {name === null ? null : <p>{t("shell.signedInAs", { name })}</p>}
      <Button onTap={() => navigate("/")}>{t("shell.goHome")}</Button>
      <Button kind="quiet" onTap={anotherBadge}>{t("shell.anotherBadge")}</Button>
    </Empty>
  </Page>
);

/** To the sign-in, and from there to the page that was asked for. */
function anotherBadge(): void {
  cameFrom.value = "/";
  navigate(`${SIGN_IN}?to=${encodeURIComponent(location.pathname)}`);
}

/** The form for the code at once, or away from here: a start that is floor work would lead back. Where somebody has enrolled it meanwhile, signing in again is enough. */
export const NotEnrolledHere = ({ enrolled }: { readonly enrolled: boolean }) => (
  <Page>
    <Empty page icon="scan" title={t(enrolled ? "shell.enrolledSince" : "shell.notEnrolled")}>
      {enrolled ? null : <p>{t("shell.notEnrolledMore")}</p>}
      <Button onTap={() => navigate(enrolled ? SIGN_IN : `${SIGN_IN}?enrol=`)}>{t(enrolled ? "nav.signIn" : "shell.enrol")}</Button>
      <Button kind="quiet" onTap={() => navigate("/home")}>{t("nav.me")}</Button>
    </Empty>
  </Page>
);
