import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { KafkaVersion } from '../stand/settings.ts';
import type { Section } from './fault.ts';

export type RunOptions = {
  stack: 'real' | 'bridge';
  kafka: KafkaVersion;
  /** ids; none is all */
  only: readonly string[];
  sections: readonly Section[];
  /** folder of the records of what was missed */
  record: string;
  /** epoch milliseconds after which no further fault is begun */
  endsAt?: number;
};

const STACKS = ['real', 'bridge'] as const;
const KAFKAS = ['3.9.1', '4.1.0'] as const;
export const SECTIONS = [1, 2, 3, 4, 5, 6, 9] as const;

function oneOf<T extends string | number>(name: string, value: string, all: readonly T[]): T {
  const found = all.find((one) => String(one) === value);
  if (found === undefined) throw new Error(`--${name} ${value}: give ${all.join(' or ')}`);
  return found;
}

/** Reads the command line; throws one sentence about what is wrong with it. */
export function readOptions(args: readonly string[]): RunOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stack: { type: 'string', default: 'real' },
      kafka: { type: 'string', default: '3.9.1' },
      only: { type: 'string', multiple: true, default: [] },
      section: { type: 'string', multiple: true, default: [] },
      record: { type: 'string', default: join(tmpdir(), 'otlpctl-missed-faults') },
    },
  });
  return {
    stack: oneOf('stack', values.stack, STACKS),
    kafka: oneOf('kafka', values.kafka, KAFKAS),
    only: values.only,
    sections: values.section.length === 0 ? SECTIONS : values.section.map((one) => oneOf('section', one, SECTIONS)),
    record: values.record,
  };
}
