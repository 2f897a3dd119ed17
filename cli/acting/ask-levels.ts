import type { Levels } from '../../checks/actions/loggers.ts';
import { connectUrl } from '../../checks/derive/commands.ts';
import { isObject, type Facts } from '../../checks/facts/index.ts';
import { ask } from './ask.ts';
import type { ConnectClient } from './connect-client.ts';

/** Log levels as Connect has them now. Source: Kafka Connect, `GET /admin/loggers`, KIP-495. */
export async function askLevels(facts: Facts, client: ConnectClient): Promise<Levels> {
  const json = await ask(client, 'GET', `${connectUrl(facts)}/admin/loggers`);
  if (!isObject(json)) return null;
  return Object.fromEntries(Object.entries(json).map(([logger, one]) => [logger, String(isObject(one) ? one['level'] : one)]));
}
