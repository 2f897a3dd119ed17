import { Args, Flags } from '@oclif/core';
import { ACTION_EXITS, ACTION_FLAGS, ActionCommand } from '../../action-command.ts';
import { askConfig } from '../../acting/ask-config.ts';
import { readConfigFile } from '../../acting/config-file.ts';
import { badInput } from '../../bad-input.ts';

export default class ConnectorDeploy extends ActionCommand {
  static override summary = 'Makes a connector from a file, or replaces the whole configuration of one that is there.';
  static override description = `The file is what Connect takes, {"name": ..., "config": {...}}, or the configuration alone. Connect judges it before anything is changed. Keys that the file lacks are named, and go only with --replace. ${ACTION_EXITS}`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> connector.json --dry-run',
    '<%= config.bin %> <%= command.id %> connector.json --yes --reason INC-1042',
  ];
  static override args = { file: Args.string({ required: true, ignoreStdin: true, description: 'JSON file with the configuration' }) };
  static override flags = { replace: Flags.boolean({ summary: 'keys that the file lacks may be reset' }), ...ACTION_FLAGS };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ConnectorDeploy);
    const { name, config } = readConfigFile(args.file);
    const options = this.acting(flags);
    const given = options.values.connector;
    if (given !== undefined && name !== null && given !== name)
      throw badInput(`--connector is ${given} and ${args.file} is the configuration of ${name}: leave one out`);
    const connector = given ?? name ?? undefined;
    if (connector === undefined) throw badInput(`${args.file} names no connector: give --connector NAME`);
    await this.act(
      'connector deploy',
      async (facts, client) => ({ config, replace: flags.replace === true, ...(await askConfig(facts, client, () => config)) }),
      flags,
      { ...options, values: { ...options.values, connector } },
    );
  }
}
