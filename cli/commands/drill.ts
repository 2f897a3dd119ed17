import { Args, Flags } from '@oclif/core';
import { badInput } from '../bad-input.ts';
import { LookCommand } from '../look-command.ts';
import { askDrills, HERE, type DrillOrder } from '../drill-switch.ts';
import { targetOf } from '../target-options.ts';
import { flagsFor, formatFlag } from '../option-flags.ts';
import { DRILL_RENDERERS } from '../render/drills.ts';

const NAMES = ['metrics-url', 'timeout'] as const;

function secondsOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,5}(\.\d{1,3})?$/.test(text) || Number(text) === 0) throw badInput(`--for "${text}" is not a number of seconds (try 60)`);
  return Number(text);
}

/** One word that is no drill says what to do with those that are on. */
const ORDERS: Readonly<Record<string, DrillOrder>> = { list: { method: 'GET' }, end: { method: 'DELETE' } };

export default class Drill extends LookCommand {
  static override summary = 'Practises on a bridge: makes a fault, lists those there are, or ends them.';
  static override description = `FAULT is list, end, or drills as the list shows them; those that are on and not named end. The bridge has to be started with bridge.drills=on.
Exit code: 0 it is so, 3 it could not be made so.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> list',
    '<%= config.bin %> <%= command.id %> rest:401 --for 60',
    '<%= config.bin %> <%= command.id %> state:RUNNING/RUNNING,worker=127.0.0.2:8084 recv:closed',
    '<%= config.bin %> <%= command.id %> end',
    '<%= config.bin %> <%= command.id %> list --metrics-url http://ann:secret@127.0.0.1:9464/',
  ];
  static override args = {
    fault: Args.string({ multiple: true, ignoreStdin: true, required: true, description: 'list, end, or one or more drills' }),
  };
  static override flags = {
    for: Flags.string({ summary: 'ends the drills after that time', helpValue: 'SECONDS' }),
    ...flagsFor(...NAMES),
    'metrics-url': {
      ...flagsFor('metrics-url')['metrics-url'],
      summary: "the bridge's metrics port; user:password@ for its bridge.auth.file [http://127.0.0.1:9464]",
    },
    ...formatFlag('text', 'json'),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Drill);
    const words = args.fault;
    const forSeconds = secondsOf(flags.for);
    const simple = words.length === 1 && Object.hasOwn(ORDERS, words[0]!) ? ORDERS[words[0]!] : undefined;
    const { values } = this.options(NAMES, flags);
    const { metricsUrl = HERE, metricsAuth } = targetOf(values);
    const order = simple ?? { method: 'PUT' as const, drills: words, forSeconds };
    const board = await askDrills({ url: metricsUrl, auth: metricsAuth }, order, (values.timeout ?? 10) * 1000);
    this.print(DRILL_RENDERERS[flags.format](board, { list: words[0] === 'list' }, this.renderOptions()), { kind: flags.format });
  }
}
