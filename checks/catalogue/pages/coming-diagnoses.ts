import type { Rule } from '../../rule.ts';

/** Causes whose ids are promised and that no rule can prove yet, each with what it means. A rule that comes takes its entry's place. */
export const COMING_DIAGNOSES: readonly Pick<Rule, 'id' | 'scope' | 'status' | 'heading' | 'meaning'>[] = [
  {
    id: 'configuration-drift',
    scope: 'target',
    status: 'ok',
    heading: 'Update Configuration',
    meaning:
      'The live configuration differs from the file that was given to compare it with. The live one counts; which of them is meant, only a person knows.',
  },
  {
    id: 'topic-under-partitioned',
    scope: 'target',
    status: 'warning',
    heading: 'Issue 4: Processing Lag Building Up',
    meaning:
      'A topic has fewer partitions than its consumers need to keep up. The connector itself writes with one task, whatever their number.',
  },
  {
    id: 'client-protocol-mismatch',
    scope: 'client',
    status: 'warning',
    heading: 'Issue 2: No Messages Received',
    meaning:
      'The client speaks gRPC to the HTTP port, or HTTP to the gRPC port. grpc belongs to the gRPC port (4317), http/protobuf and http/json to the HTTP port (4318).',
  },
  {
    id: 'client-wrong-path',
    scope: 'client',
    status: 'warning',
    heading: 'Issue 2: No Messages Received',
    meaning:
      'The client posts to a path that is none of /v1/traces, /v1/metrics and /v1/logs and is answered 404. An endpoint for one signal (OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) is used as it stands; only the common one gets the path appended.',
  },
  {
    id: 'client-wrong-address',
    scope: 'client',
    status: 'warning',
    heading: 'Issue 2: No Messages Received',
    meaning:
      'The client sends to an address where this connector is not: localhost inside a container is the container, and after a rebalance the ports are on another worker.',
  },
  {
    id: 'client-proxy',
    scope: 'client',
    status: 'warning',
    heading: 'Issue 2: No Messages Received',
    meaning:
      'A proxy variable in the environment of the client diverts its requests. Name the connector in NO_PROXY; some gRPC clients use the proxy even for localhost.',
  },
  {
    id: 'client-not-exporting',
    scope: 'client',
    status: 'warning',
    heading: 'Issue 2: No Messages Received',
    meaning: 'The client exports nothing: OTEL_SDK_DISABLED is true, or the exporter of the signal is none.',
  },
];
