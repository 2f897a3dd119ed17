import { badInput } from '../settings/bad-input.ts';
import { openFileSink } from './file.ts';
import { openMemorySink } from './memory.ts';
import type { Sink } from './sink.ts';

export type SinkOptions = { kind: 'memory' | 'file'; directory: string };

/** Opens the sink that `bridge.sink` names. Rejects with bad input when its directory cannot be made. */
export async function openSink({ kind, directory }: SinkOptions): Promise<Sink> {
  if (kind === 'memory') return openMemorySink();
  try {
    return await openFileSink(directory);
  } catch (error) {
    throw badInput(`bridge.file.dir ${directory} cannot be made (${(error as NodeJS.ErrnoException).code}): give another one`);
  }
}
