import { SIGNAL } from '../../../proto/vocabulary/signals.ts';
import type { Balanced, Server } from './balanced.ts';

/** A bootstrap of Envoy, whose files may be JSON. Source: Envoy, envoy.config.bootstrap.v3.Bootstrap and what hangs on it. */

const TYPE = 'type.googleapis.com/envoy.extensions';

type Side = { name: 'grpc' | 'http'; host: string; port: number; servers: readonly Server[]; http2: boolean };

const socket = (address: string, port: number): object => ({ socket_address: { address, port_value: port } });

/**
 * What was sent is never sent again from here: only a connection that did not come about is tried, at another connector. Unless told so Envoy may try the same
 * one, and no more than three requests at once. Source: Envoy, config.route.v3.RetryPolicy and config.cluster.v3.CircuitBreakers.
 */
const ELSEWHERE = {
  retry_on: 'connect-failure',
  num_retries: 3,
  retry_host_predicate: [
    {
      name: 'envoy.retry_host_predicates.previous_hosts',
      typed_config: { '@type': `${TYPE}.retry.host.previous_hosts.v3.PreviousHostsPredicate` },
    },
  ],
  host_selection_retry_max_attempts: 5,
} as const;
const RETRIES_AT_ONCE = 1024;

const listener = ({ name, host, port, http2 }: Side): object => ({
  name: `otlp-${name}`,
  address: socket(host, port),
  filter_chains: [
    {
      filters: [
        {
          name: 'envoy.filters.network.http_connection_manager',
          typed_config: {
            '@type': `${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
            stat_prefix: `otlp_${name}`,
            codec_type: http2 ? 'HTTP2' : 'AUTO',
            // A channel of gRPC stays open for good.
            common_http_protocol_options: { idle_timeout: '3600s' },
            route_config: {
              virtual_hosts: [
                {
                  name: 'otlp',
                  domains: ['*'],
                  routes: [
                    {
                      match: { prefix: '/' },
                      route: { cluster: `connectors-${name}`, timeout: '30s', retry_policy: ELSEWHERE },
                    },
                  ],
                },
              ],
            },
            http_filters: [{ name: 'envoy.filters.http.router', typed_config: { '@type': `${TYPE}.filters.http.router.v3.Router` } }],
          },
        },
      ],
    },
  ],
});

/** gRPC: an open port is all that can be asked for. HTTP: a GET writes nothing, and 405 is what a receiver says to it; Envoy's range ends before 406. */
const check = ({ http2 }: Side): object => ({
  timeout: '1s',
  interval: '2s',
  unhealthy_threshold: 2,
  healthy_threshold: 1,
  ...(http2
    ? { tcp_health_check: {} }
    : { http_health_check: { path: SIGNAL.traces.path, expected_statuses: [{ start: 405, end: 406 }] } }),
});

const cluster = (side: Side): object => ({
  name: `connectors-${side.name}`,
  type: 'STRICT_DNS',
  connect_timeout: '2s',
  lb_policy: 'ROUND_ROBIN',
  circuit_breakers: { thresholds: [{ max_retries: RETRIES_AT_ONCE }] },
  ...(side.http2 && {
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': `${TYPE}.upstreams.http.v3.HttpProtocolOptions`,
        explicit_http_config: { http2_protocol_options: {} },
      },
    },
  }),
  health_checks: [check(side)],
  load_assignment: {
    cluster_name: `connectors-${side.name}`,
    endpoints: [{ lb_endpoints: side.servers.map(({ host, port }) => ({ endpoint: { address: socket(host, port) } })) }],
  },
});

export function envoyConfig({ listen, grpc, http }: Balanced): string {
  const sides = [
    { name: 'grpc', host: listen.host, port: listen.grpc, servers: grpc, http2: true },
    { name: 'http', host: listen.host, port: listen.http, servers: http, http2: false },
  ] satisfies Side[];
  const used = sides.filter(({ servers }) => servers.length > 0);
  return `${JSON.stringify({ static_resources: { listeners: used.map(listener), clusters: used.map(cluster) } }, null, 2)}\n`;
}
