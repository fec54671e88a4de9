import { signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { language, said, t, useApp } from "../../ui";
import { mouth, speaker } from "./voice";

const SAVED_VOICE = "pack.voice";
const on = signal(true);

/** Speaks what is wrong while the station stands; a device that wants quiet says so once. */
export function useVoice(): void {
  const { shown, saved } = useApp();
  const speak = useMemo(() => {
    const found = mouth();
    return found === null ? null : speaker(found);
  }, []);
  useEffect(() => {
    void saved.get<boolean>(SAVED_VOICE).then((kept) => (on.value = kept ?? true));
    return () => speak?.(null, false, language.peek(), said);
  }, []);
  useEffect(() => speak?.(shown.value, on.peek(), language.peek(), said), [shown.value]);
}

/** The voice of this device, on or off. The buzz and the red screen stay. */
export function VoiceSwitch() {
  const { saved } = useApp();
  if (mouth() === null) return null;
  const turn = (): void => {
    on.value = !on.value;
    void saved.put(SAVED_VOICE, on.value);
  };
  return (
    <button type="button" class="pack-command" aria-pressed={on.value} onClick={turn}>
      {t(on.value ? "pack.voiceOn" : "pack.voiceOff")}
    </button>
  );
}
