/** Why: what stands around every screen: who may see it, the answers over it, what is broken, a newer version. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { App } from "../app";
import { CameraOver } from "./camera";
import { AppContext } from "./hooks";
import { cameFrom, nextBadge } from "./switching";
import { t } from "./i18n";
import { later } from "./later";
import { Answers } from "./overlay";
import { Button, Empty, Spinner } from "./parts";
import { here, navigate, screen, screenFailed } from "./router";
import { mayGo } from "./shell";

export const SIGN_IN = "/sign-in";
const deadEnds = () => import("./dead-ends");
const NotFound = later(deadEnds, "NotFound");
const NotYours = later(deadEnds, "NotYours");
const NotEnrolledHere = later(deadEnds, "NotEnrolledHere");

export function Root({ app }: { readonly app: App }) {
  return (
    <AppContext.Provider value={app}>
      <Guarded app={app} />
      <Answers />
      <CameraOver />
    </AppContext.Provider>
  );
}

/** The screen of the address, for those who may see it; sign-in first for everybody else. */
function Guarded({ app }: { readonly app: App }) {
  const signedIn = app.who.value.signedIn;
  const place = here.value;
  const shown = screen.value;
  const mustSignIn = signedIn === null && (place === null || place.route.roles !== "public");
  useEffect(() => {
    if (mustSignIn && location.pathname !== SIGN_IN) navigate(`${SIGN_IN}?to=${encodeURIComponent(location.pathname)}`, { replace: true });
  }, [mustSignIn]);
  useEffect(
    () =>
      app.scans.listen((scan) => {
        if (scan.kind !== "badge" || scan.code === undefined) return;
        nextBadge.value = scan.code;
        cameFrom.value = location.pathname + location.search;
        navigate(SIGN_IN);
      }),
    [app],
  );
  useEffect(() => {
    if (shown !== null) app.scans.ready();
  }, [shown]);
  useEffect(() => {
    document.title = shown === null ? "Pickwave" : `${t(shown.route.title)} · Pickwave`;
  });
  if (app.trouble.value !== null) return <Broken app={app} text={app.trouble.value} />;
  if (screenFailed.value) return <NotLoaded />;
  if (mustSignIn && (shown === null || shown.route.roles !== "public")) return <Spinner label={t("common.loading")} />;
  if (place === null) return <NotFound />;
  if (shown === null) return <Spinner label={t("common.loading")} />;
  if (!mayGo(shown.route.roles, signedIn?.person.roles ?? [])) return <NotYours name={signedIn?.person.name ?? null} />;
  if (shown.route.floor === true && signedIn?.ticket === null) return <NotEnrolledHere enrolled={app.who.value.device !== null} />;
  return <shown.View params={shown.params} />;
}

const Page = ({ children }: { readonly children: ComponentChildren }) => <main class="page">{children}</main>;

const NotLoaded = () => (
  <Page>
    <Empty icon="offline" title={t("shell.notLoaded")}>
      <Button onTap={() => location.reload()}>{t("common.again")}</Button>
    </Empty>
  </Page>
);

function Broken({ app, text }: { readonly app: App; readonly text: string }) {
  const more = useSignal(false);
  return (
    <Page>
      <Empty icon="warn" title={t("shell.broken")}>
        <p>{t("shell.brokenMore")}</p>
        {more.value ? <p class="mono">{text}</p> : <Button kind="quiet" onTap={() => (more.value = true)}>{t("shell.details")}</Button>}
        <Button onTap={() => (app.sync.wake(), location.reload())}>{t("common.again")}</Button>
      </Empty>
    </Page>
  );
}
