import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { DEBUG_LOGGERS } from '../../checks/actions/loggers.ts';
import type { LogSource } from '../../checks/actions/plan.ts';
import { STDIN } from '../../checks/target.ts';
import { ACTION_EXITS, ACTION_FLAGS, ActionCommand } from '../action-command.ts';
import { askLevels } from '../acting/ask-levels.ts';
import { badInput } from '../bad-input.ts';
import type { OptionValues } from '../read-options.ts';
import { targetOf } from '../target-options.ts';

/** The log that was named, or the usual one where it is there. */
function logOf(values: OptionValues, env: Readonly<Record<string, string | undefined>>): LogSource | null {
  const { logFile, logCommand } = targetOf(values);
  if (logFile === STDIN) throw badInput('--log-file - has an end, and this is about what comes from now on: name the file');
  if (logCommand !== undefined) return { command: logCommand };
  const usual = join(env['KAFKA_HOME'] ?? '', 'logs', 'connect.log');
  const file = logFile ?? (env['KAFKA_HOME'] && existsSync(usual) ? usual : undefined);
  return file === undefined ? null : { file: resolve(file) };
}

export default class DebugWindow extends ActionCommand {
  static override summary =
    "Raises the connector's loggers to DEBUG for a while, keeps the log of that time, and puts the levels back whatever happens.";
  static override description = `Levels go back also when it is interrupted (Ctrl-C, SIGTERM); after a kill -9, otlpctl runbook continue RUN puts them back. The log is read from --log-file or --log-command, and goes without secrets, 8 MiB at most, into logs/ of the state folder. ${ACTION_EXITS}`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --for 60 --log-file /var/log/kafka/connect.log',
    '<%= config.bin %> <%= command.id %> --for 300 --logger io.grpc --yes',
  ];
  static override flags = {
    for: Flags.string({ default: '60', helpValue: 'SECONDS', summary: 'how long' }),
    logger: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME',
      summary: `instead of ${DEBUG_LOGGERS.join(' and ')} (repeatable)`,
    }),
    ...ACTION_FLAGS,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(DebugWindow);
    const seconds = /^(\d{1,5}(?:\.\d{1,3})?)s?$/.exec(flags.for)?.[1];
    if (seconds === undefined || Number(seconds) === 0) throw badInput(`--for "${flags.for}" is not a number of seconds (try 60)`);
    const loggers = flags.logger ?? [...DEBUG_LOGGERS];
    const options = this.acting(flags);
    const log = logOf(options.values, this.surroundings.env);
    await this.act(
      'debug-window',
      async (facts, client) => ({ loggers, ms: Number(seconds) * 1000, levels: await askLevels(facts, client), log }),
      flags,
      options,
    );
  }
}
