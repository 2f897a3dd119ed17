import type { ConfigAsked } from '../../checks/actions/change-config.ts';
import { unknownKey, wrongClass, wrongValue, type Config } from '../../checks/actions/judge-config.ts';
import { connectUrl, connectorUrl } from '../../checks/derive/commands.ts';
import { connectorView } from '../../checks/derive/connector.ts';
import type { Facts } from '../../checks/facts/index.ts';
import { isObject, seen } from '../../checks/facts/index.ts';
import { ask } from './ask.ts';
import type { ConnectClient } from './connect-client.ts';

/** What Connect says about configurations, before anything is changed: the live one whole, and what it would not take. */

/** Null where there is none, or it cannot be read. Secrets are in it: it goes into requests alone. */
async function liveConfig(facts: Facts, client: ConnectClient): Promise<Record<string, string> | null> {
  if (connectorView(facts).existence !== 'exists') return null;
  const json = await ask(client, 'GET', connectorUrl(facts, '/config'));
  if (!isObject(json)) return null;
  return Object.fromEntries(Object.entries(json).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** Connect's own judgement; none where it does not answer. Source: Kafka Connect, `PUT /connector-plugins/{plugin}/config/validate`. */
export async function validation(facts: Facts, client: ConnectClient, config: Config): Promise<Omit<ConfigAsked, 'live'>> {
  const plugin = config['connector.class'];
  if (plugin === undefined) return { objections: [], known: null };
  const named = { name: connectorView(facts).name ?? 'otlp-source', ...config };
  const json = await ask(client, 'PUT', `${connectUrl(facts)}/connector-plugins/${encodeURIComponent(plugin)}/config/validate`, named);
  const configs = isObject(json) && Array.isArray(json['configs']) ? json['configs'] : [];
  const values = configs.flatMap((one) => (isObject(one) && isObject(one['value']) ? [one['value']] : []));
  const known = values.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  const objections = values.flatMap(({ name, errors }) =>
    Array.isArray(errors)
      ? errors.map((error) => (String(error).includes(String(name)) ? String(error) : `${String(name)}: ${String(error)}`))
      : [],
  );
  return { objections, known: known.length === 0 ? null : known };
}

/**
 * `wanted`: the configuration as it would be, made from the live one. What can be refused without asking is not asked:
 * `objections` then has that one sentence.
 */
export async function askConfig(facts: Facts, client: ConnectClient, wanted: (live: Config) => Config): Promise<ConfigAsked> {
  const shown = connectorView(facts).config ?? {};
  const config = wanted(shown);
  const changed = Object.keys(config).filter((key) => config[key] !== shown[key]);
  const wrong = wrongClass(config) ?? unknownKey(changed, null) ?? wrongValue(config, seen(facts, 'target')?.kind ?? 'unknown');
  if (wrong !== undefined) return { live: null, objections: [wrong], known: null };
  const live = await liveConfig(facts, client);
  return { live, ...(await validation(facts, client, wanted(live ?? {}))) };
}
