import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { shellWord } from './commands.ts';

/** Read once and gone: there is nothing to read again. */
const STANDARD_INPUT = 'standard input';

/** Where a person reads the log that we read: its files, or the command that prints it. */
function whence(facts: Facts): { command: string } | { files: readonly string[] } | undefined {
  const [log, target] = [seen(facts, 'log'), seen(facts, 'target')];
  const command = log === undefined ? target?.logCommand : log.command;
  if (command !== undefined) return { command };
  const files = log?.files ?? [log?.place ?? target?.logPlace ?? STANDARD_INPUT];
  return files.includes(STANDARD_INPUT) ? undefined : { files };
}

/** Its last ERROR and WARN lines. */
export function troublesByHand(facts: Facts, flags = '-E'): string {
  const from = whence(facts) ?? { files: ['connect.log'] };
  if ('command' in from) return `${from.command} | grep ${flags} 'ERROR|WARN' | tail -50`;
  const grep = from.files.some((file) => file.endsWith('.gz')) ? 'zgrep' : 'grep';
  return `${grep} ${flags}${from.files.length > 1 ? ' -h' : ''} 'ERROR|WARN' ${from.files.map(shellWord).join(' ')} | tail -50`;
}

/** Its end. */
export function tailByHand(facts: Facts): string {
  const from = whence(facts);
  if (from === undefined) return 'tail -n 200 ${KAFKA_HOME:-/opt/kafka}/logs/connect.log';
  return 'command' in from ? `${from.command} | tail -n 200` : `tail -n 200 ${shellWord(from.files.at(-1) ?? '')}`;
}
