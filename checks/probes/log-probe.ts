import type { LogSeen } from '../facts/index.ts';
import { isSeen } from '../facts/index.ts';
import { shellWord } from '../derive/commands.ts';
import { STDIN } from '../target.ts';
import type { LogStreamOptions } from './log-stream.ts';
import type { Answer, Look, Probe } from './probe.ts';

/** A long log, or one from another machine, has the time of three exchanges. */
const ROUNDS = 3;

/** The worker's log: the file, standard input or the command that was given, or the usual file where Kafka lies on this machine. */
export const logProbe: Probe = {
  gives: ['log'],
  needs: ['target'],
  rounds: ROUNDS,
  async look(look) {
    const resolved = await look.fact('target');
    const connector = isSeen(resolved) ? resolved.value.connector : (look.target.connector ?? null);
    return { log: await answer(look, connector) };
  },
};

async function answer({ target, signal, settings, deadlineMs }: Look, connector: string | null): Promise<Answer<LogSeen>> {
  const options: LogStreamOptions = { connector, signal, deadlineMs: deadlineMs * ROUNDS, now: settings.now() };
  if (target.logCommand !== undefined) {
    const source = target.logCommand.map(shellWord).join(' ');
    const { readLogCommand } = await import('./log-stream.ts');
    return { source, ...(await readLogCommand(target.logCommand, source, options)) };
  }
  if (target.logFile === STDIN) {
    const source = 'standard input';
    const stream = settings.stdin?.();
    if (stream === undefined) return { source, unasked: 'unknown', reason: 'this look does not read standard input' };
    const { readLogStream } = await import('./log-stream.ts');
    return { source, ...(await readLogStream(stream, options)) };
  }
  const path = target.logFile ?? usualPlace(settings.env);
  const give = { give: '--log-file PATH' };
  if (path === undefined)
    return { source: "the worker's log", unasked: 'skipped', reason: 'no log file is given and KAFKA_HOME is not set', ...give };
  const { readLogFile } = await import('./log-file.ts');
  const outcome = await readLogFile(path, connector, options);
  if (target.logFile === undefined && 'failure' in outcome && outcome.failure === 'absent')
    return { source: path, unasked: 'skipped', reason: 'no file at $KAFKA_HOME/logs/connect.log', ...give };
  return { source: path, ...outcome };
}

/** Where Kafka writes it, when it lies on this machine. */
export const usualPlace = ({ KAFKA_HOME }: Readonly<Record<string, string | undefined>>): string | undefined =>
  KAFKA_HOME === undefined || KAFKA_HOME === '' ? undefined : `${KAFKA_HOME}/logs/connect.log`;
