import { useSignal } from "@preact/signals";
import { NetworkError } from "../../core/problem";
import { whyNot } from "../../core/refused";
import { Button, chooseLanguage, hand, language, LANGUAGES, navigate, Panel, Pill, setLanguage, t, themeWish, time, useApp, type Language, type ScreenProps } from "../../ui";
import { forgetTab } from "../../ui/kept";
import "./style.css";

export default function Me(_props: ScreenProps) {
  const app = useApp();
  const { signedIn, device } = app.who.value;
  const leaving = useSignal(false);
  const waiting = app.sending.value.waiting;
  if (signedIn === null) return null;
  const leave = (): void => {
    leaving.value = true;
    forgetTab();
    app.session.signOut().catch((error: unknown) => {
      if (!(error instanceof NetworkError)) throw error; // told later: the session keeps that in mind
    });
  };
  const speak = (code: Language): void => {
    chooseLanguage(code, signedIn.person.id);
    void setLanguage(code);
    if (signedIn.permissions.includes("people.manage")) app.http.patch(`/auth/people/${signedIn.person.id}`, { language: code }).catch(whyNot);
  };
  return (
    <main class="me">
      <div class="row">
        <h1 class="grow">{signedIn.person.name}</h1>
        {signedIn.warehouse === null ? null : <Pill tone="accent" big>{signedIn.warehouse.name}</Pill>}
      </div>
      <p class="soft">{signedIn.person.roles.map((role) => t(`role.${role}`)).join(" · ")}</p>

      <Choice label={t("me.language")} options={LANGUAGES.map(({ code, name }) => [code, name])} value={language.value} onChoose={speak} />
      <Choice label={t("me.theme")} options={[["auto", t("me.auto")], ["dark", t("me.dark")], ["light", t("me.light")]]} value={themeWish.value} onChoose={(wish) => (themeWish.value = wish)} />
      <Choice label={t("me.hand")} options={[["right", t("me.right")], ["left", t("me.left")]]} value={hand.value} onChoose={(which) => (hand.value = which)} />

      <Panel label={t("me.sounds")} class="me-sounds">
        <div class="row">
          <Button kind="quiet" onTap={() => app.feedback.play("right")}>{t("me.soundRight")}</Button>
          <Button kind="quiet" onTap={() => app.feedback.play("wrong")}>{t("me.soundWrong")}</Button>
          <Button kind="quiet" onTap={() => app.feedback.play("done")}>{t("me.soundDone")}</Button>
        </div>
      </Panel>

      <Panel label={t("me.device")} class="me-device">
        <b>{device?.name ?? t("me.notEnrolled")}</b>
        <span class="soft">{waiting === 0 ? t("me.allSent") : t("me.unsent", { n: waiting })}</span>
        {app.kept.value === false && device !== null ? <span class="soft">{t("me.notKept")}</span> : null}
        {signedIn.expires_at === "" ? null : <span class="soft">{t("me.until", { time: time(signedIn.expires_at) })}</span>}
      </Panel>

      <div class="me-bottom">
        <Button kind="quiet" wide onTap={() => navigate("/")}>{t("me.work")}</Button>
        <Button wide busy={leaving.value} onTap={leave}>{t("me.signOut")}</Button>
      </div>
    </main>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly options: readonly (readonly [T, string])[];
  readonly value: T;
  readonly onChoose: (value: T) => void;
}

function Choice<T extends string>({ label, options, value, onChoose }: ChoiceProps<T>) {
  return (
    <fieldset class="me-choice">
      <legend class="lbl">{label}</legend>
      <div>
        {options.map(([option, words]) => (
          <button type="button" key={option} aria-pressed={option === value} onClick={() => onChoose(option)}>
            {words}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
