import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { NotOpened, StillUnsent, type SignedIn } from "../../adapters/session";
import { ApiError, NetworkError } from "../../core/problem";
import type { Said } from "../../core/machine";
import { whyNot } from "../../core/refused";
import {
  Button, CameraButton, Cards, chooseLanguage, Fault, Field, Icon, Keypad, language, languageOf, later, LANGUAGES, Mark, navigate, searchParams, setLanguage, t, useApp, useFlow, useFocus, useScan, Untrusted,
  type ScreenProps,
} from "../../ui";
import { cameFrom, nextBadge } from "../../ui/switching";
import { askedBy, flow, PIN_LEAST, start, type Input, type SignInEffect, type State } from "./flow";
import "./style.css";

type Send = (input: Input) => void;
const enrolling = () => import("./enrol");
const EnrolStep = later(enrolling, "EnrolStep");
const LockedStep = later(enrolling, "LockedStep");

export default function SignIn(_props: ScreenProps) {
  const app = useApp();
  const { state, send } = useFlow<State, Input, SignInEffect>(flow, begin, (effect, again) => {
    if (effect.type === "sign in") signIn(effect, again);
    else enrol(effect.code, again);
  });

  const signIn = ({ badge, pin, newPin }: Extract<SignInEffect, { type: "sign in" }>, again: Send): void => {
    const before = app.who.peek().signedIn?.person.id;
    let alone = false;
    const withoutNetwork = (error: unknown): Promise<SignedIn> => {
      if (!(error instanceof NetworkError) || newPin !== null) throw error;
      alone = true;
      return app.session.goOnAlone(badge, pin);
    };
    app.session.signIn(badge, pin, newPin).catch(withoutNetwork).then(
      ({ person }) => {
        again({ type: "signed in", alone });
        navigate(person.id === before ? cameFrom.peek() : wanted(), { replace: true });
      },
      (error: unknown) => again({ type: "refused", why: error instanceof NotOpened ? whyNotOpened(error) : whyNot(error), ...(error instanceof ApiError ? { code: error.code } : {}) }),
    );
  };
  const enrol = (code: string, again: Send): void => {
    app.session.enrol(code).then(
      () => again({ type: "enrolled" }),
      (error: unknown) => again({ type: "refused", why: whyNotEnrolled(error) }),
    );
  };

  useScan((scan) => send({ type: "scan", scan }));
  const { device, locked } = app.who.value;
  const { mode } = state.value;
  // Before the first paint: nobody shall scan a badge at a device that is about to be enrolled.
  useLayoutEffect(() => {
    if (locked !== null && (mode === "badge" || mode === "pin" || mode === "new pin")) send({ type: "locked" });
  }, [locked, mode]);
  useLayoutEffect(() => {
    for (const input of askedBy(enrolment(), device === null || locked !== null)) send(input);
  }, [locked]);
  return (
    <main class="sign-in">
      <Brand />
      <Untrusted />
      <div class="sign-in-card">
        <Step state={state.value} send={send} />
      </div>
      <Languages />
      <Cards />
    </main>
  );
}

const whyNotOpened = ({ why, seconds }: NotOpened): Said => (why === "wait" ? { key: "sign-in.aloneWait", params: { n: seconds } } : { key: why === "wrong" ? "sign-in.aloneWrong" : "sign-in.aloneNone" });

/** The code that the address holds; behind its # it reaches no server's log. It is taken out, so that nobody goes back to it. */
function enrolment(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get("enrol");
  if (code !== null) history.replaceState(null, "", location.pathname + location.search);
  return code ?? searchParams.peek().get("enrol");
}

function whyNotEnrolled(error: unknown): Said {
  if (error instanceof StillUnsent) return { key: "sign-in.stillUnsent" };
  return error instanceof ApiError && error.code === "enrolment_refused" ? { key: "sign-in.enrolRefused" } : whyNot(error);
}

/** With the badge that another screen has scanned, if one has. */
function begin(): State {
  const badge = nextBadge.peek();
  nextBadge.value = null;
  return start(badge);
}

/** Where the person wanted to go; only an address of ours. */
function wanted(): string {
  const to = searchParams.peek().get("to") ?? "/";
  return /^\/(?!\/)/.test(to) && !to.startsWith("/sign-in") ? to : "/";
}

/** A badge was scanned by accident, or the person thinks better of it: they are still signed in, so back to their work. */
function GoOn({ otherwise = null }: { readonly otherwise?: ComponentChildren }) {
  const person = useApp().who.value.signedIn?.person;
  if (person === undefined) return <>{otherwise}</>;
  const goOn = (): void => {
    const own = languageOf(person);
    if (own !== null) void setLanguage(own);
    navigate(cameFrom.peek(), { replace: true });
  };
  return <Button kind="quiet" wide onTap={goOn}>{t("sign-in.goOn", { name: person.name })}</Button>;
}

