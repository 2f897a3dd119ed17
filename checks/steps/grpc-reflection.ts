import { defineCheck } from '../check.ts';
import { quote } from '../derive/evidence.ts';
import { list } from '../derive/words.ts';
import { cannot, pass, without } from '../derive/verdict.ts';
import { isFailed, seen } from '../facts/index.ts';
import type { Facts } from '../facts/index.ts';
import type { Verdict } from '../report.ts';

export const grpcReflection = defineCheck({
  id: 'grpc-reflection',
  heading: 'OTLP Endpoint Testing',
  question: 'Does the gRPC server list its services?',
  why: 'Listing needs server reflection, which the connector does not have: its refusal proves a gRPC server as well as a list would. The bridge has it and lists the three OTLP services.',
  needs: ['receiver.reflection'],
  commands: [
    'grpcurl -plaintext localhost:4317 list',
    'grpcurl -plaintext localhost:4317 describe opentelemetry.proto.collector.trace.v1.TraceService',
  ],
  evaluate: (facts) => judge(facts),
});

function judge(facts: Facts): Verdict {
  const look = seen(facts, 'receiver.reflection');
  const fact = facts['receiver.reflection'];
  if (look === undefined)
    return isFailed(fact)
      ? cannot(`Reflection could not be asked: ${fact.detail}.`, quote(facts, 'receiver.reflection'))
      : without(facts, 'receiver.reflection', 'Reflection');
  if (look.supported)
    return pass(
      `The gRPC server lists ${list(look.services)} (reflection ${look.version ?? 'v1'}).`,
      quote(facts, 'receiver.reflection', 'services'),
    );
  return pass(
    `A gRPC server answers and has no reflection${look.grpcStatus === undefined ? '' : ` (status ${look.grpcStatus})`}: the connector has none, so a list of services cannot be had from it.`,
    quote(facts, 'receiver.reflection', 'grpcStatus'),
  );
}
