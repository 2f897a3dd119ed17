import { openFileSink } from './file.ts';
import { openMemorySink } from './memory.ts';
import type { Sink } from './sink.ts';

export type SinkOptions = { kind: 'memory' | 'file'; directory: string };

/** Opens the sink that `bridge.sink` names. Rejects with the system's error when the directory cannot be made. */
export const openSink = (options: SinkOptions): Promise<Sink> =>
  options.kind === 'file' ? openFileSink(options.directory) : Promise.resolve(openMemorySink());
