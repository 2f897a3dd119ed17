import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test, type TestContext } from 'node:test';
import { acting, auditOf, eventOf, stateFolder } from '../cli/acting/acting.ts';
import { actingConnect, type ActingConnect } from '../doubles/acting-connect.ts';
import { double } from '../doubles/double.ts';
import { BIN, cleanEnv } from '../doubles/otlpctl.ts';
import { until } from '../doubles/until.ts';
import { advertisedAt } from './faults/behind-proxy.ts';
import { makeTopics, say, withAdmin } from './stand/kafka-admin.ts';
import { kafkaTap, type KafkaTap, type Meeting } from './stand/kafka-tap.ts';
import { loneBroker, type LoneBroker } from './stand/lone-broker.ts';
import { freePorts } from './stand/ports.ts';
import { ASKS_WHO } from './stand/shared.ts';

let broker: LoneBroker;
let tap: KafkaTap;
before(async () => {
  const [kafkaPort, clients] = (await freePorts(2)) as [number, number];
  tap = await kafkaTap(clients);
  const address = `127.0.0.1:${tap.port}`;
  broker = await loneBroker({
    kafka: '3.9.1',
    kafkaPort,
    broker: (controllerPort) => ({ ...ASKS_WHO, ...advertisedAt(address, { kafkaPort, clients, controllerPort }) }),
  });
});
after(async () => {
  await tap.shut();
  await broker.stop();
});

/** A connector with three topics of its own, and a state folder. */
type Scene = { connect: ActingConnect; topics: string[]; folder: string; args: string[]; counts(): Promise<number[]> };

let made = 0;
const SIGNALS = ['traces', 'metrics', 'logs'];

/** `have`: partitions of the three; 0: there is no such topic. */
async function begin(t: TestContext, have: readonly number[], wait = '20'): Promise<Scene> {
  const name = `partitions-${process.pid}-${++made}`;
  const topics = SIGNALS.map((signal) => `${name}-${signal}`);
  await makeTopics(
    broker.kafka,
    topics.flatMap((topic, at) => (have[at] === 0 ? [] : [{ topic, numPartitions: have[at]!, replicationFactor: 1 }])),
  );
  const connect = await actingConnect({ config: Object.fromEntries(SIGNALS.map((signal, at) => [`kafka.topic.${signal}`, topics[at]!])) });
  t.after(() => connect.close());
  tap.meet(() => 'usual');
  await tap.open();
  const counts = (): Promise<number[]> =>
    withAdmin(broker.kafka, async (admin) => {
      const there = await admin.listTopics();
      const known = await admin.fetchTopicMetadata({ topics: topics.filter((topic) => there.includes(topic)) });
      return topics.map((topic) => known.topics.find((one) => one.name === topic)?.partitions.length ?? 0);
    });
  const args = ['topic', 'partitions', '3', '--yes', '--wait', wait];
  return { connect, topics, folder: stateFolder(), args, counts };
}

type Trouble = {
  have?: readonly number[];
  before?: (scene: Scene, t: TestContext) => Promise<unknown>;
  meet?: (nth: number) => Meeting;
  /** options in place of those that name the broker */
  kafka?: (t: TestContext) => Promise<readonly string[]>;
  wait?: string;
  code: 0 | 2 | 3;
  said: RegExp;
  /** nothing: there was nothing to do, or nothing to be done */
  outcome?: 'done' | 'not-seen';
  /** requests to change something */
  sent: number;
  then: readonly number[];
};

const usual = (): string[] => ['--kafka', `127.0.0.1:${tap.port}`];
const untouched = { sent: 0, then: [1, 1, 1] } as const;
const at = (kind: 'refused' | 'hang') => async (t: TestContext) => {
  const other = await double(kind);
  t.after(() => other.close());
  return ['--kafka', `127.0.0.1:${other.port}`, '--timeout', '1.5'];
};

