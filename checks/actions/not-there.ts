import { connectorView } from '../derive/connector.ts';
import { nearNames } from '../derive/names.ts';
import { connectUrl } from '../derive/commands.ts';
import { restView } from '../derive/rest.ts';
import { list } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { isWorkerStarting } from '../derive/worker.ts';
import { refuse, type Refusal } from './plan.ts';

/** Connect cannot be read: nobody knows what would be changed. */
export function unreadable(facts: Facts): Refusal | undefined {
  const rest = restView(facts);
  if (seen(facts, 'target')?.connectUrl === null)
    return refuse('Connect is left out (--connect-url none), and this changes something there');
  if (rest.state === 'answers' && isWorkerStarting(facts))
    return refuse(
      `the worker at ${new URL(rest.url).host} is still starting, so what it says of its connectors is not true yet`,
      'try again in a minute',
    );
  if (rest.state === 'answers') return undefined;
  return refuse(
    `Connect at ${new URL(rest.url).host} could not be read: ${rest.failed?.detail ?? rest.state}. Nothing was sent`,
    'see otlpctl doctor',
  );
}

/** Why an action on a connector that has to be there cannot be planned. */
export function missing(facts: Facts): Refusal | undefined {
  const cannot = unreadable(facts);
  if (cannot !== undefined) return cannot;
  const view = connectorView(facts);
  const names = Object.keys(seen(facts, 'rest.list') ?? {});
  const place = new URL(connectUrl(facts)).host;
  if (view.name === null) {
    const there = names.length === 0 ? 'no connector' : `no OTLP connector (only ${list(names.slice(0, 5))})`;
    return refuse(`there is ${there} on ${place}`, 'name one with --connector');
  }
  if (view.existence === 'exists') return undefined;
  const near = nearNames(view.name, names).slice(0, 3);
  const meant = near.length === 0 ? '' : ` (did you mean ${list(near.map((name) => `"${name}"`)).replace(' and ', ' or ')}?)`;
  return refuse(`there is no connector "${view.name}" on ${place}${meant}`);
}
