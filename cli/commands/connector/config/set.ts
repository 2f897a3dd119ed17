import { Args, Flags } from '@oclif/core';
import { laidOver } from '../../../../checks/actions/differences.ts';
import { ACTION_EXITS, ACTION_FLAGS, ActionCommand } from '../../../action-command.ts';
import { askConfig } from '../../../acting/ask-config.ts';
import { badInput } from '../../../bad-input.ts';

/** `otlp.grpc.port=14317` */
function pair(word: string): [string, string] {
  const found = /^([\w.-]+)=(.*)$/s.exec(word);
  if (found === null) throw badInput(`"${word}" is no KEY=VALUE (try otlp.message.queue.size=50000)`);
  return [found[1]!, found[2]!];
}

export default class ConnectorConfigSet extends ActionCommand {
  static override summary = 'Changes single keys of the configuration; no other key is touched.';
  static override description = `By PATCH from Kafka Connect 3.8 on, by the whole configuration before. Connect restarts the task with it. ${ACTION_EXITS}`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> otlp.message.queue.size=50000 otlp.message.format=protobuf --dry-run',
    '<%= config.bin %> <%= command.id %> --remove otlp.tls.cert.path --yes',
  ];
  static override args = {
    keys: Args.string({ multiple: true, ignoreStdin: true, description: 'KEY=VALUE, one or more' }),
  };
  static override flags = {
    remove: Flags.string({ multiple: true, multipleNonGreedy: true, helpValue: 'KEY', summary: 'takes a key out (repeatable)' }),
    ...ACTION_FLAGS,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ConnectorConfigSet);
    const pairs = [...(args.keys ?? []).map(pair), ...(flags.remove ?? []).map((key): [string, null] => [key, null])];
    const twice = pairs.find(([key], at) => pairs.findIndex(([other]) => other === key) !== at);
    if (twice !== undefined) throw badInput(`${twice[0]} is given twice`);
    if (pairs.length === 0) throw badInput('no key is given: KEY=VALUE, or --remove KEY', 'see otlpctl connector config set --help');
    const keys = Object.fromEntries(pairs);
    await this.act(
      'connector config set',
      async (facts, client) => ({ keys, ...(await askConfig(facts, client, (live) => laidOver(live, keys))) }),
      flags,
    );
  }
}
