import type { Log } from '../log.ts';
import type { BridgeSettings } from '../settings.ts';
import { badInput } from '../settings/bad-input.ts';
import { openFileSink } from './file.ts';
import { openMemorySink } from './memory.ts';
import type { Sink } from './sink.ts';
import { systemWords } from '../system-words.ts';

export type SinkOptions = Pick<BridgeSettings, 'sink' | 'kafka' | 'fileDirectory'>;

/** Opens the sink that `bridge.sink` names. Rejects with bad input when its directory cannot be made. */
export async function openSink({ sink, kafka, fileDirectory }: SinkOptions, log: Log): Promise<Sink> {
  if (sink === 'memory') return openMemorySink();
  // Loaded here, so that a bridge without Kafka has nothing of its client.
  if (kafka !== null) return (await import('./kafka/sink.ts')).openKafkaSink(kafka, log);
  try {
    return await openFileSink(fileDirectory);
  } catch (error) {
    throw badInput(`bridge.file.dir ${fileDirectory} cannot be made (${systemWords(error)}): give another one`);
  }
}
