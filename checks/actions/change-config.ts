import { connectorView } from '../derive/connector.ts';
import { listenersOn, processName, workerPid } from '../derive/worker.ts';
import { atStake } from '../derive/remedy.ts';
import { list } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import type { ActionView } from './action.ts';
import { changeInWords, laidOver, wouldReset } from './differences.ts';
import { unknownKey, wrongValue, type Config, type Keys } from './judge-config.ts';
import { missing } from './not-there.ts';
import { refuse, type Goal, type Plan, type Refusal } from './plan.ts';
import { assumed, toConnector, waitFor } from './request.ts';
import { has } from './versions.ts';
import { nameOf, placeOf, riskOfStop } from './words.ts';

/** What Connect itself says of a configuration, asked before anything is planned. */
export type ConfigAsked = {
  /** the live configuration whole, secrets included: for requests alone. Null: there is none */
  live: Config | null;
  /** what Connect would not take, in its words */
  objections: readonly string[];
  /** every key that it knows; null: it was not asked, or did not say */
  known: readonly string[] | null;
};

const PORTS = { 'otlp.grpc.port': 'gRPC', 'otlp.http.port': 'HTTP' } as const;

/** A port that is to be opened and that another process has. */
export function takenPort(facts: Facts, keys: Keys): Refusal | undefined {
  const own = connectorView(facts).config ?? {};
  for (const key of Object.keys(PORTS) as (keyof typeof PORTS)[]) {
    const port = keys[key];
    if (port === undefined || port === null || port === own[key]) continue;
    const holder = listenersOn(facts, Number(port)).find(({ pid }) => pid !== undefined && pid !== workerPid(facts));
    if (holder !== undefined)
      return refuse(
        `port ${port} (${PORTS[key]}) is held by ${processName(holder)}: the task could not start with it`,
        'take another port, or give --force',
      );
  }
  return undefined;
}

/** After a change Connect starts the task anew in whatever state was wanted. */
export function goalAfterChange(facts: Facts, keys: Keys): Goal {
  const { state } = connectorView(facts);
  if (state === 'STOPPED') return { connector: 'STOPPED', tasks: 'none', ports: 'any', config: keys };
  const wanted = state === 'PAUSED' ? 'PAUSED' : 'RUNNING';
  return { connector: wanted, tasks: wanted, ports: 'open', config: keys, anew: true };
}

/** Lays keys over the configuration: by PATCH where the worker has it, else by a PUT of the whole. No other key is touched. */
export function changeConfig(
  action: string,
  { facts, input, waitMs, force }: ActionView<ConfigAsked & { keys: Keys }>,
  title = `Change ${Object.keys(input.keys).length === 1 ? '1 key' : `${Object.keys(input.keys).length} keys`} of ${nameOf(facts)} on ${placeOf(facts)}`,
): Plan | Refusal {
  const { keys, objections, known } = input;
  const no = missing(facts);
  if (no !== undefined) return no;
  const shown = connectorView(facts).config;
  const live = input.live ?? shown;
  if (live === null || shown === null) return refuse(`the configuration of ${nameOf(facts)} could not be read: nothing was sent`);
  const changed = Object.keys(keys).filter((key) => (live[key] ?? null) !== keys[key]);
  const wrong =
    unknownKey(
      changed.filter((key) => keys[key] !== null),
      known,
    ) ??
    wrongValue(laidOver(live, keys), seen(facts, 'target')?.kind ?? 'unknown') ??
    objections[0];
  if (wrong !== undefined && !force) return refuse(`${wrong}: nothing was sent`, 'give --force to send it all the same');
  const taken = force ? undefined : takenPort(facts, keys);
  if (taken !== undefined) return taken;
  const whole = has(facts, 'patch') ? undefined : laidOver(live, keys);
  const reset = wouldReset(shown, keys);
  const moved = (Object.keys(PORTS) as (keyof typeof PORTS)[]).filter((key) => changed.includes(key)).map((key) => PORTS[key]);
  return {
    action,
    title,
    costs: [
      ...changed.map((key) => changeInWords(key, shown[key], keys[key])),
      ...(connectorView(facts).state === 'STOPPED' ? [] : [`Connect restarts the task with it: ${atStake(facts)}.`]),
      ...(moved.length === 0 ? [] : [`Senders over ${list(moved)} must follow to the new port.`]),
      ...(reset.length === 0 ? [] : [`All other keys stay. A PUT of these alone would have reset ${list(reset)}.`]),
    ],
    risk: riskOfStop(facts, 'restart'),
    steps: [
      whole === undefined
        ? toConnector(facts, 'PATCH', '/config', 'lays these keys over the configuration', { ...keys })
        : toConnector(facts, 'PUT', '/config', 'puts the whole configuration with these keys in it (this Connect has no PATCH)', whole),
      waitFor(goalAfterChange(facts, keys), waitMs),
    ],
    instead: [],
    consent: { by: 'yes' },
    assumes: assumed(facts),
    ...(changed.length === 0 ? { already: `${nameOf(facts)} has these values already` } : {}),
  };
}
