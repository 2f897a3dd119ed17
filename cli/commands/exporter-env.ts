import { Flags } from '@oclif/core';
import { CLIENT_CAUSES } from '../../checks/derive/client-cause.ts';
import { clientLines } from '../../checks/derive/client-lines.ts';
import { clientView } from '../../checks/derive/client.ts';
import { diagnose } from '../../checks/diagnose.ts';
import { isUnasked } from '../../checks/facts/index.ts';
import type { Facts } from '../../checks/facts/index.ts';
import { probesFor } from '../../checks/gather.ts';
import { worst } from '../../checks/report.ts';
import { couldNotLook } from '../bad-input.ts';
import { factsOf } from '../facts-of.ts';
import { LookCommand } from '../look-command.ts';
import { flagsFor, formatFlag } from '../option-flags.ts';
import { CLIENT_OPTIONS, CONNECT_OPTIONS } from '../options.ts';
import { EXPORTER_ENV_RENDERERS, printed } from '../render/exporter-env.ts';

const TARGET = [...CONNECT_OPTIONS, 'otlp-grpc', 'otlp-http', 'worker-host', 'client-error', 'timeout'] as const;
const NAMES = [...TARGET, ...CLIENT_OPTIONS] as const;
const FACTS = ['client.env', 'client.error', 'target', 'rest.status', 'receiver.grpc', 'receiver.http'] as const;

const PROTOCOLS = ['grpc', 'http/protobuf'] as const;

export default class ExporterEnv extends LookCommand {
  static override summary =
    'Judges what an SDK makes of its OTEL_EXPORTER_OTLP_* variables, against this target; or prints those that fit.';
  static override description =
    'Without --env-file and --pid it judges the environment that it runs in itself. Values of headers are never shown. Exit code: 0 nothing found, 1 a cause in the client, 3 it could not be read.';
  static override examples = [
    '<%= config.bin %> exporter-env --pid 4711',
    'kubectl exec POD -- env > orders.env && <%= config.bin %> exporter-env --env-file orders.env',
    '<%= config.bin %> exporter-env --print >> orders.env',
  ];
  static override flags = {
    'client-env': { ...flagsFor('client-env')['client-env'], aliases: ['env-file'] },
    'client-pid': { ...flagsFor('client-pid')['client-pid'], aliases: ['pid'] },
    print: Flags.boolean({ summary: 'print the lines that a client of this target needs' }),
    protocol: Flags.option({ options: PROTOCOLS, dependsOn: ['print'], summary: 'for this protocol [of a receiver that serves]' })(),
    ...flagsFor(...TARGET),
    ...formatFlag('text', 'json'),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ExporterEnv);
    const options = this.options(NAMES, flags);
    const given = CLIENT_OPTIONS.some((name) => options.values[name] !== undefined);
    const own =
      given || flags.print
        ? {}
        : { client: { env: { place: 'this environment', variables: this.surroundings.env, isOurs: true as const } } };
    const [facts] = await this.looking((world) => factsOf(options, { ...world, ...own, probes: probesFor(FACTS) }, 'refuse'), 0);
    if (flags.print) return this.#print(facts, flags);
    const problem = isUnasked(facts['client.env']) && facts['client.env'].unasked === 'unknown' ? facts['client.env'].reason : undefined;
    const findings = diagnose(facts).diagnoses.filter(
      ({ id, scope }) => scope === 'client' && (CLIENT_CAUSES as readonly string[]).includes(id),
    );
    const status = worst([...findings.map((one) => one.status), ...(problem === undefined ? [] : ['unknown' as const])]);
    const { exports } = clientView(facts);
    const text = EXPORTER_ENV_RENDERERS[flags.format]({ facts, status, exports, findings, problem }, this.renderOptions());
    this.print(text, { status, kind: flags.format });
  }

  #print(facts: Facts, { protocol, format }: { protocol?: (typeof PROTOCOLS)[number] | undefined; format: 'text' | 'json' }): void {
    const wanted = protocol && (protocol === 'grpc' ? ('grpc' as const) : ('http' as const));
    const found = clientLines(facts, wanted);
    if (found === undefined) throw couldNotLook('no receiver of this target has an address', 'give --otlp-grpc or --otlp-http');
    const { lines, notes } = found;
    const variables = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
    if (format === 'json') this.print(JSON.stringify({ schemaVersion: 1, variables, notes }), { kind: 'json' });
    else this.print(printed(lines, notes));
  }
}
