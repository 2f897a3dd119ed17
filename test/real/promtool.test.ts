import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import { startBridgeProcess, type BridgeProcess } from '../doubles/bridge-process.ts';

let bridge: BridgeProcess;
before(async () => {
  bridge = await startBridgeProcess();
});
after(() => bridge.stop());

/** `promtool check metrics`: 1 is a page that cannot be read, 3 is one whose names are not to its taste. */
const LINTED = 3;
/** The runbook's alerts fix these names, CamelCase and without _total; nothing else may be wrong. */
const ABOUT_RUNBOOK_NAMES =
  /^otlp_[A-Z]\w+ (metric names should be written in 'snake_case' not 'camelCase'|counter metrics should have "_total" suffix)$/;

test('promtool reads the page and finds nothing but the names that the runbook fixes', async () => {
  const page = await (await fetch(`http://127.0.0.1:${bridge.ports.metrics}/metrics`)).text();
  const { exitCode, stdout, stderr } = await execa('promtool', ['check', 'metrics'], { input: page, reject: false });
  assert.equal(exitCode, LINTED, stderr);
  const said = `${stdout}\n${stderr}`.split('\n').filter((line) => line !== '');
  assert.deepEqual(
    said.filter((line) => !ABOUT_RUNBOOK_NAMES.test(line)),
    [],
  );
});

test('promtool does see a page that is wrong', async () => {
  const { exitCode } = await execa('promtool', ['check', 'metrics'], { input: 'otlp_DropRate{connector_name="a"b"} 1\n', reject: false });
  assert.equal(exitCode, 1);
});
