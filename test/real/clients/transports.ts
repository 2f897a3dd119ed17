import type { BridgeProcess } from '../../doubles/bridge-process.ts';

/** OTLP's three forms, by the names that OTEL_EXPORTER_OTLP_PROTOCOL has for them. `type`: content type of the record that the bridge stores. */
export const PROTOCOLS = {
  grpc: { port: 'grpc', type: 'application/x-protobuf' },
  'http/protobuf': { port: 'http', type: 'application/x-protobuf' },
  'http/json': { port: 'http', type: 'application/json' },
} as const;
export type Protocol = keyof typeof PROTOCOLS;
export const PROTOCOL_NAMES = Object.keys(PROTOCOLS) as Protocol[];

export const portOf = (bridge: BridgeProcess, protocol: Protocol): number => bridge.ports[PROTOCOLS[protocol].port]!;
