import { otlpctl } from '../derive/commands.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { refuse, type Refusal } from './plan.ts';

/** What came to Connect's REST when. Sources: KIP-745, KIP-875, KIP-477, KIP-495. */
const SINCE = {
  stop: { version: [3, 5], what: 'PUT /connectors/NAME/stop', instead: 'connector delete' },
  patch: { version: [3, 8], what: 'PATCH /connectors/NAME/config', instead: 'connector config get' },
} as const;

/** Major and minor of what `GET /` says; nothing where it says none: then it is tried. */
function versionOf(facts: Facts): [number, number] | undefined {
  const found = /^(\d+)\.(\d+)/.exec(seen(facts, 'rest.root')?.version ?? '');
  return found === null ? undefined : [Number(found[1]), Number(found[2])];
}

export function has(facts: Facts, feature: keyof typeof SINCE): boolean {
  const found = versionOf(facts);
  if (found === undefined) return true;
  const [major, minor] = SINCE[feature].version;
  return found[0] > major || (found[0] === major && found[1] >= minor);
}

/** This Connect is too old for what the action asks of it. */
export function versionGap(facts: Facts, feature: keyof typeof SINCE): Refusal | undefined {
  if (has(facts, feature)) return undefined;
  const { version, what, instead } = SINCE[feature];
  const is = seen(facts, 'rest.root')?.version ?? '';
  return refuse(`Kafka Connect ${is} has no ${what}: it came with ${version.join('.')}`, otlpctl(facts, instead));
}
