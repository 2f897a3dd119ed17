import type { ReflectionLook } from '../../checks/facts/index.ts';
import type { OverallStatus } from '../../checks/report.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';
import type { PathLook } from '../http-probe.ts';
import type { RenderOptions } from './format.ts';
import { indented, table, wrap } from './layout.ts';

type GrpcList = { address: string; look: ReflectionLook };

const OTLP_SERVICES = SIGNALS.map((signal) => SIGNAL[signal].service);

function grpcText({ address, look }: GrpcList, { columns }: RenderOptions): string {
  if (look.supported) return `${look.services.join('\n')}\n`;
  const why = look.grpcMessage ?? `gRPC status ${look.grpcStatus ?? 'missing'}`;
  const said = `${address} speaks gRPC and has no reflection (${why}). The connector has none, so this is no fault. An OTLP receiver serves:`;
  return `${[...wrap(said, columns), ...indented(OTLP_SERVICES, 2)].join('\n')}\n`;
}

const grpcJson = ({ address, look }: GrpcList): string => JSON.stringify({ schemaVersion: 1, address, ...look });

export const GRPC_LIST_RENDERERS = { text: grpcText, json: grpcJson } as const;

type HttpProbe = { status: OverallStatus; paths: readonly PathLook[] };

/** What the runbook has one send, and why it is left alone. */
function notSent({ url, signal }: PathLook): string[] {
  return [
    `Not sent: the runbook's POST without a body. The connector takes it for an empty request, answers 200 and puts an empty record on the topic of ${signal}:`,
    `curl -X POST ${url} -H "Content-Type: application/x-protobuf"`,
  ];
}

function httpText({ paths }: HttpProbe, { columns }: RenderOptions): string {
  const rows = paths.map(({ url, httpStatus, sentence }) => [`GET ${url}`, httpStatus === null ? '-' : String(httpStatus), sentence]);
  const [why, command] = notSent(paths[0]!) as [string, string];
  return `${[...table(rows, { width: columns }), '', ...wrap(why, columns), `  ${command}`].join('\n')}\n`;
}

const httpJson = ({ status, paths }: HttpProbe): string =>
  JSON.stringify({ schemaVersion: 1, status, paths, notSent: notSent(paths[0]!)[1] });

export const HTTP_PROBE_RENDERERS = { text: httpText, json: httpJson } as const;
