import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actingConnect } from '../../doubles/acting-connect.ts';
import { binFolder, onTerminal } from '../../doubles/terminal.ts';
import { auditOf, stateFolder } from './acting.ts';

const BIN = binFolder();
const QUESTION = 'Type otlp-source to go on: ';

const asked = (line: string, typed: readonly (readonly [string, string])[]) =>
  onTerminal(line, typed, { env: { PATH: `${BIN}:${process.env.PATH}` } });

test('a wrong name and Ctrl-C change nothing, the right name goes on', async (t) => {
  const connect = await actingConnect();
  t.after(() => connect.close());
  const folder = stateFolder();
  const remove = `otlpctl connector delete --connect-url ${connect.url} --state-dir ${folder}`;
  for (const typed of ['otlp-surce\r', 'y\r', '\u0003', '\u0004']) {
    const { code, screen } = await asked(remove, [[QUESTION, typed]]);
    assert.deepEqual([code, connect.changes, connect.state()], [3, [], 'RUNNING'], screen);
    assert.match(screen, /\notlpctl: nobody agreed: nothing was sent\n$/);
  }
  const { code, screen } = await asked(remove, [[QUESTION, 'otlp-source\r']]);
  assert.deepEqual([code, connect.changes.length, connect.state()], [0, 1, 'absent'], screen);
  assert.match(screen, /^Delete otlp-source from .*\n {2}costs {4}Its configuration/);
  assert.deepEqual(
    auditOf(folder).map(({ events }) => events.at(-1)!.event),
    ['refused', 'refused', 'refused', 'refused', 'ended'],
  );
});

test('shutdown asks at every rung, and goes up one when one does not help', async (t) => {
  const connect = await actingConnect({ manner: ({ url }) => (url.endsWith('/stop') ? { status: 500, message: 'no' } : 'usual') });
  t.after(() => connect.close());
  const { code, screen } = await asked(`otlpctl shutdown --connect-url ${connect.url} --state-dir ${stateFolder()}`, [
    ['Go on? [y/N] ', 'y\r'],
    [QUESTION, 'otlp-source\r'],
  ]);
  assert.deepEqual([code, connect.state()], [0, 'absent'], screen);
  assert.match(screen, /was answered 500: no\.[^]*\nDelete otlp-source from [^]*\nDone in /);
});
