import { isOff } from '../derive/configuration.ts';
import { CONNECTOR_CLASS, DEFAULT_CONNECTOR_NAME } from '../../proto/vocabulary/connect.ts';
import { defaultOf } from '../../proto/vocabulary/keys.ts';
import type { Balanced, Listen, Server } from './balancer/balanced.ts';
import { envoyConfig } from './balancer/envoy.ts';
import { haproxyConfig } from './balancer/haproxy.ts';
import { nginxConfig } from './balancer/nginx.ts';
import { proposePorts, type TakenPort } from './ports.ts';

/** Several connectors behind a load balancer. Source: runbook "Scaling Considerations". */

export type ScaleInput = {
  instances: number;
  /** of the first instance, which stays as it is; null: it is not there yet */
  name: string | null;
  config: Readonly<Record<string, string>>;
  /** names that this Connect has already, and ports that something has */
  names: readonly string[];
  taken: readonly TakenPort[];
  /** where the workers are reached that may run the tasks */
  hosts: readonly string[];
  listen: Listen;
};

/** `isThere`: its configuration is the live one. A port is null where that receiver is switched off. */
export type Instance = {
  name: string;
  isThere: boolean;
  grpc: number | null;
  http: number | null;
  config: Record<string, string>;
  file: string;
};

export type ScalePlan = {
  instances: Instance[];
  balanced: Balanced;
  /** name of a file and what is in it */
  files: Record<string, string>;
  notes: { text: string; beware: boolean }[];
};

/** What redaction leaves of a secret. */
const TOKEN = /^<redacted:[\w-]+>$/;

const FIRST: Readonly<Record<string, string>> = { 'connector.class': CONNECTOR_CLASS, 'tasks.max': '1' };

function instancesOf({ instances, name, config, names, taken }: ScaleInput): Instance[] {
  const base = { ...FIRST, ...config };
  const port = (transport: 'grpc' | 'http'): number => Number(base[`otlp.${transport}.port`] ?? defaultOf(`otlp.${transport}.port`));
  const own = { grpc: port('grpc'), http: port('http') };
  const stem = name ?? DEFAULT_CONNECTOR_NAME;
  const free: string[] = [];
  for (let number = 2; free.length < instances - 1; number++) if (!names.includes(`${stem}-${number}`)) free.push(`${stem}-${number}`);
  const firsts =
    name === null
      ? []
      : [
          { port: own.grpc, by: `a port of ${stem}` },
          { port: own.http, by: `a port of ${stem}` },
        ];
  const first = name === null ? proposePorts([{ environment: stem, ...own }], taken) : [{ environment: stem, ...own, moved: [] }];
  const others = proposePorts(
    free.map((environment) => ({ environment, ...own })),
    [...taken, ...firsts, ...first.flatMap(({ grpc, http }) => [grpc, http].map((one) => ({ port: one, by: `a port of ${stem}` })))],
  );
  return [...first, ...others].map(({ environment, grpc, http }, index) => ({
    name: environment,
    isThere: index === 0 && name !== null,
    grpc: isOff(base, 'grpc') ? null : grpc,
    http: isOff(base, 'http') ? null : http,
    config: withPorts(base, environment, grpc, http),
    file: `${environment}.json`,
  }));
}

/** One task each, whatever tasks.max says: that is why there are several. */
function withPorts(base: Readonly<Record<string, string>>, name: string, grpc: number, http: number): Record<string, string> {
  return { ...base, name, 'otlp.grpc.port': String(grpc), 'otlp.http.port': String(http) };
}

const secretsIn = (config: Readonly<Record<string, string>>): string[] =>
  Object.entries(config).flatMap(([key, value]) => (TOKEN.test(value) ? [key] : []));

/** Every instance on every worker: its task is on one of them, and the balancer's checks find out on which. */
function serversOf(instances: readonly Instance[], hosts: readonly string[], transport: 'grpc' | 'http'): Server[] {
  return instances.flatMap((instance) => {
    const port = instance[transport];
    return port === null
      ? []
      : hosts.map((host, at) => ({ name: hosts.length === 1 ? instance.name : `${instance.name}-at-${at + 1}`, host, port }));
  });
}

/** `tooFew`: so many instances found free ports, and that is not enough. */
export function planScale(input: ScaleInput): ScalePlan | { tooFew: number } {
  const instances = instancesOf(input);
  if (instances.length < input.instances) return { tooFew: instances.length };
  const balanced: Balanced = {
    listen: input.listen,
    grpc: serversOf(instances, input.hosts, 'grpc'),
    http: serversOf(instances, input.hosts, 'http'),
  };
  const document = ({ name, config }: Instance): string => `${JSON.stringify({ name, config }, null, 2)}\n`;
  return {
    instances,
    balanced,
    files: {
      ...Object.fromEntries(instances.map((instance) => [instance.file, document(instance)])),
      'haproxy.cfg': haproxyConfig(balanced),
      'nginx.conf': nginxConfig(balanced),
      'envoy.json': envoyConfig(balanced),
    },
    notes: notesOn(input, instances),
  };
}

function notesOn({ hosts, listen }: ScaleInput, instances: readonly Instance[]): ScalePlan['notes'] {
  const secrets = secretsIn(instances[0]?.config ?? {});
  const clash = instances.filter(({ grpc, http }) => [grpc, http].some((port) => port === listen.grpc || port === listen.http));
  return [
    ...(secrets.length === 0
      ? []
      : [{ text: `Secrets are not written: fill in ${secrets.join(', ')} where the files say <redacted:...>.`, beware: true }]),
    ...(clash.length === 0
      ? []
      : [
          {
            text: `The balancer listens on ports that ${clash.map(({ name }) => name).join(', ')} has too: run it on a host of its own, or give --listen-grpc and --listen-http.`,
            beware: true,
          },
        ]),
    ...(hosts.length < 2
      ? []
      : [
          {
            text: `Connect may move a task to another worker: each instance is listed on all ${hosts.length}, and only where it runs its ports are open.`,
            beware: false,
          },
        ]),
    { text: 'gRPC keeps one connection open for long: these spread its calls, not its connections.', beware: false },
    {
      text: 'A balancer that only sees an open port does not see a full queue: over gRPC the connector answers OK and drops.',
      beware: false,
    },
  ];
}