function Step({ state, send }: { readonly state: State; readonly send: Send }) {
  switch (state.mode) {
    case "badge":
      return <BadgeStep fault={state.fault} send={send} />;
    case "pin":
    case "checking":
      return <PinStep key="pin" title={t("sign-in.typePin")} {...state} checking={state.mode === "checking"} send={send} />;
    case "new pin":
      return <PinStep key="new" title={t(state.first === null ? "sign-in.newPin" : "sign-in.newPinAgain")} {...state} checking={false} send={send} />;
    case "locked":
      return <LockedStep send={send} />;
    case "enrol":
    case "enrolling":
      return <EnrolStep fault={state.fault} busy={state.mode === "enrolling"} send={send} />;
    case "in":
      return null;
  }
}

function Brand() {
  const { who } = useApp();
  const device = who.value.device;
  return (
    <header class="sign-in-brand">
      <Mark size={44} />
      <div>
        <b>{"Pickwave"}</b>
        <span class="soft">{device === null ? t("sign-in.notEnrolled") : device.name}</span>
      </div>
    </header>
  );
}

function BadgeStep({ fault, send }: { readonly fault: Said | null; readonly send: Send }) {
  const { who, sending } = useApp();
  const alone = who.value.signedIn === null && (sending.value.link === "offline" || !navigator.onLine);
  const wide = matchMedia("(min-width: 700px)").matches;
  const typing = useSignal(wide);
  const text = useSignal("");
  return (
    <>
      <div class="sign-in-badge" aria-hidden="true">
        <Icon name="badge" size={104} weight={1.3} />
        <i />
      </div>
      <h1>{t("sign-in.scanBadge")}</h1>
      {alone ? <p class="soft">{t("sign-in.aloneNone")}</p> : null}
      <Fault why={fault} />
      {typing.value ? (
        <form
          class="sign-in-type"
          onSubmit={(event) => {
            event.preventDefault();
            send({ type: "badge typed", text: text.value });
          }}
        >
          <Field label={t("sign-in.badge")} value={text.value} onInput={(value) => (text.value = value)} class="grow" maxLength={20} autoFocus={!wide} />
          <Button kind="small" submit>{t("sign-in.next")}</Button>
        </form>
      ) : null}
      <div class="sign-in-more">
        {typing.value ? null : (
          <Button kind="quiet" onTap={() => (typing.value = true)}>{t("sign-in.typeBadge")}</Button>
        )}
        <CameraButton />
        {who.value.device === null ? <Button kind="quiet" onTap={() => send({ type: "enrol" })}>{t("sign-in.enrol")}</Button> : null}
      </div>
      <GoOn />
    </>
  );
}

interface PinProps {
  readonly title: string;
  readonly pin: string;
  readonly fault: Said | null;
  readonly checking: boolean;
  readonly send: Send;
}

function PinStep({ title, pin, fault, checking, send }: PinProps) {
  const input = useFocus<HTMLInputElement>(!checking);
  return (
    <form
      class="sign-in-pin"
      onSubmit={(event) => {
        event.preventDefault();
        send({ type: "submit" });
      }}
    >
      <h1>{title}</h1>
      <div class="sign-in-dots">
        <input
          ref={input}
          type="password"
          inputMode="none"
          autocomplete="off"
          aria-label={t("sign-in.pin")}
          value={pin}
          disabled={checking}
          onInput={(event) => send({ type: "pin", pin: event.currentTarget.value })}
        />
        {Array.from({ length: Math.max(6, pin.length) }, (_, i) => (
          <i class={i < pin.length ? "on" : ""} aria-hidden="true" />
        ))}
      </div>
      <Fault why={fault} />
      <Keypad disabled={checking} onDigit={(digit) => send({ type: "pin", pin: pin + digit })} onErase={() => send({ type: "pin", pin: pin.slice(0, -1) })} />
      <Button submit wide busy={checking} disabled={pin.length < PIN_LEAST}>{t("sign-in.signIn")}</Button>
      <GoOn otherwise={<Button kind="quiet" wide disabled={checking} onTap={() => send({ type: "back" })}>{t("sign-in.otherBadge")}</Button>} />
    </form>
  );
}

function Languages() {
  const choose = (code: (typeof LANGUAGES)[number]["code"]): void => {
    chooseLanguage(code, null);
    void setLanguage(code);
  };
  return (
    <footer class="sign-in-languages" role="group" aria-label={t("sign-in.language")}>
      <Icon name="globe" size={20} />
      {LANGUAGES.map(({ code, name }) => (
        <button type="button" key={code} lang={code} aria-pressed={language.value === code} onClick={() => choose(code)}>
          {name}
        </button>
      ))}
    </footer>
  );
}
