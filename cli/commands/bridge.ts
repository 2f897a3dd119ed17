import { Flags } from '@oclif/core';
import { badInput } from '../bad-input.ts';
import { BaseCommand } from '../base-command.ts';
import { ENDINGS, onSignals } from '../endings.ts';
import { keysText } from '../render/bridge-keys.ts';

/**
 * A service goes on though its log cannot be written: a full disk, or a terminal that is gone, must not lose what is queued. Whoever listens by now, oclif
 * too, would end the process.
 */
function outliveOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error').on('error', () => {});
}

function offsetOf(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw badInput(`--port-offset ${text} is not a whole number of ports (try 1000)`);
  return Number(text);
}

export default class Bridge extends BaseCommand {
  static override summary = 'Runs the reference bridge: OTLP in, records out, with the REST and metrics of the connector.';
  static override description = `Serves gRPC 4317, HTTP 4318, Connect REST 8083 and metrics 9464 on 127.0.0.1 until SIGTERM, SIGINT or SIGHUP (a terminal that closes), then hands on what is queued.
Keys of the connector stay in the state folder and stand again at the next start, those that begin with bridge. count for one run: --keys lists them all.
Exit code: 0 everything was delivered, 1 some of it was spilled to a file (named), 2 something was lost, 3 it could not start.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --port-offset 1000 --set bridge.sink=memory',
    '<%= config.bin %> <%= command.id %> --keys',
    '<%= config.bin %> <%= command.id %> --config connector.json --set otlp.message.queue.size=50000 --ready-file /run/bridge.json',
  ];
  static override flags = {
    config: Flags.string({ summary: 'JSON of connector and bridge keys, flat or as a connector.json', helpValue: 'FILE' }),
    set: Flags.string({ summary: 'one key, over the file (repeatable)', helpValue: 'KEY=VALUE', multiple: true, multipleNonGreedy: true }),
    keys: Flags.boolean({ summary: 'list every key with its default, and start nothing' }),
    'port-offset': Flags.string({ summary: 'moves the ports that are not given, and the state folder', helpValue: 'N', default: '0' }),
    'ready-file': Flags.string({ summary: 'JSON with the real ports, there while the bridge serves', helpValue: 'PATH' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Bridge);
    if (flags.keys) return this.print(await this.#keys());
    const portOffset = offsetOf(flags['port-offset']);
    // Loaded here, so that no other command pays for gRPC.
    const [{ readSettings }, { runBridge }] = await Promise.all([import('../../bridge/settings.ts'), import('../../bridge/process.ts')]);
    const settings = readSettings({ configFile: flags.config, set: flags.set ?? [], portOffset, env: process.env });
    const { writer } = this;
    outliveOutput();
    process.exitCode = await runBridge(settings, {
      write: (text) => writer.out(text),
      now: Date.now,
      readyFile: flags['ready-file'],
      onSignal: (listener) => onSignals(process, ENDINGS, listener),
    });
  }

  async #keys(): Promise<string> {
    const { BRIDGE_KEYS, RECEIVER_KEYS } = await import('../../bridge/settings/keys.ts');
    const isOfKafka = ({ name }: { name: string }) => name.startsWith('bridge.kafka.');
    return keysText(
      [
        {
          heading: 'Keys of the connector; kept in the state folder, and changed over REST as those of any connector',
          keys: RECEIVER_KEYS,
        },
        { heading: 'Keys of the bridge; each start has those that it is given', keys: BRIDGE_KEYS.filter((key) => !isOfKafka(key)) },
        { heading: 'Keys of the Kafka sink (bridge.sink=kafka)', keys: BRIDGE_KEYS.filter(isOfKafka) },
      ],
      this.columns,
    );
  }
}
