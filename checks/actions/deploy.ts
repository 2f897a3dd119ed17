import { connectUrl } from '../derive/commands.ts';
import { connectorView, isOtlpClass } from '../derive/connector.ts';
import { atStake } from '../derive/remedy.ts';
import { list } from '../derive/words.ts';
import type { Facts } from '../facts/index.ts';
import { seen } from '../facts/index.ts';
import { CONNECTOR_CLASS } from '../../proto/vocabulary/connect.ts';
import { defaultOf } from '../../proto/vocabulary/keys.ts';
import { defineAction, type ActionView } from './action.ts';
import { goalAfterChange, takenPort, type ConfigAsked } from './change-config.ts';
import { changeInWords, differences, wouldReset } from './differences.ts';
import { unknownKey, wrongClass, wrongValue, type Config } from './judge-config.ts';
import { unreadable } from './not-there.ts';
import { refuse, type Plan, type Refusal } from './plan.ts';
import { assumed, toConnector, waitFor } from './request.ts';
import { nameOf, placeOf, riskOfStop } from './words.ts';

type Input = ConfigAsked & { config: Config; /** keys that the file lacks may go */ replace: boolean };

const PORT_KEYS = ['otlp.grpc.port', 'otlp.http.port'] as const;

/** Another OTLP connector of this Connect with one of the ports. */
function twin(facts: Facts, config: Config): string | undefined {
  const portsOf = (one: Config): string[] =>
    PORT_KEYS.filter((key) => one[key.replace('port', 'enabled')] !== 'false').map((key) => one[key] ?? defaultOf(key));
  const wanted = portsOf(config);
  const found = Object.entries(seen(facts, 'rest.list') ?? {}).find(
    ([name, { info, status }]) =>
      name !== nameOf(facts) &&
      isOtlpClass(info.config['connector.class']) &&
      status.tasks.length > 0 &&
      portsOf(info.config).some((port) => port !== '0' && wanted.includes(port)),
  );
  return (
    found &&
    `${found[0]} on the same Connect has port ${list(portsOf(found[1].info.config).filter((port) => wanted.includes(port)))}: only one of the two can run`
  );
}

/** Plug-ins that the worker has, where it says so. */
function notInstalled(facts: Facts): string | undefined {
  const plugins = seen(facts, 'rest.plugins');
  if (plugins === undefined || plugins.some((plugin) => isOtlpClass(plugin.class))) return undefined;
  return `${CONNECTOR_CLASS} is not installed on ${placeOf(facts)}`;
}

/** Runbook "Connector Not Running": `POST /connectors`; or the whole configuration of one that is there. */
export const deploy = defineAction<Input>({
  id: 'connector deploy',
  kept: true,
  plan(view) {
    const { facts, input, force } = view;
    const no = unreadable(facts);
    if (no !== undefined) return no;
    const { config } = input;
    const kind = seen(facts, 'target')?.kind ?? 'unknown';
    const always = wrongClass(config) ?? notInstalled(facts);
    if (always !== undefined) return refuse(`${always}: nothing was sent`);
    const wrong = unknownKey(Object.keys(config), input.known) ?? wrongValue(config, kind) ?? input.objections[0] ?? twin(facts, config);
    if (wrong !== undefined && !force) return refuse(`${wrong}: nothing was sent`, 'give --force to send it all the same');
    const taken = force ? undefined : takenPort(facts, config);
    if (taken !== undefined) return taken;
    return connectorView(facts).existence === 'exists' ? replaced(view, this.id) : created(view, this.id);
  },
});

const created = ({ facts, input, waitMs }: ActionView<Input>, action: string): Plan => {
  const config = Object.fromEntries(Object.entries(input.config).filter(([key]) => key !== 'name'));
  return {
    action,
    title: `Deploy ${nameOf(facts)} on ${placeOf(facts)} (${Object.keys(config).length} keys)`,
    costs: [
      `It opens gRPC ${config['otlp.grpc.port'] ?? defaultOf('otlp.grpc.port')} and HTTP ${config['otlp.http.port'] ?? defaultOf('otlp.http.port')} on a worker of this Connect.`,
    ],
    risk: 'none',
    steps: [
      {
        kind: 'request',
        method: 'POST',
        url: `${connectUrl(facts)}/connectors`,
        body: JSON.stringify({ name: nameOf(facts), config }),
        does: 'makes the connector',
      },
      waitFor({ connector: 'RUNNING', tasks: 'RUNNING', ports: 'open' }, waitMs),
    ],
    instead: [],
    consent: { by: 'yes' },
    assumes: assumed(facts),
  };
};

function replaced({ facts, input, waitMs }: ActionView<Input>, action: string): Plan | Refusal {
  const live = connectorView(facts).config ?? {};
  const whole = { ...input.config, name: nameOf(facts) };
  // Secrets of the live configuration are tokens here: whether they differ, only the whole can tell.
  const changes = differences(input.live ?? live, whole);
  const lost = wouldReset(live, whole);
  if (lost.length > 0 && !input.replace)
    return refuse(
      `the file lacks keys that ${nameOf(facts)} has, and would reset ${list(lost)}: nothing was sent`,
      'give --replace if that is meant, or change single keys with otlpctl connector config set',
    );
  const shown = Object.entries(changes).map(([key, to]) => changeInWords(key, live[key], to));
  return {
    action,
    title: `Replace the configuration of ${nameOf(facts)} on ${placeOf(facts)}`,
    costs: [...shown, ...(connectorView(facts).state === 'STOPPED' ? [] : [`Connect restarts the task with it: ${atStake(facts)}.`])],
    risk: riskOfStop(facts, 'restart'),
    steps: [
      toConnector(facts, 'PUT', '/config', 'replaces the whole configuration', whole),
      waitFor(goalAfterChange(facts, changes), waitMs),
    ],
    instead: [],
    consent: { by: 'yes' },
    assumes: assumed(facts),
    ...(shown.length === 0 ? { already: `${nameOf(facts)} has this configuration already` } : {}),
  };
}
