import { joinAddress } from '../../checks/address.ts';
import type { Marks } from '../../checks/actions/marks.ts';
import type { Plan, PlanStep } from '../../checks/actions/plan.ts';
import type { Facts } from '../../checks/facts/index.ts';
import { probesFor } from '../../checks/gather.ts';
import { EVERY_PROBE } from '../../checks/probes/on-demand.ts';
import { factsOf, type World } from '../facts-of.ts';
import type { OptionValues, ReadOptions } from '../read-options.ts';
import type { RunTarget } from './audit.ts';
import { conditionOf, type Condition } from './condition.ts';

type Looking = Omit<World, 'windowSeconds'>;

/** State and ports: what tells whether a promise is kept. */
const WATCHED = ['rest.status', 'receiver.grpc', 'receiver.http', 'metrics'] as const;
/** And what tells whether Kafka has it. */
const STORED = ['jmx.task'] as const;
/** And whether senders get to the ports, which firewalls' own tools take their time to say. */
const FILTERED = ['host.firewall'] as const;
const FILTER_TIMEOUT_SECONDS = 15;
/** An exchange of a look at what came of it may hang a third of this. */
const WATCH_TIMEOUT_SECONDS = 3;

/** The connector that was meant, by name: it may be gone, or not the only one, a moment later. */
const named = (options: ReadOptions, { connector }: RunTarget, more: OptionValues = {}): ReadOptions => ({
  ...options,
  values: { ...options.values, ...more, ...(connector !== null && { connector }) },
});

/** Looks at what a plan changes, as often as it is called. */
export function watcher(plan: Plan, before: Marks, options: ReadOptions, target: RunTarget, world: Looking): () => Promise<Facts> {
  const has = (kind: PlanStep['kind']): boolean => plan.steps.some((step) => step.kind === kind);
  const timeout = has('filter') ? FILTER_TIMEOUT_SECONDS : WATCH_TIMEOUT_SECONDS;
  const quick = named(options, target, { ...portsToShut(plan, before), timeout });
  const probes = probesFor([...WATCHED, ...(has('still') ? STORED : []), ...(has('filter') ? FILTERED : [])], EVERY_PROBE);
  return async () => (await factsOf(quick, { ...world, windowSeconds: 0, probes }, 'ignore'))[0];
}

/** Where the ports were that have to be closed: a connector that is gone or has no task says so no longer. */
function portsToShut({ steps }: Plan, { grpc, http }: Marks): OptionValues {
  if (!steps.some((step) => step.kind === 'wait' && step.goal.ports === 'closed')) return {};
  return {
    ...(grpc !== null && { 'otlp-grpc': { host: grpc.host, port: grpc.port } }),
    ...(http !== null && { 'otlp-http': new URL(`${http.tls === true ? 'https' : 'http'}://${joinAddress(http)}${http.path ?? ''}`) }),
  };
}

/** The same checks as before, once more. */
export async function conditionAfter(options: ReadOptions, target: RunTarget, world: Looking): Promise<Condition> {
  const [facts] = await factsOf(named(options, target), { ...world, windowSeconds: 0 }, 'ignore');
  return conditionOf(facts);
}
