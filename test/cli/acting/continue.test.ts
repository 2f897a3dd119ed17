import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, test, type TestContext } from 'node:test';
import { auditFile } from '../../../cli/acting/audit-file.ts';
import type { ActingConnect, Change, Manner } from '../../doubles/acting-connect.ts';
import { acting, auditOf, documentOf, stateFolder } from './acting.ts';
import { begin, CASES, type Case } from './cases.ts';

type Cut = { connect: ActingConnect; folder: string; run: string };

/**
 * A run whose record ends behind one of its events, as that of a process which was killed there: the events are those of a real run,
 * and Connect has done what was sent by then, unless `manner` says otherwise.
 */
async function cutAfter(t: TestContext, action: Case, event: string, manner?: (change: Change, nth: number) => Manner): Promise<Cut> {
  const { connect, folder, args } = await begin(action, manner);
  t.after(() => connect.close());
  await acting(connect.url, folder, [...args, '--yes', '--wait', manner === undefined ? '4' : '0.5']);
  const run = auditOf(folder).at(-1)!.run;
  const lines = readFileSync(auditFile(folder), 'utf8').trimEnd().split('\n');
  const end = lines.findIndex((line) => line.includes(`"run":"${run}"`) && line.includes(`"event":"${event}"`));
  // The process of the record is gone: no process has this number.
  const kept = lines.slice(0, end + 1).map((line) => line.replace(/"pid":\d+/g, '"pid":4194304'));
  writeFileSync(auditFile(folder), `${kept.join('\n')}\n`);
  return { connect, folder, run };
}

const goOn = ({ connect, folder, run }: Cut, ...args: string[]) =>
  acting(connect.url, folder, ['runbook', 'continue', run, '--yes', '--format', 'json', ...args]);
const eventsAfter = ({ folder, run }: Cut): string[] => {
  const { events } = auditOf(folder).find((one) => one.run === run)!;
  return events.slice(events.findLastIndex(({ event }) => event === 'continued')).map(({ event }) => event);
};
const { pause, 'config set': set, stop, restart, 'deploy, the first time': deploy } = CASES as Record<string, Case>;

