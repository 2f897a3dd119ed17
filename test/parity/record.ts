import { readFileSync, writeFileSync } from 'node:fs';
import type { ConnectVersion } from '../../bridge/connect/versions.ts';
import { comparable } from './compare.ts';
import { play, type Answer, type Side } from './play.ts';
import { SCRIPT } from './script.ts';

/** The comparable answer of each step. */
export type Played = ReadonlyMap<string, Answer>;

/** The whole script, one step after the other. */
export async function playAll(side: Side): Promise<Played> {
  const played = new Map<string, Answer>();
  for (const step of SCRIPT) played.set(step.id, comparable(await play(step, side), side));
  return played;
}

const fileOf = (version: ConnectVersion): URL => new URL(`../../fixtures/recorded/rest-parity-${version}.json`, import.meta.url);

/** What Connect of this version answered when it was last asked; a line a step. */
export const readRecord = (version: ConnectVersion): Played =>
  new Map(Object.entries(JSON.parse(readFileSync(fileOf(version), 'utf8')) as Record<string, Answer>));

export function writeRecord(version: ConnectVersion, played: Played): void {
  const lines = [...played].map(([step, answer]) => `${JSON.stringify(step)}: ${JSON.stringify(answer)}`);
  writeFileSync(fileOf(version), `{\n${lines.join(',\n')}\n}\n`);
}
