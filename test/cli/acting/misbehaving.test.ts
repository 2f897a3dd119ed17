import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import type { Change, Manner } from '../../doubles/acting-connect.ts';
import { double } from '../../doubles/double.ts';
import { BIN, cleanEnv } from '../../doubles/otlpctl.ts';
import { acting, auditOf, documentOf, eventOf } from './acting.ts';
import { begin, CASES, EDITOR } from './cases.ts';

const ownRuns = (folder: string) => auditOf(folder).filter(({ run }) => run !== 'earlier');

type Trouble = {
  manner?: (change: Change, nth: number) => Manner;
  /** of each test its own */
  mannerOf?: () => (change: Change, nth: number) => Manner;
  /** seconds that the state is waited for */
  wait?: string;
  code: number;
  sentence: RegExp;
  outcome: 'done' | 'not-seen' | 'not-tried';
  /** how often each request is sent */
  times?: number;
};

const isReal = process.env['OTLPCTL_REAL'] === '1';

const REBALANCE = { status: 409, message: 'Cannot complete request momentarily due to stale configuration' };
/** From the first request on, as a cluster of several workers does it. */
function rebalancing(): (change: Change, nth: number) => Manner {
  let began: number | undefined;
  return () => (Date.now() - (began ??= Date.now()) < 20_000 ? REBALANCE : 'usual');
}

const TROUBLES: Readonly<Record<string, Trouble>> = {
  'no trouble': { code: 0, outcome: 'done', sentence: /^done$/ },
  '409 for a while': {
    manner: (_, nth) => (nth < 2 ? REBALANCE : 'usual'),
    code: 0,
    outcome: 'done',
    sentence: /^done$/,
    times: 3,
  },
  ...(isReal && { '409 for 20 s': { mannerOf: rebalancing, wait: '40', code: 0, outcome: 'done' as const, sentence: /^done$/ } }),
  '409 that stays': {
    manner: () => ({ status: 409, message: 'Cannot complete request because of a conflicting operation (e.g. worker rebalance)' }),
    wait: '0.5',
    code: 2,
    outcome: 'not-seen',
    sentence: /was answered 409 after \d attempts: Cannot complete request because of a conflicting operation/,
  },
  500: {
    manner: () => ({ status: 500, message: 'Request timed out' }),
    code: 2,
    outcome: 'not-seen',
    sentence: /was answered 500: Request timed out$/,
    times: 1,
  },
  hang: { manner: () => 'hang', wait: '1', code: 2, outcome: 'not-seen', sentence: /^the request got no answer in 1 s; /, times: 1 },
  'a connection that breaks': { manner: () => 'cut', wait: '1', code: 2, outcome: 'not-seen', sentence: /^the request got /, times: 1 },
};

const pathBelow = ({ method, url }: Pick<Change, 'method' | 'url'>): string =>
  `${method} ${url.replace(/^.*\/connectors\/otlp-source/, '')}`;

/** All of them take minutes: without the real tier a restart and a change stand for the others. */
const FEW = ['restart', 'config set'];
const met = Object.entries(CASES).filter(([name]) => isReal || FEW.includes(name));