describe('runbook continue', { concurrency: 8 }, () => {
  for (const [name, action] of Object.entries({ pause, set, stop, deploy } as Record<string, Case>)) {
    test(`${name}, answered and not waited for: it is not sent again`, async (t) => {
      const cut = await cutAfter(t, action, 'answered');
      const before = cut.connect.changes.length;
      const ran = await goOn(cut);
      assert.deepEqual([ran.code, documentOf(ran).outcome, documentOf(ran).run], [0, 'done', cut.run], ran.stdout + ran.stderr);
      assert.equal(cut.connect.changes.length, before);
      assert.deepEqual(eventsAfter(cut), ['continued', 'waited', 'ended']);
      const again = await goOn(cut);
      assert.deepEqual([again.code, cut.connect.changes.length], [0, before]);
      assert.match(documentOf(again).sentence, /^run .* ended at .* as promised: nothing to do$/);
    });

    test(`${name}, sent and carried out, the answer lost: what is seen says so, and it is not sent again`, async (t) => {
      const cut = await cutAfter(t, action, 'sending');
      const before = cut.connect.changes.length;
      const ran = await goOn(cut);
      assert.deepEqual([ran.code, documentOf(ran).requests], [0, []], ran.stdout + ran.stderr);
      assert.equal(cut.connect.changes.length, before);
    });

    test(`${name}, planned and nothing sent: it is sent once`, async (t) => {
      // The record of a run that met a Connect which did nothing, up to its plan.
      const cut = await cutAfter(t, action, 'planned', () => ({ status: 500, message: 'no' }));
      const ran = await goOn(cut);
      assert.equal(ran.code, 2);
      assert.equal(cut.connect.changes.length, 2);
      assert.match(documentOf(ran).sentence, /was answered 500/);
    });
  }

  test('sent and never carried out: all is as it was, so it is sent again', async (t) => {
    const cut = await cutAfter(t, pause!, 'sending', (_, nth) => (nth === 0 ? 'cut' : 'usual'));
    const plan = documentOf(await goOn(cut, '--dry-run'));
    assert.deepEqual([plan.requests.length, cut.connect.changes.length], [1, 1]);
    const ran = await goOn(cut);
    assert.deepEqual([ran.code, cut.connect.state(), cut.connect.changes.length], [0, 'PAUSED', 2], ran.stdout);
  });

  test('a restart of which nothing tells whether it was carried out is not sent a second time', async (t) => {
    const cut = await cutAfter(t, restart!, 'sending');
    const ran = await goOn(cut);
    assert.deepEqual([ran.code, cut.connect.changes.length], [2, 1], ran.stdout);
    assert.match(
      documentOf(ran).sentence,
      /^nothing seen from here shows whether POST .*restart.* was carried out, so it is not sent again$/,
    );
  });

  test('what changed since is said, exit 3, and nothing is sent', async (t) => {
    const cut = await cutAfter(t, pause!, 'sending', (_, nth) => (nth === 0 ? 'cut' : 'usual'));
    const other = await acting(cut.connect.url, cut.folder, ['connector', 'stop', '--yes']);
    assert.equal(other.code, 0);
    const sent = cut.connect.changes.length;
    const ran = await acting(cut.connect.url, cut.folder, ['runbook', 'continue', cut.run, '--yes']);
    assert.deepEqual([ran.code, ran.stdout, cut.connect.changes.length], [3, '', sent]);
    assert.match(
      ran.stderr,
      /^otlpctl: connector stop \(run .*\) was carried out on it since run .* was begun: nothing was sent, for a plan of what is so now: otlpctl connector pause/,
    );
    const stranger = await cutAfter(t, pause!, 'planned');
    await fetch(`${stranger.connect.url}/connectors/otlp-source`, { method: 'DELETE' });
    const gone = await acting(stranger.connect.url, stranger.folder, ['runbook', 'continue', stranger.run, '--yes']);
    assert.match(gone.stderr, /^otlpctl: otlp-source went from RUNNING to absent since run .* was begun: nothing was sent, /);
    assert.equal(gone.code, 3);
  });

  test('a run that is none, was refused, is under way or ended otherwise is one sentence, exit 3', async (t) => {
    const cut = await cutAfter(t, pause!, 'ended');
    const { folder, connect } = cut;
    const none = await acting(connect.url, folder, ['runbook', 'continue', `${cut.run}x`, '--yes']);
    assert.equal(none.code, 3);
    assert.match(none.stderr, new RegExp(`^otlpctl: there is no run "${cut.run}x" in the record \\(did you mean "${cut.run}"\\?\\), `));
    const empty = await acting(connect.url, stateFolder(), ['runbook', 'continue', 'never', '--yes']);
    assert.match(empty.stderr, /^otlpctl: there is no run "never" in the record, the record is empty\n$/);
    await acting(connect.url, folder, ['connector', 'stop', '--yes', '--connector', 'otlp-surce']);
    const refused = auditOf(folder).at(-1)!.run;
    const nothing = await acting(connect.url, folder, ['runbook', 'continue', refused, '--yes']);
    assert.match(nothing.stderr, /was refused and sent nothing: there is nothing to go on with/);

    const planned = readFileSync(auditFile(folder), 'utf8').split('\n')[0]!;
    const live = planned.replace(cut.run, 'alive').replace(/"pid":\d+/, `"pid":${process.pid}`);
    const failed = [
      planned.replace(cut.run, 'failed'),
      JSON.stringify({
        run: 'failed',
        at: '2026-01-01T00:00:00.000Z',
        event: 'ended',
        outcome: 'not-seen',
        sentence: 'not seen in 4.0 s: x',
        after: null,
      }),
    ];
    appendFileSync(auditFile(folder), `${[live, ...failed].join('\n')}\n`);
    const alive = await acting(connect.url, folder, ['runbook', 'continue', 'alive', '--yes']);
    assert.match(alive.stderr, new RegExp(`^otlpctl: run alive is being carried out right now, by process ${process.pid}, give --force`));
    const other = await acting(connect.url, folder, ['runbook', 'continue', 'failed', '--yes']);
    assert.match(other.stderr, /^otlpctl: run failed ended at .*: not seen in 4\.0 s: x, for a new plan: otlpctl connector pause /);
    for (const { code } of [nothing, alive, other]) assert.equal(code, 3);
  });

  test('another target than that of the record is refused, and the record alone is enough', async (t) => {
    const cut = await cutAfter(t, pause!, 'answered');
    const wrong = await acting('http://127.0.0.1:1', cut.folder, ['runbook', 'continue', cut.run, '--yes']);
    assert.deepEqual([wrong.code, wrong.stdout], [3, '']);
    assert.match(
      wrong.stderr,
      /^otlpctl: run .* is about otlp-source on .*, and --connect-url is http:\/\/127\.0\.0\.1:1: leave it out\n$/,
    );
  });

  test('a secret that was not sent yet stays out of the record, so it has to be run again', async (t) => {
    const secret: Case = { ...set!, args: () => ['connector', 'config', 'set', 'sasl.password=hunter2', '--force'] };
    const cut = await cutAfter(t, secret, 'planned', () => ({ status: 500, message: 'no' }));
    const sent = cut.connect.changes.length;
    const ran = await acting(cut.connect.url, cut.folder, ['runbook', 'continue', cut.run, '--yes']);
    assert.deepEqual([ran.code, cut.connect.changes.length], [3, sent]);
    assert.match(
      ran.stderr,
      /^otlpctl: PATCH .*\/config has a secret in it, and no record keeps one: nothing was sent, run it again: otlpctl connector config set /,
    );
  });
});
