import { Args } from '@oclif/core';
import { differences, wouldReset } from '../../../../checks/actions/differences.ts';
import { readConfigFile } from '../../../acting/config-file.ts';
import { BaseConfigCommand, CONFIG_FLAGS } from '../../../config-command.ts';
import { diffJson, diffText } from '../../../render/config.ts';

export default class ConnectorConfigDiff extends BaseConfigCommand {
  static override summary = 'Compares a file with the live configuration, and names what it would reset.';
  static override description = 'Looks only. Exit code: 0 they are the same, 1 they differ, 3 one of them could not be read.';
  static override examples = ['<%= config.bin %> <%= command.id %> connector.json'];
  static override args = { file: Args.string({ required: true, ignoreStdin: true, description: 'JSON file with a configuration' }) };
  static override flags = CONFIG_FLAGS;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ConnectorConfigDiff);
    const file = readConfigFile(args.file);
    const { name, config } = await this.live(flags, file.name ?? undefined);
    const changes = differences(config, { ...file.config, name });
    const seen = { connector: name, file: args.file, live: config, changes, resets: wouldReset(config, file.config) };
    const status = Object.keys(changes).length === 0 ? 'ok' : 'warning';
    if (flags.format === 'json') this.print(diffJson(seen), { kind: 'json', status });
    else this.print(diffText(seen), { status });
  }
}