const TROUBLES: Readonly<Record<string, Trouble>> = {
  'no trouble': { code: 0, outcome: 'done', said: /^Done in /m, sent: 3, then: [3, 3, 3] },
  'one has more already': { have: [1, 5, 1], code: 0, outcome: 'done', said: /has 5 already and keeps them/, sent: 2, then: [3, 5, 3] },
  'they are there': { have: [3, 3, 3], code: 0, said: /have 3 partitions: nothing to do/, sent: 0, then: [3, 3, 3] },
  'fewer than now': { have: [5, 5, 5], code: 3, said: /Kafka never takes partitions away/, sent: 0, then: [5, 5, 5] },
  'no such topic': { have: [0, 0, 0], code: 3, said: /^otlpctl: none of .* exists$/m, sent: 0, then: [0, 0, 0] },
  'one topic is missing': {
    have: [1, 1, 0],
    code: 0,
    outcome: 'done',
    said: /-logs does not exist and stays so\./,
    sent: 2,
    then: [3, 3, 0],
  },
  'Kafka refuses connections': { kafka: at('refused'), code: 3, said: /the topics could not be read/, ...untouched },
  'Kafka hangs': { kafka: at('hang'), code: 3, said: /the topics could not be read/, ...untouched },
  'topics that may not be described': {
    before: ({ topics }, t) => Promise.all(topics.map((topic) => say(t, broker.kafka, topic, 'deny', 'describe'))),
    ...{ code: 3, said: /TOPIC_AUTHORIZATION_FAILED.*could not be read/, sent: 0, then: [0, 0, 0] },
  },
  'topics that may not be altered': {
    before: ({ topics }, t) => Promise.all(topics.map((topic) => say(t, broker.kafka, topic, 'allow', 'describe', 'describe-configs'))),
    ...{ code: 2, outcome: 'not-seen', said: /authoriz/i, sent: 1, then: [1, 1, 1] },
  },
  'a request that hangs': {
    meet: () => 'hang',
    wait: '1',
    ...{ code: 2, outcome: 'not-seen', said: /-traces has 1 partitions/, sent: 1, then: [1, 1, 1] },
  },
  'a connection that breaks': {
    meet: () => 'cut',
    ...{ code: 2, outcome: 'not-seen', said: /-traces has 1 partitions/, sent: 1, then: [1, 1, 1] },
  },
  'an answer that is lost': { meet: () => 'lose', wait: '2', code: 0, outcome: 'done', said: /^Done in /m, sent: 3, then: [3, 3, 3] },
  'accepted, and nothing comes of it': {
    meet: () => 'accept',
    wait: '1',
    ...{ code: 2, outcome: 'not-seen', said: /-traces has 1 partitions/, sent: 1, then: [1, 1, 1] },
  },
  'Kafka is gone after the request': {
    meet: () => () => void tap.shut(),
    ...{ code: 2, outcome: 'not-seen', said: /could not be looked at/, sent: 1, then: [1, 1, 1] },
  },
};

const events = (folder: string): string[] => auditOf(folder).flatMap((run) => run.events.map(({ event }) => event));

/** One record, and it says of each request how it ended. */
function complete(folder: string, outcome: string): void {
  const [record, ...others] = auditOf(folder);
  assert.deepEqual([others.length, eventOf(record!, 'ended')!.outcome], [0, outcome]);
  const count = (name: string): number => events(folder).filter((event) => event === name).length;
  assert.equal(count('sending'), count('answered'));
}

for (const [name, { have = [1, 1, 1], before: prepare, meet, kafka, wait, code, said, outcome, sent, then }] of Object.entries(TROUBLES))
  test(`topic partitions: ${name}`, async (t) => {
    const scene = await begin(t, have, wait);
    await prepare?.(scene, t);
    if (meet !== undefined) tap.meet(meet);
    const ran = await acting(scene.connect.url, scene.folder, [...scene.args, ...((await kafka?.(t)) ?? usual())]);
    const all = (ran.stdout + ran.stderr).replaceAll(/\n {11}/g, ' ');
    assert.deepEqual([ran.code, said.test(all)], [code, true], all);
    assert.deepEqual([tap.changes(), await scene.counts()], [sent, then]);
    if (outcome !== undefined) complete(scene.folder, outcome);
    else assert.deepEqual(events(scene.folder), code === 3 ? ['refused'] : []);
  });

/** As a process of its own, which is told to end by what meets its requests. */
async function asProcess({ connect, folder, args }: Scene, meet: (end: (name: NodeJS.Signals) => void) => (nth: number) => Meeting) {
  let end = (_: NodeJS.Signals): void => undefined;
  tap.meet(meet((name) => end(name)));
  const child = spawn(process.execPath, [BIN, ...args, ...usual(), '--connect-url', connect.url, '--state-dir', folder], {
    env: cleanEnv(),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  end = (name) => void child.kill(name);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

for (const [nth, signal] of SIGNALS.entries())
  for (const how of ['before it was carried out', 'after it was carried out'] as const)
    test(`topic partitions: killed at the request for ${signal}, ${how}, and gone on with`, async (t) => {
      const scene = await begin(t, [1, 1, 1]);
      const isLate = how.startsWith('after');
      await asProcess(scene, (end) => (now) => {
        if (now !== nth) return 'usual';
        if (!isLate) return () => end('SIGKILL');
        void until('the partitions', async () => ((await scene.counts())[nth] === 3 ? true : undefined)).then(() => end('SIGKILL'));
        return 'lose';
      });
      assert.equal(events(scene.folder).at(-1), 'sending');
      tap.meet(() => 'usual');
      const { run } = auditOf(scene.folder)[0]!;
      const went = await acting(scene.connect.url, scene.folder, ['runbook', 'continue', run, '--yes']);
      assert.equal(went.code, 0, went.stdout + went.stderr);
      // What was carried out is seen, and not asked for again.
      assert.deepEqual([tap.changes(), await scene.counts()], [SIGNALS.length - nth - (isLate ? 1 : 0), [3, 3, 3]]);
      assert.equal(eventOf(auditOf(scene.folder)[0]!, 'ended')!.outcome, 'done');
    });

test('topic partitions: told to end while it waits for an answer', async (t) => {
  const scene = await begin(t, [1, 1, 1]);
  const { code, said } = await asProcess(scene, (end) => () => () => end('SIGTERM'));
  assert.equal(code, 2, said);
  assert.match(said, /\nInterrupted after gives .*-traces 3 partitions/);
  complete(scene.folder, 'not-seen');
});
