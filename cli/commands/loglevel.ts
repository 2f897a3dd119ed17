import { Args, Flags } from '@oclif/core';
import { DEBUG_LOGGERS, LEVELS } from '../../checks/actions/loggers.ts';
import { ACTION_EXITS, ACTION_FLAGS, ActionCommand } from '../action-command.ts';
import { askLevels } from '../acting/ask-levels.ts';
import { badInput } from '../bad-input.ts';

export default class Loglevel extends ActionCommand {
  static override summary = "Sets the level of the connector's loggers on the worker, without restarting it.";
  static override description = `It holds on the worker that is asked, until that restarts. ${ACTION_EXITS}`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> DEBUG --dry-run',
    '<%= config.bin %> <%= command.id %> INFO --logger io.grpc --yes',
  ];
  static override args = { level: Args.string({ required: true, ignoreStdin: true, description: LEVELS.join(', ') }) };
  static override flags = {
    logger: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME',
      summary: `instead of ${DEBUG_LOGGERS[0]} (repeatable)`,
    }),
    ...ACTION_FLAGS,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Loglevel);
    const level = args.level.toUpperCase();
    if (!LEVELS.some((known) => known === level)) throw badInput(`"${args.level}" is no log level (give ${LEVELS.join(', ')})`);
    const loggers = flags.logger ?? [DEBUG_LOGGERS[0]];
    await this.act('loglevel', async (facts, client) => ({ loggers, level, levels: await askLevels(facts, client) }), flags);
  }
}
