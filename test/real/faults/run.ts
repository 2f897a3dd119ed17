/**
 * Brings each fault of the matrix about, asks otlpctl as an operator would, and compares the answer with the right one:
 * `npm run faults -- --stack real|bridge [--only ID]… [--section N]… [--kafka 3.9.1|4.1.0] [--record DIR]`.
 * Prints a row a fault and adds the table to test/real/results.md. Ends with 1 when one was missed, 2 when one could not be brought about.
 */
import { appendFileSync, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CONNECTOR_PLUGIN } from '../tools.ts';
import { readOptions } from './options.ts';
import { runFaults } from './run-faults.ts';
import { asMarkdown, asText, HEADINGS, rowOf } from './table.ts';
import { versions } from './versions.ts';

const options = readOptions(process.argv.slice(2));
if (options.stack === 'real' && !existsSync(CONNECTOR_PLUGIN))
  throw new Error(`there is no stand-in connector in ${CONNECTOR_PLUGIN}: run test/real/install, or say with OTLPCTL_TOOLS where it is`);
process.stdout.write(`${HEADINGS}\n`);
const outcomes = await runFaults(options, (outcome) => process.stdout.write(`${asText(outcome)}\n`));
if (outcomes.length > 0)
  appendFileSync(resolve(import.meta.dirname, '../results.md'), asMarkdown(outcomes.map(rowOf), options, versions(options)));
const count = (verdict: string): number => outcomes.filter((outcome) => outcome.verdict === verdict).length;
process.stdout.write(
  `${count('right')} right, ${count('missed')} missed, ${count('not brought about')} not brought about, ${count('waiting')} waiting\n`,
);
process.exitCode = count('not brought about') > 0 ? 2 : count('missed') > 0 ? 1 : 0;
