import { Flags } from '@oclif/core';
import { hostOf, splitAddress } from '../../../checks/address.ts';
import { missing } from '../../../checks/actions/not-there.ts';
import { connectorView } from '../../../checks/derive/connector.ts';
import { seen, type Facts } from '../../../checks/facts/index.ts';
import { probesFor } from '../../../checks/gather.ts';
import { planScale } from '../../../checks/plans/scale.ts';
import { badInput, couldNotLook } from '../../bad-input.ts';
import { factsOf } from '../../facts-of.ts';
import { LookCommand } from '../../look-command.ts';
import { flagsFor, formatFlag } from '../../option-flags.ts';
import { CONNECT_OPTIONS } from '../../options.ts';
import { readPort, readWhole } from '../../option-values.ts';
import type { OptionValues } from '../../read-options.ts';
import { assertFolder } from '../../output-folder.ts';
import { scaleDocument, scaleText } from '../../render/scale.ts';
import { takenPorts } from '../../taken-ports.ts';

const NAMES = [...CONNECT_OPTIONS, 'worker-host', 'timeout'] as const;
/** More connectors in one file are no plan that anybody follows. */
const MOST = 64;

/** Where tasks may run: the hosts of the workers that Connect has named. */
function hostsOf(facts: Facts, values: OptionValues): string[] {
  if (values['worker-host'] !== undefined) return [values['worker-host']];
  const list = Object.values(seen(facts, 'rest.list') ?? {});
  const ids = list.flatMap(({ status }) => [status.connector.worker_id, ...status.tasks.map((task) => task.worker_id)]);
  const hosts = [...new Set(ids.flatMap((id) => splitAddress(id)?.host ?? []))];
  if (hosts.length > 0) return hosts;
  return [values['connect-url'] ? hostOf(values['connect-url']) : '127.0.0.1'];
}

export default class ScaleConnectors extends LookCommand {
  static override summary = 'Plans several connectors on ports of their own, and a load balancer in front of them.';
  static override description = `Writes a configuration for each connector, and for HAProxy, NGINX and Envoy, over gRPC and HTTP. The first connector is the one that is there, unchanged.
Looks only, and writes into --output alone. Exit code: 0, or 3 when it cannot be planned or written.`;
  static override examples = [
    '<%= config.bin %> scale connectors --instances 3 --output scaled',
    '<%= config.bin %> scale connectors --instances 2 --connect-url none --listen-grpc 14317 --listen-http 14318',
  ];
  static override flags = {
    instances: Flags.string({ required: true, helpValue: 'N', summary: 'how many connectors, that of now included' }),
    output: Flags.string({ helpValue: 'DIR', summary: 'folder for the files; shown only when left out' }),
    force: Flags.boolean({ summary: 'write over files that are there' }),
    listen: Flags.string({ default: '127.0.0.1', helpValue: 'HOST', summary: 'address that the balancer listens on' }),
    'listen-grpc': Flags.string({ default: '4317', helpValue: 'PORT', summary: 'its port for OTLP over gRPC' }),
    'listen-http': Flags.string({ default: '4318', helpValue: 'PORT', summary: 'its port for OTLP over HTTP' }),
    ...flagsFor(...NAMES),
    ...formatFlag('text', 'json'),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ScaleConnectors);
    const instances = readWhole({ from: 1, to: MOST }, 3)(flags.instances, '--instances');
    const listen = {
      host: readHost(flags.listen),
      grpc: readPort(flags['listen-grpc'], '--listen-grpc'),
      http: readPort(flags['listen-http'], '--listen-http'),
    };
    if (listen.grpc === listen.http)
      throw badInput(`--listen-grpc and --listen-http are both ${listen.grpc}: each transport has a port of its own`);
    if (flags.output !== undefined) assertFolder(flags.output);
    const options = this.options(NAMES, flags);
    const probes = probesFor(['rest.list', 'rest.root', 'rest.health', 'target']);
    const [facts] = await this.looking((world) => factsOf(options, { ...world, probes }, 'refuse'));
    const { values } = options;
    // Without Connect a first connector is planned; with it, the one that is there.
    const no = values['connect-url'] === null ? undefined : missing(facts);
    if (no !== undefined) throw couldNotLook(no.refused.replace('. Nothing was sent', ''), no.hint);
    const { taken, checked, missing: unseen } = await takenPorts(facts, values);
    const { name, config, existence } = connectorView(facts);
    const plan = planScale({
      ...{ instances, taken, listen },
      name: existence === 'exists' ? name : null,
      config: config ?? {},
      names: Object.keys(seen(facts, 'rest.list') ?? {}),
      hosts: hostsOf(facts, values),
    });
    if ('tooFew' in plan) throw badInput(`only ${plan.tooFew} of ${instances} connectors find free ports on this host: plan fewer`);
    if (flags.output !== undefined) this.writer.files(flags.output, plan.files, { force: flags.force === true });
    const view = { plan, output: flags.output ?? null, checked, missing: unseen };
    if (flags.format === 'json') this.print(JSON.stringify(scaleDocument(view)), { kind: 'json' });
    else this.print(scaleText(view, this.renderOptions()));
  }
}

/** A name or an address, and nothing that would be more than that in a configuration. */
function readHost(text: string): string {
  if (!/^[\w.:*-]{1,253}$/.test(text)) throw badInput(`--listen "${text}" is not a host or an address (try 0.0.0.0)`);
  return text;
}
