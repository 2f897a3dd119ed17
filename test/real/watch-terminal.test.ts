import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { binFolder, paintedOf, startOnTerminal } from '../doubles/terminal.ts';
import { until } from '../doubles/until.ts';

const BIN = binFolder();
const PAGE = readFileSync(new URL('../../fixtures/recorded/metrics/jmx_exporter-runbook.txt', import.meta.url), 'utf8');
const TRACES = /^(\w*traces_?received\w*\{[^}]*\}) .*$/im;

/** An exporter whose count of traces can be set; undefined: it refuses. */
async function exporter(t: { after(end: () => void): void }) {
  const state: { traces: number | undefined } = { traces: 3 };
  assert.match(PAGE, TRACES);
  const server = createServer((_request, answer) => {
    if (state.traces === undefined) return void answer.writeHead(503).end();
    answer.setHeader('content-type', 'text/plain; version=0.0.4').end(PAGE.replace(TRACES, `$1 ${state.traces}.0`));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => server.close());
  return { state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics` };
}

/** The terminal's settings before and after, and what the shell was told; a shell that Ctrl-C does not end sees both. */
const between = (line: string): string => `sh -c 'trap : INT; stty -g; ${line}; echo "ended $?"; stty -g'`;

test('metrics --watch repaints a terminal at every change of the target; Ctrl-C ends it, with the code of the last look, and leaves the terminal as it was', async (t) => {
  const { state, url } = await exporter(t);
  const line = between(`otlpctl metrics --watch --window 0 --connect-url none --metrics-url ${url}`);
  const terminal = startOnTerminal(line, { env: { PATH: `${BIN}:${process.env.PATH}`, TERM: 'xterm' } });
  const shows = (what: RegExp): Promise<true> =>
    until(`${what} on the screen`, () => what.test(paintedOf(terminal.written())) || undefined);

  await shows(/^TracesReceived +3 /m);
  state.traces = 41;
  await shows(/^TracesReceived +41 /m);
  // In the place of the one before: not a line of that is left.
  assert.equal(paintedOf(terminal.written()).match(/^TracesReceived /gm)?.length, 1);
  state.traces = undefined;
  await shows(/no metrics of the connector could be read/);
  assert.doesNotMatch(paintedOf(terminal.written()), /TracesReceived/);
  state.traces = 42;
  await shows(/^TracesReceived +42 /m);
  terminal.type('\u0003');
  await terminal.ended;

  const written = terminal.written().replaceAll('\r\n', '\n');
  assert.match(written, /\n\^Cended 0\n/, written.slice(-400));
  const [before, after] = [written.split('\n')[0], written.trimEnd().split('\n').at(-1)];
  assert.match(before!, /^[0-9a-f]+:[0-9a-f:]+$/);
  assert.equal(after, before);
  // The cursor was never hidden, and the terminal's other screen never taken, without being given back.
  for (const [taken, given] of [
    ['?25l', '?25h'],
    ['?1049h', '?1049l'],
  ] as const)
    assert.ok(written.lastIndexOf(`\u001b[${taken}`) <= written.lastIndexOf(`\u001b[${given}`), `${taken} stays`);
});

test('Ctrl-C while the last look has failed is exit 3', async (t) => {
  const { state, url } = await exporter(t);
  state.traces = undefined;
  const line = between(`otlpctl metrics --watch --window 0 --connect-url none --metrics-url ${url}`);
  const terminal = startOnTerminal(line, { env: { PATH: `${BIN}:${process.env.PATH}` } });
  await until('a look', () => /could be read/.test(terminal.written()) || undefined);
  terminal.type('\u0003');
  await terminal.ended;
  assert.match(terminal.written(), /\r\n\^Cended 3\r\n/);
});
