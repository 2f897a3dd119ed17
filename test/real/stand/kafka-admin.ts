import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import kafkajs from 'kafkajs';
import type { Admin } from 'kafkajs';
import { TOOLS } from '../tools.ts';
import type { Stand } from './stand.ts';

/** Something done with Kafka's administration interface over a connection of its own. `kafka`: addresses, by commas. */
export async function withAdmin<T>(kafka: string, act: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new kafkajs.Kafka({ brokers: kafka.split(','), logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 8 } }).admin();
  await admin.connect();
  try {
    return await act(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Makes those of the topics that are missing, one partition and one replica each unless they say otherwise. */
export const makeTopics = (
  kafka: string,
  topics: readonly (string | Parameters<Admin['createTopics']>[0]['topics'][number])[],
): Promise<void> =>
  withAdmin(kafka, async (admin) => {
    const there = await admin.listTopics();
    const wanted = topics.map((topic) => (typeof topic === 'string' ? { topic, numPartitions: 1, replicationFactor: 1 } : topic));
    const missing = wanted.filter(({ topic }) => !there.includes(topic));
    if (missing.length > 0) await admin.createTopics({ topics: missing });
  });

/** Kafka's own `kafka-configs`: client quotas are not in the interface above. */
export async function kafkaConfigs(stand: Pick<Stand, 'version' | 'kafka'>, args: readonly string[]): Promise<void> {
  const tool = ['-Xshare:auto', '-XX:TieredStopAtLevel=1', '-cp', `${TOOLS}/kafka-${stand.version}/*`, 'kafka.admin.ConfigCommand'];
  await promisify(execFile)('java', [...tool, '--bootstrap-server', stand.kafka, ...args]);
}

/** Numbers of Kafka's protocol: AclOperation, AclPermissionType. */
const OPERATIONS = { write: 4, alter: 7, describe: 8, 'describe-configs': 10 } as const;
const PERMISSIONS = { deny: 2, allow: 3 } as const;
type Owner = { after(cleanUp: () => Promise<void>): unknown };

/** Says of a topic what may be done to it, by anybody; what nobody says may not be done then. Undone with its owner. */
export async function say(
  owner: Owner,
  kafka: string,
  topic: string,
  permission: keyof typeof PERMISSIONS,
  ...operations: (keyof typeof OPERATIONS)[]
): Promise<void> {
  // Topic, literal.
  const acls = operations.map((operation) => ({
    ...{ resourceType: 2, resourceName: topic, resourcePatternType: 3, principal: 'User:ANONYMOUS', host: '*' },
    ...{ operation: OPERATIONS[operation], permissionType: PERMISSIONS[permission] },
  }));
  owner.after(() => withAdmin(kafka, async (admin) => void (await admin.deleteAcls({ filters: acls }))));
  await withAdmin(kafka, (admin) => admin.createAcls({ acl: acls }));
}

/** Nobody may write this topic any more. */
export const denyWrite = (owner: Owner, kafka: string, topic: string): Promise<void> => say(owner, kafka, topic, 'deny', 'write');
