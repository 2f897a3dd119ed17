import type { ClientEnv, Place } from '../facts/index.ts';
import { PORTS } from '../../proto/vocabulary/connect.ts';
import { SIGNAL, SIGNALS, type Signal } from '../../proto/vocabulary/signals.ts';

/**
 * What an SDK makes of its environment, signal by signal.
 * Source: OpenTelemetry specification, "OpenTelemetry Protocol Exporter" and "General SDK Configuration".
 */
export type Said = { /** the variable that decides; null: the default */ variable: string | null; value: string };

export type ClientProtocol = 'grpc' | 'http';

export type ClientExport = {
  signal: Signal;
  /** why nothing is exported over OTLP: the variable and its value */
  off?: Said;
  protocol: Said;
  /** nothing where nobody says and SDKs differ, or the value is no protocol */
  transport?: ClientProtocol;
  endpoint: Said;
  /** where requests go; nothing where the endpoint is no address */
  place?: Place;
  compression: Said;
};

const OTLP = 'OTEL_EXPORTER_OTLP_';

/** Own variable of the signal, the common one, the default. */
function pick({ variables }: ClientEnv, signal: Signal, name: string, otherwise: string): Said {
  const variable = [`${OTLP}${signal.toUpperCase()}_${name}`, `${OTLP}${name}`].find((one) => variables[one] !== undefined);
  return variable === undefined ? { variable: null, value: otherwise } : { variable, value: variables[variable]! };
}

/** Exporters, samplers and the switch of the SDK. A list may name several exporters; `otlp/stdout` goes nowhere over the network. */
function offBy({ variables }: ClientEnv, signal: Signal): Said | undefined {
  if (variables['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return { variable: 'OTEL_SDK_DISABLED', value: 'true' };
  const variable = `${signal.toUpperCase()}_EXPORTER`;
  const exporters = variables[`OTEL_${variable}`];
  if (exporters !== undefined && !exporters.split(',').some((one) => /^(?:otlp(?:\/(?:grpc|http))?|otlp_proto_\w+)$/i.test(one.trim())))
    return { variable: `OTEL_${variable}`, value: exporters };
  const sampler = variables['OTEL_TRACES_SAMPLER'];
  if (signal === 'traces' && sampler === 'always_off') return { variable: 'OTEL_TRACES_SAMPLER', value: sampler };
  return undefined;
}

const TRANSPORT: Readonly<Record<string, ClientProtocol>> = { grpc: 'grpc', 'http/protobuf': 'http', 'http/json': 'http' };

/** Without a protocol Python, .NET and Java take gRPC, JavaScript, Go, Ruby, PHP and the agents HTTP: only the default port tells what was meant. */
const UNSAID_PROTOCOL = '';

export function exportsOf(env: ClientEnv): ClientExport[] {
  return SIGNALS.map((signal) => {
    const off = offBy(env, signal);
    const protocol = pick(env, signal, 'PROTOCOL', UNSAID_PROTOCOL);
    const transport = TRANSPORT[protocol.value.toLowerCase()];
    const endpoint = pick(env, signal, 'ENDPOINT', `http://localhost:${transport === 'grpc' ? PORTS.grpc : PORTS.http}`);
    const insecure = pick(env, signal, 'INSECURE', 'false').value.toLowerCase() === 'true';
    const place = placeOf(endpoint, signal, transport, insecure);
    const compression = pick(env, signal, 'COMPRESSION', 'none');
    return {
      signal,
      ...(off && { off }),
      protocol,
      ...(transport && { transport }),
      endpoint,
      ...(place && { place }),
      compression,
    };
  });
}

/** Of gRPC only scheme, host and port count, and an address without a scheme is one over TLS unless INSECURE says otherwise. */
function placeOf({ variable, value }: Said, signal: Signal, transport: ClientProtocol | undefined, insecure: boolean): Place | undefined {
  const bare = !/^[a-z][\w+.-]*:\/\//i.test(value);
  if (bare && transport !== 'grpc') return undefined;
  const text = bare ? `${insecure ? 'http' : 'https'}://${value}` : value;
  const parts = /^(https?):\/\/(?:\[([\da-f:.%]+)\]|([^\s/:[\]]+))(?::(\d{1,5}))?(\/\S*)?$/i.exec(text);
  if (parts === null) return undefined;
  const tls = parts[1]!.toLowerCase() === 'https';
  const port = parts[4] === undefined ? (transport === 'grpc' ? PORTS.grpc : tls ? 443 : 80) : Number(parts[4]);
  if (port < 1 || port > 65_535) return undefined;
  const address = { host: parts[2] ?? parts[3]!, port, ...(tls ? { tls: true as const } : {}) };
  return transport === 'grpc' ? address : { ...address, path: pathOf(parts[5] ?? '', variable, signal) };
}

/** The endpoint of one signal is used as it stands; the common one gets the signal's path behind its own. */
function pathOf(path: string, variable: string | null, signal: Signal): string {
  const isOwn = variable !== null && variable !== `${OTLP}ENDPOINT`;
  return isOwn ? path || '/' : `${path.replace(/\/+$/, '')}${SIGNAL[signal].path}`;
}
