/** Why: begins: language, theme, app, screen, service worker. */

import { effect } from "@preact/signals";
import { render } from "preact";
import { makeApp } from "./app";
import { startUpdates } from "./adapters/updates";
import { QueueTooNew } from "./core/queue";
import { languageFor, setLanguage, t, zone } from "./ui/i18n";
import { Empty } from "./ui/parts";
import { Root } from "./ui/root";
import { startRouter } from "./ui/router";
import { startTheme } from "./ui/theme";
import { languageOf, storedLanguage } from "./ui/tongue";
import "./ui/fonts.css";
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/parts.css";

async function begin(root: HTMLElement): Promise<void> {
  startTheme();
  await setLanguage(languageFor(storedLanguage() ?? "", ...navigator.languages));
  const updates = startUpdates();
  try {
    const app = await makeApp();
    startRouter();
    let person: string | undefined;
    let told = false;
    effect(() => {
      if (told || app.who.value.device === null) return;
      told = true;
      void import("./adapters/condition").then(({ tellCondition }) => tellCondition(app.http, navigator));
    });
    effect(() => {
      const signedIn = app.who.value.signedIn;
      const here = signedIn?.warehouse?.time_zone;
      if (here !== undefined || signedIn?.person.id !== person) zone.value = here;
      if (signedIn?.person.id === person) return;
      person = signedIn?.person.id;
      if (signedIn === null) return;
      const own = languageOf(signedIn.person);
      if (own !== null) void setLanguage(own);
      updates.look();
    });
    effect(() => updates.safe(app.who.value.signedIn === null && app.sending.value.waiting === 0));
    render(<Root app={app} />, root);
  } catch (error) {
    if (!(error instanceof QueueTooNew)) throw error;
    render(<Empty icon="warn" title={t("shell.tooNew")} />, root);
    updates.safe(true);
  }
}

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app");
void begin(root);
