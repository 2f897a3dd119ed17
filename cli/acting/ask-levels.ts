import type { Levels } from '../../checks/actions/loggers.ts';
import { connectUrl } from '../../checks/derive/commands.ts';
import type { Facts } from '../../checks/facts/index.ts';
import type { ConnectClient } from './connect-client.ts';

/** Log levels as Connect has them now. Source: Kafka Connect, `GET /admin/loggers`, KIP-495. */
export async function askLevels(facts: Facts, client: ConnectClient): Promise<Levels> {
  const call = { kind: 'request', method: 'GET', url: `${connectUrl(facts)}/admin/loggers`, body: null, does: 'looks' } as const;
  const reply = await client.send(call, { deadlineMs: 5_000, signal: new AbortController().signal });
  const json = 'status' in reply && reply.status === 200 ? reply.json : null;
  if (json === null || typeof json !== 'object' || Array.isArray(json)) return null;
  return Object.fromEntries(
    Object.entries(json).map(([logger, one]) => [
      logger,
      String(typeof one === 'object' && one !== null && !Array.isArray(one) ? one['level'] : one),
    ]),
  );
}
