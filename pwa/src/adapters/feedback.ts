/**
 * Why: the answer to a scan is heard and felt before it is read. Three sounds that nobody confuses: *right* rises,
 * *wrong* is a low double buzz, *done* is a chord in three steps. Loud enough for a hall: square and triangle waves.
 */

export type Sound = "right" | "wrong" | "done";

interface Note {
  readonly at: number;
  readonly length: number;
  readonly pitch: number;
  readonly wave: OscillatorType;
}

const NOTES: Readonly<Record<Sound, readonly Note[]>> = {
  right: [
    { at: 0, length: 0.07, pitch: 1318.5, wave: "triangle" },
    { at: 0.07, length: 0.09, pitch: 1975.5, wave: "triangle" },
  ],
  wrong: [
    { at: 0, length: 0.22, pitch: 155.6, wave: "square" },
    { at: 0.3, length: 0.32, pitch: 146.8, wave: "square" },
  ],
  done: [
    { at: 0, length: 0.12, pitch: 784, wave: "triangle" },
    { at: 0.12, length: 0.12, pitch: 987.8, wave: "triangle" },
    { at: 0.24, length: 0.3, pitch: 1568, wave: "triangle" },
  ],
};

const PULSES: Readonly<Record<Sound, number[]>> = { right: [35], wrong: [220, 90, 220], done: [40, 60, 40, 60, 140] };

export interface FeedbackPlayer {
  play(sound: Sound): void;
  /** Browsers keep silent until a first touch or key: call it from one. */
  unlock(): void;
}

export function makeFeedback(volume: () => number = () => 1): FeedbackPlayer {
  let context: AudioContext | null = null;
  const audio = (): AudioContext | null => {
    if (context === null && typeof AudioContext === "function") context = new AudioContext({ latencyHint: "interactive" });
    return context;
  };
  return {
    unlock: () => {
      const found = audio();
      if (found?.state === "suspended") void found.resume();
    },
    play: (sound) => {
      (navigator as Partial<Navigator>).vibrate?.(PULSES[sound]);
      const found = audio();
      if (found === null) return;
      if (found.state === "suspended") void found.resume();
      for (const note of NOTES[sound]) strike(found, note, volume());
    },
  };
}

function strike(audio: AudioContext, { at, length, pitch, wave }: Note, volume: number): void {
  const begin = audio.currentTime + at;
  const tone = audio.createOscillator();
  const loudness = audio.createGain();
  tone.type = wave;
  tone.frequency.value = pitch;
  loudness.gain.setValueAtTime(0.0001, begin);
  loudness.gain.exponentialRampToValueAtTime(Math.max(0.0001, 0.6 * volume), begin + 0.008);
  loudness.gain.setValueAtTime(Math.max(0.0001, 0.6 * volume), begin + length - 0.02);
  loudness.gain.exponentialRampToValueAtTime(0.0001, begin + length);
  tone.connect(loudness).connect(audio.destination);
  tone.start(begin);
  tone.stop(begin + length + 0.01);
}
