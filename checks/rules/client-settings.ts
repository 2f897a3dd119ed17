import type { Rule } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { shellWord } from '../derive/commands.ts';
import type { ClientCause, ClientProblem } from '../derive/client-cause.ts';
import { clientProblem } from '../derive/client-problems.ts';
import { remedy } from '../derive/remedy.ts';
import type { Remedy } from '../report.ts';
import { INTAKE_STEPS, TRAFFIC_IDS } from './echoes.ts';

/** Causes that lie in one client, where its environment or its errors were given. */

/** `export NAME=value`, once for each line that a client's environment needs. */
export const clientRemedies = ({ cure, set }: Pick<ClientProblem, 'cure' | 'set'>): Remedy[] => [
  remedy(cure, `export ${set.map((line) => shellWord(line)).join(' ')}`),
];

const defineClientRule = (id: ClientCause, meaning: string, explains: readonly string[] = []): Rule =>
  defineRule({
    id,
    layer: 'client',
    scope: 'client',
    status: 'warning',
    explains: [...INTAKE_STEPS, ...TRAFFIC_IDS, 'client-configuration', ...explains],
    heading: 'Issue 2: No Messages Received',
    meaning,
    when({ facts }) {
      const problem = clientProblem(facts, id);
      return problem && { sentence: problem.sentence, evidence: problem.evidence, ...(problem.status && { status: problem.status }) };
    },
    remedies({ facts }) {
      const problem = clientProblem(facts, id);
      return problem === undefined ? [] : clientRemedies(problem);
    },
  });

export const CLIENT_SETTINGS_RULES: readonly Rule[] = [
  defineClientRule(
    'client-not-exporting',
    'The client exports nothing: OTEL_SDK_DISABLED is true, the exporter of the signal is none or one that is not OTLP, or its sampler is always_off.',
  ),
  defineClientRule(
    'client-protocol-mismatch',
    'The client speaks gRPC to the HTTP port, HTTP to the gRPC port, or TLS to plaintext. grpc belongs to the gRPC port (4317), http/protobuf and http/json to the HTTP port (4318); the connector serves plaintext only.',
    ['log-lines', 'log-errors'],
  ),
  defineClientRule(
    'client-wrong-path',
    'The client posts to a path that is none of /v1/traces, /v1/metrics and /v1/logs and is answered 404. An endpoint for one signal (OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) is used as it stands; only the common one gets the path appended.',
  ),
  defineClientRule(
    'client-wrong-address',
    'The client sends to an address where this connector is not: localhost inside a container is the container, and after a rebalance the ports are on another worker.',
  ),
  defineClientRule(
    'client-proxy',
    'A proxy variable in the environment of the client diverts its requests. Name the connector in NO_PROXY; some gRPC clients use the proxy even for localhost.',
  ),
];
