import { configValue } from '../../checks/derive/connector.ts';
import { seen } from '../../checks/facts/index.ts';
import { probesFor } from '../../checks/gather.ts';
import { ENVIRONMENTS, proposePorts } from '../../checks/plans/ports.ts';
import { factsOf } from '../facts-of.ts';
import { LookCommand } from '../look-command.ts';
import { flagsFor, formatFlag } from '../option-flags.ts';
import { CONNECT_OPTIONS } from '../options.ts';
import { portsText, type PortsView } from '../render/ports.ts';
import { takenPorts } from '../taken-ports.ts';

const NAMES = [...CONNECT_OPTIONS, 'worker-host', 'timeout'] as const;

export default class Ports extends LookCommand {
  static override summary = 'Proposes receiver ports for staging and development that nothing else has.';
  static override description = `The runbook's scheme, moved on where a port is held by a process of the worker's host or configured for another connector of this Connect. Looks only.
Exit code: 0, or 3 when Connect cannot be read.`;
  static override examples = ['<%= config.bin %> ports', '<%= config.bin %> ports --connect-url http://worker:8083 --format json'];
  static override flags = { ...flagsFor(...NAMES), ...formatFlag('text', 'json') };

  async run(): Promise<void> {
    const { flags } = await this.parse(Ports);
    const options = this.options(NAMES, flags);
    const probes = probesFor(['rest.list', 'target']);
    const [facts] = await this.looking((world) => factsOf(options, { ...world, probes }, 'ignore'));
    const { taken, checked, missing } = await takenPorts(facts, options.values);
    const port = (transport: 'grpc' | 'http') => Number(configValue(facts, `otlp.${transport}.port`) ?? NaN);
    const connector = seen(facts, 'target')?.connector ?? null;
    const live = connector === null || Number.isNaN(port('grpc')) ? null : { grpc: port('grpc'), http: port('http') };
    const view: PortsView = { connector, live, proposals: proposePorts(ENVIRONMENTS, taken), checked, missing };
    if (flags.format === 'json') this.print(JSON.stringify({ schemaVersion: 1, ...view }), { kind: 'json' });
    else this.print(portsText(view, this.renderOptions()));
  }
}
