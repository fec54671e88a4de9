/** Why: the rows that the board is named after: how far each wave is, and whether its truck will wait. */

import { Empty, minutesText, number, Pill, ProgressBar, t, time, type Tone } from "../../ui";
import type { WaveNow } from "./shapes";

const TONES: Readonly<Record<WaveNow["forecast"]["word"], Tone>> = { loaded: "ok", picked: "ok", late: "bad", at_risk: "warn", on_time: "ok", unknown: "plain" };

export function Waves({ rows }: { readonly rows: readonly WaveNow[] }) {
  if (rows.length === 0) return <Empty icon="wave" title={t("board.noWaves")} />;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t("board.wave")}</th>
          <th scope="col">{t("board.cutoff")}</th>
          <th scope="col">{t("board.lines")}</th>
          <th scope="col">{t("board.stages")}</th>
          <th scope="col">{t("board.finish")}</th>
          <th scope="col">{t("board.says")}</th>
          <th scope="col">{t("board.atRisk")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.wave.id} row={row} />
        ))}
      </tbody>
    </table>
  );
}

const FEW = 2;

/** A few names, and how many more there are. */
const fewOf = (names: readonly string[]): string =>
  names.length <= FEW + 1 ? names.join(", ") : t("board.andMore", { names: names.slice(0, FEW).join(", "), n: String(names.length - FEW) });

function Row({ row: { wave, forecast, finish } }: { readonly row: WaveNow }) {
  const { stages } = wave;
  const only = (part: number): number => Math.max(0, part);
  return (
    <tr>
      <th scope="row">
        <b>{String(wave.number)}</b> <span>{fewOf(wave.carriers)}</span>
      </th>
      <td class="mono">{time(wave.cutoff_at)}</td>
      <td class="mono">{t("board.ofLines", { done: number(stages.picked), all: number(stages.lines) })}</td>
      <td>
        <ProgressBar
          tall
          total={Math.max(1, stages.lines)}
          parts={[{ value: stages.loaded }, { value: only(stages.packed - stages.loaded), tone: "accent" }, { value: only(stages.picked - stages.packed), tone: "quiet" }]}
          label={t("board.stagesLabel", { picked: number(stages.picked), packed: number(stages.packed), loaded: number(stages.loaded), all: number(stages.lines) })}
        />
      </td>
      <td class="mono">{finish === null ? t("board.dash") : time(finish)}</td>
      <td>
        <Pill tone={TONES[forecast.word]}>{wave.state === "releasing" ? t("board.releasing") : t(`board.word.${forecast.word}`, { time: minutesText(forecast.minutes ?? 0) })}</Pill>
      </td>
      <td>{forecast.word === "late" || forecast.word === "at_risk" ? t("board.orders", { n: stages.orders_open }) : t("board.dash")}</td>
    </tr>
  );
}
