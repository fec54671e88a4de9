import { describe, expect, test } from "vitest";
import { checkCharacter, parse } from "../../core/barcode";
import { askedBy, codeIn, flow, start, type Input, type State } from "./flow";

const BADGE = `P-7K3M9QXA${checkCharacter("7K3M9QXA")}`;
const OTHER = `P-00000000${checkCharacter("00000000")}`;
const scan = (text: string): Input => ({ type: "scan", scan: parse(text) });
const run = (state: State, ...inputs: Input[]) => {
  let step = flow.step(state, inputs[0]!);
  for (const input of inputs.slice(1)) step = flow.step(step.state, input);
  return step;
};

describe("signing in", () => {
  test("goes by badge, PIN and the server's yes", () => {
    const asked = run(start(null), scan(BADGE), { type: "pin", pin: "123456" }, { type: "submit" });
    expect(asked.state).toMatchObject({ mode: "checking" });
    expect(asked.effects).toEqual([{ type: "sign in", badge: BADGE, pin: "123456", newPin: null }]);
    expect(run(asked.state, { type: "signed in" }).state).toEqual({ mode: "in", fault: null });
  });

  test("without a network says that work goes on and is sent later", () => {
    const asked = run(start(BADGE), { type: "pin", pin: "123456" }, { type: "submit" });
    expect(run(asked.state, { type: "signed in", alone: true }).effects).toMatchObject([{ feedback: { kind: "done", lines: [{ key: "sign-in.alone" }] } }]);
  });

  test("that is refused says why and asks for the PIN again", () => {
    const why = { key: "outcome:sign_in_refused" };
    const refused = run(start(BADGE), { type: "pin", pin: "123456" }, { type: "submit" }, { type: "refused", why });
    expect(refused.state).toEqual({ mode: "pin", badge: BADGE, pin: "", fault: why });
  });

  test("is asked for once, though the button is pressed twice", () => {
    const twice = run(start(BADGE), { type: "pin", pin: "123456" }, { type: "submit" }, { type: "submit" });
    expect(twice.effects).toEqual([]);
  });

  test("takes a badge that was typed, with or without its prefix", () => {
    expect(run(start(null), { type: "badge typed", text: BADGE.slice(2).toLowerCase() }).state).toMatchObject({ mode: "pin", badge: BADGE });
    expect(run(start(null), { type: "badge typed", text: "7K3M" }).state).toMatchObject({ mode: "badge", fault: { key: "sign-in.badgeWrong" } });
  });

  test("begins again with another badge in mid-PIN", () => {
    expect(run(start(BADGE), { type: "pin", pin: "12" }, scan(OTHER)).state).toEqual({ mode: "pin", badge: OTHER, pin: "", fault: null });
  });

  test("says what a wrong scan is and what is wanted", () => {
    const wrong = run(start(null), scan("B-A07-03-B"));
    expect(wrong.state.mode).toBe("badge");
    expect(wrong.effects).toMatchObject([{ type: "feedback", feedback: { kind: "wrong", lines: [{ key: "kind.bin" }, { key: "sign-in.scanBadge" }] } }]);
  });

  test("takes a PIN from a keyboard that is as fast as a scanner", () => {
    expect(run(start(BADGE), scan("482913")).effects).toEqual([{ type: "sign in", badge: BADGE, pin: "482913", newPin: null }]);
  });

  test("with a one-time PIN asks for a new one, twice, and goes on with it", () => {
    const must: Input = { type: "refused", why: { key: "x" }, code: "pin_must_change" };
    const asked = run(start(BADGE), { type: "pin", pin: "111222" }, { type: "submit" }, must);
    expect(asked.state).toMatchObject({ mode: "new pin", old: "111222", first: null });
    const differs = run(asked.state, scan("482913"), scan("482914"));
    expect(differs.state).toMatchObject({ mode: "new pin", first: null, fault: { key: "sign-in.pinsDiffer" } });
    const same = run(differs.state, { type: "pin", pin: "482913" }, { type: "submit" }, { type: "pin", pin: "482913" }, { type: "submit" });
    expect(same.effects).toEqual([{ type: "sign in", badge: BADGE, pin: "111222", newPin: "482913" }]);
    const weak = run(same.state, { type: "refused", why: { key: "y" }, code: "pin_weak" });
    expect(weak.state).toMatchObject({ mode: "new pin", old: "111222", fault: { key: "y" } });
  });

  test("keeps letters out of the PIN and waits for enough digits", () => {
    const short = run(start(BADGE), { type: "pin", pin: "1a2" }, { type: "submit" });
    expect(short.state).toMatchObject({ mode: "pin", pin: "12" });
    expect(short.effects).toEqual([]);
  });
});

describe("a device that was locked out", () => {
  const locked = run(start(null), { type: "locked" }).state;

  test("says so, whatever its person was about to do", () => {
    for (const before of [start(null), start(BADGE), run(start(BADGE), { type: "pin", pin: "123456" }, { type: "submit" }, { type: "refused", why: { key: "x" }, code: "pin_must_change" }).state]) {
      expect(run(before, { type: "locked" }).state).toEqual({ mode: "locked", fault: null });
    }
    const refused = run(start(BADGE), { type: "pin", pin: "123456" }, { type: "submit" }, { type: "refused", why: { key: "x" }, code: "device_revoked" });
    expect(refused.state.mode).toBe("locked");
  });

  test("takes a new code, scanned or by its button, and nobody's badge", () => {
    expect(run(locked, scan("https://pickwave.local/sign-in?enrol=K7QF-22")).effects).toEqual([{ type: "enrol device", code: "K7QF-22" }]);
    expect(run(locked, { type: "enrol" }).state.mode).toBe("enrol");
    expect([run(locked, scan(BADGE)).state, run(locked, scan(BADGE)).effects]).toMatchObject([{ mode: "locked" }, [{ feedback: { title: { key: "sign-in.locked" } } }]]);
  });
});

describe("enrolling a device", () => {
  test("is asked for by the address: the form, or the form with its code, where it may be enrolled", () => {
    expect([askedBy(null, true), askedBy("K7QF-22", false)]).toEqual([[], []]);
    expect(run(start(null), ...askedBy("", true)).state.mode).toBe("enrol");
    expect(run(start(null), ...askedBy("K7QF-22", true)).effects).toEqual([{ type: "enrol device", code: "K7QF-22" }]);
  });

  test("goes by the supervisor's code, typed or out of the QR code's address", () => {
    const typed = run(start(null), { type: "enrol" }, { type: "code", code: " K7QF-22 " });
    expect(typed.effects).toEqual([{ type: "enrol device", code: "K7QF-22" }]);
    expect(codeIn("https://pickwave.local/sign-in?enrol=K7QF-22")).toBe("K7QF-22");
    expect(run(typed.state, { type: "enrolled" }).state.mode).toBe("badge");
  });

  test("without a network says that work goes on and is sent later", () => {
    const asked = run(start(BADGE), { type: "pin", pin: "123456" }, { type: "submit" });
    expect(run(asked.state, { type: "signed in", alone: true }).effects).toMatchObject([{ feedback: { kind: "done", lines: [{ key: "sign-in.alone" }] } }]);
  });

  test("that is refused says why and stays", () => {
    const why = { key: "outcome:enrolment_unknown" };
    expect(run(start(null), { type: "enrol" }, { type: "code", code: "x" }, { type: "refused", why }).state).toEqual({ mode: "enrol", fault: why });
  });
});
