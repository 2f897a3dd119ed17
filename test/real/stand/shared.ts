import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../doubles/until.ts';
import { runLife } from './keeper.ts';
import { standOf, startStand } from './stand.ts';
import type { Stand, StandRecord } from './stand.ts';
import type { KafkaVersion } from './settings.ts';

const STARTED_MS = 120_000;

/** An authorizer that refuses nobody until a test says so of a topic. */
export const ASKS_WHO = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': 'true',
};

/**
 * The one stand of this test run for a Kafka version, with one worker: the first test file that asks starts it, the others take it over, and it ends with
 * the run. Whoever uses it leaves it as it was: connectors deleted, every process running.
 */
export async function sharedStand(kafka: KafkaVersion): Promise<Stand> {
  const life = runLife();
  const folder = join(tmpdir(), `otlpctl-stand-of-${life}-${kafka}`);
  const recordFile = join(folder, 'record.json');
  if (isFirst(folder)) {
    const stand = await startStand({ kafka, life, folder, broker: ASKS_WHO });
    writeFileSync(`${recordFile}.new`, JSON.stringify(stand.record()));
    renameSync(`${recordFile}.new`, recordFile);
    return stand;
  }
  await until('the stand that another test file starts', () => existsSync(recordFile) || undefined, STARTED_MS);
  const record = JSON.parse(readFileSync(recordFile, 'utf8')) as StandRecord;
  return standOf(record, (group) => appendFileSync(join(folder, 'groups'), `${group}\n`));
}

/** Making a folder is atomic: of several files that ask at once, one makes it. */
function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
