import type { Rule } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { connectUrl, curl } from '../derive/commands.ts';
import { connectorView, isOtlpClass } from '../derive/connector.ts';
import { quote } from '../derive/evidence.ts';
import { nearNames } from '../derive/names.ts';
import { receiverViews } from '../derive/receivers.ts';
import { deployAct, lookAgain, remedy } from '../derive/remedy.ts';
import { list } from '../derive/words.ts';
import { isWorkerStarting } from '../derive/worker.ts';
import { defaultOf } from '../../proto/vocabulary/keys.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { METRIC_IDS, METRIC_STEPS, RECEIVER_IDS, RECEIVER_STEPS, STATE_STEPS } from './echoes.ts';

/** Whether there is a connector of this name at all, and of this kind. Without one, nothing else about it can be. */

const ECHOES = [...STATE_STEPS, ...RECEIVER_STEPS, ...METRIC_STEPS, 'connector-configuration', ...RECEIVER_IDS, ...METRIC_IDS];

/** A connector of this Connect with a near name; true when it serves the very addresses asked for. */
function nearTo(facts: Facts): { name: string; servesHere: boolean } | undefined {
  const connectors = seen(facts, 'rest.list') ?? {};
  const names = nearNames(seen(facts, 'target')?.connector ?? '', Object.keys(connectors));
  const name = names.find((near) => servesHere(facts, near)) ?? names[0];
  return name === undefined ? undefined : { name, servesHere: servesHere(facts, name) };
}

function servesHere(facts: Facts, name: string): boolean {
  const config = seen(facts, 'rest.list')?.[name]?.info.config ?? {};
  const views = receiverViews(facts).filter((view) => view.address !== null);
  const portOf = (view: (typeof views)[number]): number =>
    Number(config[`otlp.${view.transport}.port`] ?? defaultOf(`otlp.${view.transport}.port`));
  return (
    isOtlpClass(config['connector.class']) &&
    views.every((view) => portOf(view) === view.address?.port) &&
    views.some((view) => view.state === 'serves')
  );
}

export const connectorNotFound = defineRule({
  id: 'connector-not-found',
  layer: 'connector',
  scope: 'target',
  status: 'critical',
  explains: [...ECHOES, 'log-lines', 'log-errors'],
  heading: 'Issue: Connector Not Running',
  meaning:
    'Connect answers and has no connector of this name: it was deleted, never created because its configuration was rejected, or the name is written wrong.',
  when({ facts }) {
    const view = connectorView(facts);
    const target = seen(facts, 'target');
    if (view.existence !== 'absent' || isWorkerStarting(facts) || (view.name === null && (target?.candidates.length ?? 0) > 0))
      return undefined;
    const near = nearTo(facts);
    const others = Object.keys(seen(facts, 'rest.list') ?? {});
    const has =
      near !== undefined
        ? `${near.name} exists${near.servesHere ? ' and serves these very addresses' : ''}`
        : others.length === 0
          ? 'it has no connector at all'
          : `it has ${list(others.slice(0, 5))}`;
    return {
      sentence: `${view.name === null ? 'No OTLP connector' : `${view.name} does not`} ${view.name === null ? 'exists' : 'exist'} on ${connectUrl(facts)}: ${has}.`,
      evidence: [quote(facts, 'rest.list', '', others)],
      status: near?.servesHere === true ? 'unknown' : 'critical',
    };
  },
  remedies({ facts }) {
    const near = nearTo(facts);
    if (near !== undefined) return [lookAgain(facts, 'Correct the name.', '--connector', near.name)];
    const plugins = curl(`${connectUrl(facts)}/connector-plugins`);
    return [
      deployAct(facts, 'Create it from its connector.json; a rejected configuration says there which key is wrong.'),
      remedy('If its class is rejected, see which classes are installed.', plugins),
    ];
  },
});

export const connectorNotOtlp = defineRule({
  id: 'connector-not-otlp',
  layer: 'connector',
  scope: 'target',
  status: 'critical',
  explains: [...ECHOES, 'task-failed', 'connector-failed'],
  heading: 'Issue: Connector Not Running',
  meaning: 'The connector of this name is another plug-in: it has no OTLP receivers, so nothing about it can be judged as if it had.',
  when({ facts }) {
    const { config, name } = connectorView(facts);
    const kind = config?.['connector.class'];
    if (kind === undefined || isOtlpClass(kind)) return undefined;
    return {
      sentence: `${name ?? 'The connector'} is a ${kind}, not the OpenTelemetry source.`,
      evidence: [quote(facts, 'target', 'config.connector.class', kind)],
    };
  },
  remedies({ facts }) {
    const other = seen(facts, 'target')?.candidates.find((name) => name !== connectorView(facts).name);
    return [
      other === undefined
        ? remedy('See which connectors there are.', curl(`${connectUrl(facts)}/connectors?expand=info`))
        : lookAgain(facts, `Name the OTLP connector, ${other}.`, '--connector', other),
    ];
  },
});

export const CONNECTOR_EXISTENCE_RULES: readonly Rule[] = [connectorNotFound, connectorNotOtlp];
