import { badInput } from './bad-input.ts';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const DAY = 86_400;

/** `5m`, `90s`, `300`: whole seconds as Prometheus writes them, at most a day. Source: Prometheus, "Time durations". */
export function readDuration(text: string, named: string, least: number): number {
  const [, number, unit = 's'] = /^(\d+)([smhd])?$/.exec(text) ?? [];
  const seconds = number === undefined ? NaN : Number(number) * SECONDS[unit]!;
  if (!(seconds >= least && seconds <= DAY)) throw badInput(`${named} "${text}" is not a time from ${least}s to 1d (try 5m)`);
  return seconds;
}
