import { Flags } from '@oclif/core';
import { DEBUG_LOGGERS } from '../../checks/actions/loggers.ts';
import { ACTION_EXITS, ACTION_FLAGS, ActionCommand } from '../action-command.ts';
import { askLevels } from '../acting/ask-levels.ts';
import { badInput } from '../bad-input.ts';

export default class DebugWindow extends ActionCommand {
  static override summary = "Raises the connector's loggers to DEBUG for a while, and puts them back whatever happens.";
  static override description = `Levels go back also when it is interrupted (Ctrl-C). ${ACTION_EXITS}`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --for 60',
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
    await this.act(
      'debug-window',
      async (facts, client) => ({ loggers, ms: Number(seconds) * 1000, levels: await askLevels(facts, client) }),
      flags,
    );
  }
}
