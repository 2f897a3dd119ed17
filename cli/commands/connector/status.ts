import { isFailed, isSeen } from '../../../checks/facts/index.ts';
import { probesFor } from '../../../checks/gather.ts';
import { badInput, couldNotLook } from '../../bad-input.ts';
import { connectorRows, statusOfRows } from '../../connector-rows.ts';
import { factsOf } from '../../facts-of.ts';
import { LookCommand } from '../../look-command.ts';
import { didYouMean } from '../../near.ts';
import { flagsFor, formatFlag } from '../../option-flags.ts';
import { CONNECT_OPTIONS } from '../../options.ts';
import { CONNECTOR_RENDERERS } from '../../render/connectors.ts';

const NAMES = [...CONNECT_OPTIONS, 'expect', 'timeout', 'replay'] as const;

export default class ConnectorStatus extends LookCommand {
  static override summary = 'Shows the state of every connector and task, with the deepest cause of a failure.';
  static override description =
    'Looks only. Exit code: 2 when one of them is not RUNNING (or as --expect state=NAME says), 1 while one restarts, 3 when Connect cannot be read.';
  static override examples = [
    '<%= config.bin %> connector status',
    '<%= config.bin %> connector status --connector otlp-source --format json',
  ];
  static override flags = { ...flagsFor(...NAMES), ...formatFlag('text', 'json') };

  async run(): Promise<void> {
    const { flags } = await this.parse(ConnectorStatus);
    const options = this.options(NAMES, flags);
    const probes = probesFor(['rest.list']);
    const [facts] = await this.looking((world) => factsOf(options, { ...world, probes }, 'ignore'));
    const list = facts['rest.list'];
    if (!isSeen(list))
      throw couldNotLook(
        `Connect could not be read: ${isFailed(list) ? `${list.source}: ${list.detail}` : list.reason}`,
        'see otlpctl doctor',
      );
    const names = Object.keys(list.value).sort();
    const name = options.values.connector;
    if (name !== undefined && !names.includes(name))
      throw badInput(`there is no connector "${name}" at ${new URL(list.source.replace(/^GET /, '')).origin}${didYouMean(name, names)}`);
    const rows = connectorRows(list.value, name === undefined ? names : [name]);
    const status = statusOfRows(rows, options.values.expect ?? []);
    const text = CONNECTOR_RENDERERS[flags.format]({ source: list.source, status, rows }, this.renderOptions());
    this.print(text, { status, kind: flags.format });
  }
}
