/** Why: lines an hour over the day, readable from across the hall. uPlot draws; the colours are the theme's tokens. */

import { useEffect, useRef } from "preact/hooks";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { number, time } from "../../ui";
import { spanOf } from "./shapes";

export interface Quarter {
  readonly at: string;
  readonly lines: number;
}

export interface ChartProps {
  readonly quarters: readonly Quarter[];
  readonly now: number;
  /** Lines an hour by the last minutes, where they say anything: the line ends there. */
  readonly pace: number | null;
  /** What it shows, in words, for those who do not see it. */
  readonly label: string;
}

const QUARTER = 15 * 60;

/** Seconds and lines an hour: of each quarter that is over, at its middle, from the one before the first line on; then of now. */
export function linesOf(quarters: readonly Quarter[], now: number, pace: number | null): [number[], number[]] {
  const counted = new Map(quarters.map(({ at, lines }) => [Date.parse(at) / 1000, lines]));
  const running = Math.floor(now / 1000 / QUARTER) * QUARTER;
  const times: number[] = [];
  for (let at = Math.min(...counted.keys(), running) - QUARTER; at < running; at += QUARTER) times.push(at);
  const lines = times.map((at) => (counted.get(at) ?? 0) * 4);
  const middles = times.map((at) => at + QUARTER / 2);
  return pace === null ? [middles, lines] : [[...middles, Math.floor(now / 1000)], [...lines, pace]];
}

export function PaceChart({ quarters, now, pace, label }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [times, lines] = linesOf(quarters, now, pace);
  const drawn = JSON.stringify([times[0], lines]);
  useEffect(() => {
    const box = frame.current;
    if (box === null) return undefined;
    let plot: UPlot | null = null;
    const draw = (): void => {
      plot?.destroy();
      plot = new UPlot(options(box), [times, lines], box);
    };
    draw();
    const sizes = new ResizeObserver(draw);
    sizes.observe(box);
    const theme = new MutationObserver(draw);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => {
      sizes.disconnect();
      theme.disconnect();
      plot?.destroy();
    };
  }, [drawn]);
  return <div class="board-chart" ref={frame} role="img" aria-label={label} />;
}

function options(box: HTMLElement): UPlot.Options {
  const style = getComputedStyle(box);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const axis = { stroke: token("--soft"), font: `600 15px ${token("--font")}`, grid: { stroke: token("--line"), width: 1 }, ticks: { show: false } };
  return {
    width: box.clientWidth,
    height: box.clientHeight,
    padding: [12, 16, 0, 0],
    cursor: { show: false },
    legend: { show: false },
    scales: { x: { time: true, range: (_, first, last) => spanOf(first, last) }, y: { range: (_, __, most) => [0, Math.max(40, Math.ceil(most / 40) * 40)] } },
    axes: [
      { ...axis, grid: { show: false }, size: 34, values: (_, all) => all.map((at) => time(at * 1000)) },
      { ...axis, size: 52, values: (_, all) => all.map((each) => number(each)) },
    ],
    series: [{}, { stroke: token("--accent"), width: 3, fill: token("--accent-bg"), points: { show: false } }],
  };
}
