import { Args } from '@oclif/core';
import { unknownKey, wrongClass, wrongValue } from '../../../../checks/actions/judge-config.ts';
import { isSeen } from '../../../../checks/facts/index.ts';
import { validation } from '../../../acting/ask-config.ts';
import { readConfigFile } from '../../../acting/config-file.ts';
import { openConnect } from '../../../acting/connect-client.ts';
import { BaseConfigCommand, CONFIG_FLAGS } from '../../../config-command.ts';
import { validJson, validText } from '../../../render/config.ts';
import { targetOf } from '../../../target-options.ts';

export default class ConnectorConfigValidate extends BaseConfigCommand {
  static override summary = 'Judges a configuration in a file, by itself and by asking Connect; nothing is changed.';
  static override description =
    'Exit code: 0 it can be deployed, 2 Connect would refuse it or the task fail with it, 3 file or Connect could not be read.';
  static override examples = ['<%= config.bin %> <%= command.id %> connector.json'];
  static override args = { file: Args.string({ required: true, ignoreStdin: true, description: 'JSON file with a configuration' }) };
  static override flags = CONFIG_FLAGS;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ConnectorConfigValidate);
    const { config } = readConfigFile(args.file);
    const { facts, options } = await this.seeing(flags, 'ignore');
    const client = openConnect(targetOf(options.values));
    const asked = await validation(facts, client, config).finally(() => client.close());
    const kind = isSeen(facts.target) ? facts.target.value.kind : 'unknown';
    const wrong = [
      ...new Set([wrongClass(config), unknownKey(Object.keys(config), asked.known), wrongValue(config, kind), ...asked.objections]),
    ].filter((one) => one !== undefined);
    const judged = { file: args.file, wrong, byConnect: asked.known !== null };
    const status = wrong.length > 0 ? 'critical' : judged.byConnect ? 'ok' : 'unknown';
    if (flags.format === 'json') this.print(validJson(judged), { kind: 'json', status });
    else this.print(validText(judged), { status });
  }
}
