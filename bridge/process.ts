import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { giveBackMemory } from './give-back.ts';
import { startBridge, type Bridge, type BridgeStop } from './index.ts';
import { formatLogLine } from './log-format.ts';
import { BRIDGE_LOGGER, type Log } from './log.ts';
import { checkReadyFile, readyDocument, writeReadyFile } from './ready-file.ts';
import type { BridgeSettings } from './settings.ts';
import { badInput } from './settings/bad-input.ts';
import { systemWords } from './system-words.ts';

/** What the process lends the bridge. */
export type ProcessParts = {
  /** one or more whole lines of the log */
  write: (text: string) => void;
  now: () => number;
  readyFile?: string | undefined;
  /** calls back at every signal that ends a bridge; gives a way to leave off */
  onSignal: (listener: (signal: NodeJS.Signals) => void) => () => void;
};

/** Of `bridge`: all delivered, some spilled to a file, something lost. Source: contract, "The bridge". */
const EXIT = { delivered: 0, spilled: 1, lost: 2 } as const;

function openLogFile(file: string | null): { append(text: string): void; close(): void } {
  if (file === null) return { append: () => {}, close: () => {} };
  let handle: number;
  try {
    handle = openSync(file, 'a', 0o640);
  } catch (error) {
    throw badInput(`bridge.log.file ${file} cannot be opened: ${systemWords(error)}`);
  }
  return {
    append: (text) => {
      try {
        writeSync(handle, text);
      } catch {
        // A full disk must not stop the service: stdout has the line too.
      }
    },
    close: () => closeSync(handle),
  };
}

/** A promise per signal, in order, and how many came before anybody waited. */
function signals(onSignal: ProcessParts['onSignal']) {
  const came: NodeJS.Signals[] = [];
  const waiting: { count: number; wake: () => void }[] = [];
  const off = onSignal((signal) => {
    came.push(signal);
    for (const { count, wake } of waiting) if (came.length >= count) wake();
  });
  return {
    off,
    /** resolves when that many have come */
    nth: (count: number) =>
      new Promise<void>((wake) => {
        if (came.length >= count) wake();
        else waiting.push({ count, wake });
      }),
    last: () => came.at(-1) ?? 'SIGTERM',
  };
}

function sayStopped(log: Log, stopped: BridgeStop): number {
  for (const { connector, count, file } of stopped.spilled)
    log({
      level: 'WARN',
      message: `${count} messages of ${connector} could not be delivered in time and are kept in ${file}`,
      logger: BRIDGE_LOGGER,
    });
  if (stopped.lost > 0) {
    log({ level: 'ERROR', message: `${stopped.lost} acknowledged messages are lost`, logger: BRIDGE_LOGGER });
    return EXIT.lost;
  }
  const spilled = stopped.spilled.length > 0;
  log({
    level: 'INFO',
    message: `Bridge ${process.pid} has stopped: ${stopped.delivered} queued messages were delivered${spilled ? '' : ', none is left'}`,
    logger: BRIDGE_LOGGER,
  });
  return spilled ? EXIT.spilled : EXIT.delivered;
}

/** After a second signal the stop has this long to spill what is left and to close; if it is not known by then what is kept, that is given up, and said. */
const HURRY_MS = 3000;

function sayGivenUp(log: Log, pending: number): number {
  log({ level: 'ERROR', message: `The stop did not end in time: ${pending} acknowledged messages are lost`, logger: BRIDGE_LOGGER });
  return EXIT.lost;
}

/** Whoever signals twice does not want to wait for the sink. */
async function hurried(bridge: Bridge, log: Log, signal: string): Promise<BridgeStop | null> {
  log({ level: 'WARN', message: `${signal} again: the sink is waited for no longer, what is left is spilled now`, logger: BRIDGE_LOGGER });
  bridge.hurry();
  await new Promise((late) => setTimeout(late, HURRY_MS).unref());
  return bridge.outcome();
}

/** Balancers see that it is not ready while it still takes what they send; a second signal ends that. Gives how many signals were meant so far. */
async function leave(bridge: Bridge, graceMs: number, log: Log, heard: ReturnType<typeof signals>): Promise<number> {
  if (graceMs === 0) return 1;
  log({
    level: 'INFO',
    message: `${heard.last()}: not ready any more, requests are taken for another ${graceMs} ms`,
    logger: BRIDGE_LOGGER,
  });
  bridge.leave();
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<number>((end) => (timer = setTimeout(end, graceMs, 1)));
  try {
    return await Promise.race([over, heard.nth(2).then(() => 2)]);
  } finally {
    clearTimeout(timer);
  }
}

async function serve(
  bridge: Bridge,
  settings: BridgeSettings,
  parts: ProcessParts,
  log: Log,
  heard: ReturnType<typeof signals>,
): Promise<number> {
  if (parts.readyFile !== undefined) writeReadyFile(parts.readyFile, readyDocument(bridge, process.pid));
  await heard.nth(1);
  const meant = await leave(bridge, settings.stopGraceMs, log, heard);
  log({
    level: 'INFO',
    message: `${heard.last()}: stopping, ${bridge.pending()} messages are still to be delivered`,
    logger: BRIDGE_LOGGER,
  });
  const stopped = bridge.stop(settings.flushTimeoutMs);
  const result = await Promise.race([stopped, heard.nth(meant + 1).then(() => hurried(bridge, log, heard.last()))]);
  return result ? sayStopped(log, result) : sayGivenUp(log, bridge.pending());
}

/**
 * Runs a bridge until it is signalled to end and gives the exit code: 0 all delivered, 1 some spilled to a file, 2 something lost.
 * Rejects with bad input when it cannot start. The ready file is there exactly while the bridge serves.
 */
export async function runBridge(settings: BridgeSettings, parts: ProcessParts): Promise<number> {
  if (parts.readyFile !== undefined) checkReadyFile(parts.readyFile);
  const logFile = openLogFile(settings.logFile);
  const log: Log = (line) => {
    const text = formatLogLine(line, parts.now());
    parts.write(text);
    logFile.append(text);
  };
  const heard = signals(parts.onSignal);
  const stopWanted = new AbortController();
  void heard.nth(1).then(() => stopWanted.abort());
  const memory = giveBackMemory();
  let bridge: Bridge | null = null;
  // Somebody else's until the folder is held: a second start of the same command must not take a running bridge's file away.
  let ownReadyFile: string | null = null;
  const held = () => {
    if (parts.readyFile === undefined) return;
    rmSync(parts.readyFile, { force: true });
    ownReadyFile = parts.readyFile;
  };
  try {
    bridge = await startBridge(settings, { log, now: parts.now, held, stopWanted: stopWanted.signal });
    return await serve(bridge, settings, parts, log, heard);
  } catch (error) {
    await bridge?.stop(settings.flushTimeoutMs);
    throw error;
  } finally {
    heard.off();
    memory.stop();
    if (ownReadyFile !== null) rmSync(ownReadyFile, { force: true });
    logFile.close();
  }
}
