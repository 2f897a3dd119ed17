import type { Rule } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { clientProblem } from '../derive/client-problems.ts';
import { bothOff, invalidKeys, isOff } from '../derive/configuration.ts';
import { connectorView, expects } from '../derive/connector.ts';
import { quote } from '../derive/evidence.ts';
import { failedWith } from '../derive/failure.ts';
import { lostReceivers } from '../derive/lost-keys.ts';
import { LABEL, TRANSPORTS } from '../derive/receivers.ts';
import { connectorCall } from '../derive/commands.ts';
import { atStake, changeConfig, configAct, remedy } from '../derive/remedy.ts';
import { list } from '../derive/words.ts';
import { defaultOf } from '../../proto/vocabulary/keys.ts';
import { seen } from '../facts/index.ts';
import { clientRemedies } from './client-settings.ts';
import { RECEIVER_IDS, RECEIVER_STEPS, TASK_ECHOES, TRAFFIC_IDS } from './echoes.ts';

export const configurationInvalid = defineRule({
  id: 'configuration-invalid',
  layer: 'connector',
  scope: 'target',
  status: 'critical',
  explains: [...TASK_ECHOES, 'connector-configuration', 'task-missing', 'receiver-disabled'],
  heading: 'Issue: Connector Not Running',
  meaning:
    'The connector refuses to start with its configuration: a value out of range, or both receivers switched off. A restart changes nothing.',
  when({ facts }) {
    const failure = failedWith(facts, 'configuration-invalid');
    if (failure === undefined) return undefined;
    const { config, name } = connectorView(facts);
    const wrong = invalidKeys(config ?? {}, seen(facts, 'target')?.kind).map((key) => key.sentence);
    const why = wrong.length > 0 ? list(wrong) : failure.cause;
    return {
      sentence: `${name ?? 'The connector'} refuses to start with its configuration: ${why}.`,
      evidence: [...failure.evidence, quote(facts, 'target', 'config')],
    };
  },
  remedies({ facts }) {
    const config = connectorView(facts).config ?? {};
    if (bothOff(config))
      return [configAct(facts, 'Switch one receiver on; a restart without that changes nothing.', { 'otlp.grpc.enabled': 'true' })];
    const keys = invalidKeys(config, seen(facts, 'target')?.kind).map(({ key }) => [key, defaultOf(key)] as const);
    if (keys.length > 0)
      return [configAct(facts, 'Correct the value; the default of each wrong key is put in here.', Object.fromEntries(keys))];
    const wrong = refusedKeys(config, failedWith(facts, 'configuration-invalid')?.trace ?? '');
    return wrong.length === 0
      ? [remedy('Read its whole trace, correct what it names.', connectorCall(facts, 'GET', '/status'))]
      : [
          configAct(
            facts,
            'Correct the value; here it is taken out, so that the default counts.',
            Object.fromEntries(wrong.map((key) => [key, null])),
          ),
        ];
  },
});

/** Keys that somebody else refused, as a producer does: it names them without the prefix that they have here. Source: ConfigException of Kafka. */
function refusedKeys(config: Readonly<Record<string, string>>, trace: string): string[] {
  const [, value, name] = /Invalid value ([^\n]*?) for configuration ([\w.]+)/.exec(trace) ?? [];
  return Object.keys(config).filter((key) => config[key] === value && (key === name || key.endsWith(`.${name ?? ''}`)));
}

/** What an update that replaces everything leaves behind: no port, no address, no topic of its own. */
export const configurationReset = defineRule({
  id: 'configuration-reset',
  layer: 'connector',
  scope: 'target',
  status: 'critical',
  explains: [...RECEIVER_STEPS, ...RECEIVER_IDS.filter((id) => id !== 'port-held-by-other'), ...TRAFFIC_IDS],
  heading: 'Update Configuration',
  meaning:
    'PUT of a configuration replaces all of it: keys that the file leaves out are back at their defaults, ports, topics and bind address among them. The connector then serves other ports than its senders use.',
  when({ facts }) {
    const lost = lostReceivers(facts);
    if (lost.length === 0) return undefined;
    const now = lost.map((view) => `${view.label} ${defaultOf(`otlp.${view.transport}.port`)}`);
    return {
      sentence: `The configuration has lost its ports, topics and bind address: the connector serves ${list(now)}, not ${list(lost.map((view) => `${view.address?.port ?? ''}`))} as asked. An update replaced all of it.`,
      evidence: [quote(facts, 'target', 'config'), ...lost.map((view) => quote(facts, view.fact))],
    };
  },
  remedies({ facts }) {
    const keys = Object.fromEntries(lostReceivers(facts).map((view) => [`otlp.${view.transport}.port`, String(view.address?.port ?? '')]));
    return [changeConfig(facts, 'Put the lost keys back, its topics and bind address with them, without touching the others.', keys)];
  },
});

export const receiverDisabled = defineRule({
  id: 'receiver-disabled',
  layer: 'connector',
  scope: 'target',
  status: 'ok',
  explains: [...RECEIVER_STEPS, ...TRAFFIC_IDS, 'client-configuration'],
  heading: 'Issue 1: OTLP Receivers Not Listening',
  meaning:
    'One receiver is switched off in the configuration. That is a fault only where somebody is to use it, which --expect grpc or --expect http says.',
  when({ facts }) {
    const config = connectorView(facts).config;
    const off = config === null ? [] : TRANSPORTS.filter((transport) => isOff(config, transport));
    const transport = off[0];
    if (config === null || transport === undefined || off.length > 1) return undefined;
    const expected = expects(facts, transport);
    const used = expected ? undefined : clientProblem(facts, 'receiver-disabled');
    if (used !== undefined) return { sentence: used.sentence, evidence: used.evidence, status: 'warning', scope: 'client' };
    const label = LABEL[transport];
    return {
      sentence: `${label} is switched off in the configuration (otlp.${transport}.enabled=false)${expected ? `, and it was expected: nobody of this connector listens on ${config[`otlp.${transport}.port`] ?? defaultOf(`otlp.${transport}.port`)}` : ''}.`,
      evidence: [quote(facts, 'target', 'config', `otlp.${transport}.enabled=false`)],
      status: expected ? 'critical' : 'ok',
    };
  },
  remedies({ facts }, finding) {
    if (finding.status === 'ok') return [];
    const used = finding.scope === 'client' ? clientProblem(facts, 'receiver-disabled') : undefined;
    if (used !== undefined) return clientRemedies(used);
    const transport = expects(facts, 'grpc') ? 'grpc' : 'http';
    return [
      configAct(facts, `Switch it on, or let senders use the other protocol. Connect restarts the task with it: ${atStake(facts)}.`, {
        [`otlp.${transport}.enabled`]: 'true',
      }),
    ];
  },
});

export const CONFIGURATION_RULES: readonly Rule[] = [configurationInvalid, configurationReset, receiverDisabled];
