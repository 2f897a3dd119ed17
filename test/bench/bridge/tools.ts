import { resolve } from 'node:path';
import { execa } from 'execa';
import { COLLECTOR } from '../../real/tools.ts';

/** Installs what is missing; it may take minutes. Gives names and versions, for the results. */
export async function tools(): Promise<string> {
  await execa(resolve(import.meta.dirname, '../install'), { stdio: ['ignore', 2, 2] });
  const [generator, collector] = await Promise.all([execa('h2load', ['--version']), execa(COLLECTOR, ['--version'])]);
  return `${generator.stdout.trim()}, ${collector.stdout.trim().replace(' version ', ' ')}`;
}
