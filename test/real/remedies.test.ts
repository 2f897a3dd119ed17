import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';
import { inProcess } from '../doubles/in-process.ts';
import { binFolder, onTerminal } from '../doubles/terminal.ts';
import { cleanUps, type CleanUps } from './faults/clean-ups.ts';
import { EXCEPTIONS } from './remedies/exceptions.ts';
import { kindOf, type BothWays } from './remedies/kind.ts';
import { ROWS } from './remedies/rows.ts';
import type { Made, Row, Scene } from './remedies/scene.ts';
import { connectorOn } from './stand/connector-on.ts';
import { sharedStand } from './stand/shared.ts';
import type { Stand } from './stand/stand.ts';

let stand: Stand;
before(async () => void (stand = await sharedStand('3.9.1')));
const BIN = binFolder();
const PATH = `${BIN}:${process.env.PATH}`;
let made = 0;

const TRIED = [...ROWS, ...EXCEPTIONS].map(({ kind }) => kind);

/** What doctor says about it, with both ways; none of what it says is unknown to the tables. */
async function remedyOf({ kind, look }: Row, scene: Scene, name: string): Promise<BothWays> {
  const target = ['--connect-url', stand.connectUrl, '--connector', name, '--metrics-url', stand.jolokiaUrl];
  const words = look?.(scene) ?? [];
  const window = words.includes('--window') ? [] : ['--window', '0'];
  const { stdout } = await inProcess(['doctor', '--format', 'json', ...window, ...words, ...target]);
  const { diagnoses } = JSON.parse(stdout) as { diagnoses: { id: string; remedies: Omit<BothWays, 'id'>[] }[] };
  const all = diagnoses.flatMap(({ id, remedies }) => remedies.map((remedy) => ({ ...remedy, id })));
  const both = all.filter(({ byHand }) => (byHand as string | undefined) !== undefined);
  for (const one of both) assert.ok(TRIED.includes(kindOf(one)), `${kindOf(one)} is neither tried nor excepted`);
  const found = both.find((one) => kindOf(one) === kind);
  assert.ok(found !== undefined, `${kind} is not among ${all.map(kindOf).join(', ') || stdout}`);
  return found;
}

type Brought = { scene: Scene; cwd: string; name: string; undo: CleanUps } & Exclude<Made, void>;

/** A connector of its own, with the fault. */
async function bring(row: Row): Promise<Brought> {
  const undo = cleanUps();
  try {
    const connector = await connectorOn(undo, stand, row.config?.(++made), { awaiting: row.runs !== false });
    const cwd = mkdtempSync(join(tmpdir(), 'otlpctl-remedy-'));
    undo.after(() => rmSync(cwd, { recursive: true, force: true }));
    writeFileSync(join(cwd, 'connector.json'), JSON.stringify({ name: connector.name, config: connector.config }));
    const scene = { ...connector, after: undo.after, stand };
    const what = (await row.make(scene)) ?? {};
    return { scene, cwd, undo, name: (what.connector ?? connector).name, ...what };
  } catch (error) {
    await undo.run();
    throw error;
  }
}

async function heal(row: Row, way: Way, { scene, cwd, name, connector, first }: Brought): Promise<string> {
  const { [way]: line } = await remedyOf(row, scene, name);
  await first?.();
  if (way === 'byHand') await promisify(execFile)('/bin/sh', ['-c', line], { cwd });
  else {
    const { code, screen } = await onTerminal(line, [['Go on? [y/N] ', 'y\r']], { cwd, env: { PATH, XDG_STATE_HOME: cwd } });
    assert.equal(code, 0, `${line}\n${screen}`);
  }
  await row.healed(connector ?? scene);
  return line;
}

/** By hand first: nobody waits there while Connect rebalances, as it does after a connector has gone. */
const WAYS = ['byHand', 'command'] as const;
type Way = (typeof WAYS)[number];

for (const row of ROWS)
  test(`${row.kind}: the command of otlpctl and the one by hand both heal it, as they stand there`, async (t) => {
    // Both are brought about at once: much of a fault is waiting.
    const begun = row.alone === true ? [] : WAYS.map(() => bring(row));
    await Promise.allSettled(begun);
    for (const [at, way] of WAYS.entries())
      await t.test(way, async (t) => {
        const brought = await (begun[at] ?? bring(row));
        try {
          if (brought.unable !== undefined) t.skip(brought.unable);
          else t.diagnostic(await heal(row, way, brought));
        } finally {
          await brought.undo.run();
        }
      });
  });
