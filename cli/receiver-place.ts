import { isSeen, type Place } from '../checks/facts/index.ts';
import { probesFor } from '../checks/gather.ts';
import { resolveTarget } from '../checks/probes/target.ts';
import { couldNotLook } from './bad-input.ts';
import { targetOf } from './target-options.ts';
import { factsOf, type World } from './facts-of.ts';
import { CONNECT_OPTIONS } from './options.ts';
import type { ReadOptions } from './read-options.ts';

/** Options of the commands that test one receiver. */
export const ENDPOINT_OPTIONS = [...CONNECT_OPTIONS, 'worker-host', 'timeout'] as const;

const GIVEN = { grpc: 'otlp-grpc', http: 'otlp-http' } as const;

/** Where a receiver is: as given, and nobody is asked then; else as Connect says of the connector. */
export async function receiverPlace(which: 'grpc' | 'http', options: ReadOptions, world: World): Promise<Place> {
  if (options.values[GIVEN[which]] !== undefined) return resolveTarget(targetOf(options.values), world.env, [])[which]!;
  const [facts] = await factsOf(options, { ...world, probes: probesFor(['target']) }, 'refuse');
  const place = isSeen(facts.target) ? facts.target.value[which] : null;
  if (place === null) throw couldNotLook(`where the ${which} receiver is could not be found out`, `give --${GIVEN[which]}`);
  if (place.off === true) throw couldNotLook(`the ${which} receiver is switched off (otlp.${which}.enabled=false)`);
  return place;
}

/** One look may take as long as any look of doctor's: min(3 s, time-out / 3). */
export const lookDeadlineMs = ({ values }: ReadOptions): number => Math.min(3000, ((values.timeout ?? 10) * 1000) / 3);
