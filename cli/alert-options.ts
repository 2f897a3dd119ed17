import { Flags } from '@oclif/core';
import type { Limits } from '../checks/alerts/alert.ts';
import { LIMITS } from '../checks/alerts/table.ts';
import { badInput } from './bad-input.ts';
import { didYouMean } from './near.ts';

/** `--threshold NAME=NUMBER`: which limit it is, and what makes sense for it. */
const THRESHOLD: Readonly<Record<string, { of: keyof Limits; unit: string; above: number; most: number }>> = {
  loss: { of: 'lossPercent', unit: 'percent of what was offered', above: 0, most: 100 },
  queue: { of: 'queuePercent', unit: 'percent of the fullest queue', above: 0, most: 100 },
  lag: { of: 'lagPercent', unit: 'percent of what the queues in use can hold', above: 0, most: 100 },
  ceiling: { of: 'ceilingPerSecond', unit: 'messages a second of one busy signal', above: 0, most: 1_000_000 },
};
const NAMES = Object.keys(THRESHOLD);

export function readThresholds(texts: readonly string[]): Partial<Limits> {
  const limits: Partial<Limits> = {};
  for (const text of texts) {
    const [name = '', value] = text.split(/=(.*)/s);
    const one = Object.hasOwn(THRESHOLD, name) ? THRESHOLD[name] : undefined;
    if (one === undefined || value === undefined)
      throw badInput(`--threshold "${text}" is not NAME=NUMBER with one of ${NAMES.join(', ')}${didYouMean(name, NAMES)} (try loss=1)`);
    const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : NaN;
    if (!(number > one.above && number < one.most))
      throw badInput(
        `--threshold ${name}="${value}" makes no sense: it is ${one.unit}, more than ${one.above} and less than ${one.most} (try ${name}=${Math.round(LIMITS[one.of])})`,
      );
    if (limits[one.of] !== undefined) throw badInput(`--threshold ${name} is given twice: leave one out`);
    limits[one.of] = number;
  }
  return limits;
}

/** Source: connector-facts, `otlp.message.queue.size`. */
export function readQueueSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const size = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(size >= 100 && size <= 1_000_000))
    throw badInput(`--queue-size "${text}" is not a size of otlp.message.queue.size: a whole number from 100 to 1000000 (try 10000)`);
  return size;
}

/** What both a live look and a rule file may be told. */
export const ALERT_FLAGS = {
  threshold: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'NAME=NUMBER',
    summary: `another limit: ${NAMES.map((name) => `${name}=${Math.round(LIMITS[THRESHOLD[name]!.of])}`).join(', ')} (repeatable)`,
  }),
  'queue-size': Flags.string({ helpValue: 'N', summary: 'otlp.message.queue.size, where Connect does not say it' }),
};

export const saidOf = (flags: { threshold?: string[] | undefined; 'queue-size'?: string | undefined }) => {
  const queueSize = readQueueSize(flags['queue-size']);
  return { limits: readThresholds(flags.threshold ?? []), ...(queueSize === undefined ? {} : { queueSize }) };
};