describe(`${met.length} of ${Object.keys(CASES).length} actions meet every trouble`, { concurrency: 6 }, () => {
  for (const [name, action] of met) {
    for (const [trouble, { manner, mannerOf, wait = '5', code, outcome, sentence, times }] of Object.entries(TROUBLES)) {
      test(`${name}: ${trouble}`, async (t) => {
        const { connect, folder, args } = await begin(action, mannerOf?.() ?? manner);
        t.after(() => connect.close());
        const plan =
          trouble === 'no trouble'
            ? documentOf(await acting(connect.url, folder, [...args, '--format', 'json', '--dry-run'], EDITOR))
            : undefined;
        assert.deepEqual(connect.changes, []);
        const ran = await acting(connect.url, folder, [...args, '--format', 'json', '--yes', '--wait', wait, '--reason', 'drill'], EDITOR);
        const did = documentOf(ran);
        const beside = ran.stderr.replace(/^next rung: otlpctl shutdown --rung delete\n$/, '');
        assert.deepEqual([ran.code, beside, did.outcome], [code, '', outcome], ran.stdout);
        assert.match(did.sentence, sentence);

        // What was planned is what came over the wire, byte for byte.
        const distinct = connect.changes.filter(
          ({ url, body }, at) => at === 0 || url !== connect.changes[at - 1]!.url || body !== connect.changes[at - 1]!.body,
        );
        const sent = distinct.map(({ method, url, body }) => ({ method, url: `${connect.url}${url}`, body: body === '' ? null : body }));
        if (plan !== undefined) assert.deepEqual(sent, plan.requests);
        assert.deepEqual(distinct.map(pathBelow), action.sends);
        // What comes second meets a Connect that has come to itself.
        if (times !== undefined) assert.equal(connect.changes.length, times + action.sends.length - 1);

        const [record, ...others] = ownRuns(folder);
        assert.equal(others.length, 0);
        assert.equal(record!.run, did.run);
        assert.deepEqual([eventOf(record!, 'planned')!.reason, eventOf(record!, 'ended')!.outcome], ['drill', outcome]);
        assert.equal(
          record!.events.filter(({ event }) => event === 'sending').length,
          record!.events.filter(({ event }) => event === 'answered').length,
        );
        assert.notEqual(eventOf(record!, 'ended')!.after, null);
      });
    }

    test(`${name}: accepted, and nothing comes of it`, async (t) => {
      const { connect, folder, args } = await begin(action, () => 'accept');
      t.after(() => connect.close());
      const ran = await acting(connect.url, folder, [...args, '--yes', '--wait', '1', '--format', 'json'], EDITOR);
      assert.deepEqual([ran.code, documentOf(ran).outcome], [2, 'not-seen'], ran.stdout);
      assert.match(documentOf(ran).sentence, /in [\d.]+ m?s|^not seen/);
      assert.equal(eventOf(ownRuns(folder)[0]!, 'ended')!.outcome, 'not-seen');
    });

    for (const [at] of action.sends.entries())
      test(`${name}: killed when its request ${at + 1} is there, and gone on with`, async (t) => {
        let kill = (): void => undefined;
        const { connect, folder, args } = await begin(action, (_, nth) => (nth === at ? () => kill() : 'usual'));
        t.after(() => connect.close());
        const child = spawn(process.execPath, [BIN, ...args, '--yes', '--connect-url', connect.url, '--state-dir', folder], {
          env: cleanEnv(EDITOR),
          stdio: 'ignore',
        });
        kill = () => void child.kill('SIGKILL');
        await once(child, 'close');
        const [record] = ownRuns(folder);
        assert.equal(record!.events.at(-1)!.event, 'sending');
        // The next run says so.
        const ran = await acting(connect.url, folder, [...args, '--dry-run', '--force', '--format', 'json'], EDITOR);
        assert.deepEqual((documentOf(ran) as unknown as { notes: string[] }).notes, [
          `${eventOf(record!, 'planned')!.action} (run ${record!.run}) never said how it ended: otlpctl runbook continue ${record!.run} goes on with it.`,
        ]);

        const went = await acting(connect.url, folder, ['runbook', 'continue', record!.run, '--yes', '--format', 'json']);
        const did = documentOf(went);
        if (action.blind === true) {
          assert.deepEqual([went.code, connect.changes.length], [2, 1], went.stdout);
          assert.match(did.sentence, /shows whether .* was carried out, so it is not sent again$/);
          return;
        }
        assert.deepEqual([went.code, did.outcome], [0, 'done'], went.stdout + went.stderr);
        // The one that was lost is sent once more; none that was answered is.
        assert.equal(connect.changes.length, action.sends.length + 1);
        assert.deepEqual(connect.changes[at], connect.changes[at + 1]);
      });

    test(`${name}: told to end while it waits for an answer`, async (t) => {
      let end = (): void => undefined;
      const { connect, folder, args } = await begin(action, () => () => end());
      t.after(() => connect.close());
      const child = spawn(process.execPath, [BIN, ...args, '--yes', '--connect-url', connect.url, '--state-dir', folder], {
        env: cleanEnv(EDITOR),
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
      end = () => void child.kill('SIGTERM');
      const [code] = (await once(child, 'close')) as [number];
      assert.equal(code, 2, said);
      assert.match(said, /\nInterrupted after .*; what came of it was not waited for\. Recorded as run /);
      assert.equal(eventOf(ownRuns(folder)[0]!, 'ended')!.outcome, 'not-seen');
    });

    // A file names its connector itself.
    if (!name.startsWith('deploy') && action.ofWorker !== true)
      test(`${name}: no such connector`, async (t) => {
        const { connect, folder, args } = await begin(action);
        t.after(() => connect.close());
        const ran = await acting(connect.url, folder, [...args, '--yes', '--connector', 'otlp-surce']);
        assert.deepEqual([ran.code, ran.stdout], [3, '']);
        assert.match(ran.stderr, /^otlpctl: there is no connector "otlp-surce" .*\(did you mean "otlp-source"\?\)\n$/);
        assert.deepEqual(connect.changes, []);
        assert.deepEqual(
          ownRuns(folder)[0]!.events.map(({ event }) => event),
          ['refused'],
        );
      });

    for (const kind of ['refused', 'hang', 'html'] as const)
      test(`${name}: Connect answers ${kind}`, async (t) => {
        const { connect, folder, args } = await begin(action);
        await connect.close();
        const other = await double(kind);
        t.after(() => other.close());
        const ran = await acting(`http://127.0.0.1:${other.port}`, folder, [
          ...args,
          '--yes',
          '--connector',
          'otlp-source',
          '--timeout',
          '1.5',
        ]);
        assert.deepEqual([ran.code, ran.stdout], [3, '']);
        assert.match(ran.stderr, /^otlpctl: Connect at 127\.0\.0\.1:\d+ could not be read: .*\. Nothing was sent, see otlpctl doctor\n$/);
        assert.deepEqual(
          ownRuns(folder)[0]!.events.map(({ event }) => event),
          ['refused'],
        );
      });
  }
});
