import type { Signal } from '../../proto/vocabulary/signals.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Ports of a side. In paths and bodies `{grpc}` and so on stand for them; `{http2}` belongs to the second connector. */
export const PORT_NAMES = ['grpc', 'http', 'grpc2', 'http2'] as const;
export type Ports = Readonly<Record<(typeof PORT_NAMES)[number], number>>;

/** One request of the script. A body that is a text goes as it is. */
export type Step = {
  /** unique, and what a difference is named by */
  id: string;
  /** method and path, as they go over the wire */
  request: string;
  body?: Json;
  /** Content-Type; null: none. JSON where there is a body and nothing is said */
  type?: string | null;
  headers?: Readonly<Record<string, string>>;
  /** asked again until the answer fits: what is asked for follows a change, and not at once */
  until?: RegExp;
  /** asked once, whatever the answer: Connect says 409 for as long as it is so */
  once?: true;
  /** Export requests sent over gRPC before it is asked */
  send?: readonly Signal[];
};

/** `id` and request, and what is said beside them. */
export const step = (id: string, request: string, more: Omit<Step, 'id' | 'request'> = {}): Step => ({ id, request, ...more });

export const NAME = 'otlp-source';
export const C = `/connectors/${NAME}`;

/** A configuration that both sides can run. */
export const CONFIG = {
  'connector.class': 'io.conduktor.connect.otel.OpenTelemetrySourceConnector',
  'tasks.max': '1',
  'otlp.bind.address': '127.0.0.1',
  'otlp.grpc.port': '{grpc}',
  'otlp.http.port': '{http}',
} as const;
export const SECOND_CONFIG = { ...CONFIG, 'otlp.grpc.port': '{grpc2}', 'otlp.http.port': '{http2}' } as const;

/** A status in these states: the connector's, then its task's. */
export const states = (connector: string, ...tasks: string[]): RegExp =>
  new RegExp(
    `"connector":\\{"state":"${connector}".*"tasks":\\[${tasks.map((state) => `\\{"id":\\d+,"state":"${state}"`).join('.*') || '\\]'}`,
  );

export const status = (id: string, connector: string, ...tasks: string[]): Step =>
  step(id, `GET ${C}/status`, { until: states(connector, ...tasks) });
