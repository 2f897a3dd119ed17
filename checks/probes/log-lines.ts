/** How a line of Connect's log begins: `[2026-11-23 16:07:31,628] INFO [ctx] message (logger:line)`, the layout of Kafka 3.9 (log4j) and 4.1 (log4j2). */
export type LogHead = {
  at: number;
  level: string;
  /** connector of Connect's context `[name|task-0] `, when there is one */
  owner?: string;
  message: string;
  /** absent where the message goes on in the next line: then the logger stands at its end */
  logger?: string;
  /** of a message that begins with `event=` */
  event?: LogEvent;
  /** what it is grouped by as a trouble, once that is known */
  shape?: string;
  /** it is known that none of the marks (log-marks.ts) stands in the line */
  isUnmarked?: true;
};

/** What one of the connector's events says of itself. */
export type LogEvent = { name?: string; session?: string; connector?: string; turn?: 'starting' | 'initialized' | 'stopping' | 'stopped' };

/** The hour's first millisecond. A log has the local time of its host and no zone. */
export type HourAt = (year: number, month: number, day: number, hour: number) => number;
export const localHour: HourAt = (year, month, day, hour) => new Date(year, month - 1, day, hour).getTime();
export const utcHour: HourAt = (year, month, day, hour) => Date.UTC(year, month - 1, day, hour);

const LEVELS: ReadonlySet<string> = new Set(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']);
/** `[otlp-source|task-0|offsets] `. Source: Kafka Connect, LoggingContext. Names may hold anything, so the first scope that fits ends it. */
const CONTEXT = /^\[([^\n]{1,300}?)\|(?:worker|task-\d+)(?:\|\w+)?\] /;
/** `(logger:line)`, or `(logger) [thread]` of Strimzi's layout. */
const PLAIN_LOGGER = /^\(([\w.$]+)(?::\d+|:\?)?\)$/;
const LOGGER = / ?\(([\w.$]+)(?::\d+|:\?)?\)(?: \[[^\]]*\])?$/;
/** java.util.logging, which shares the worker's stderr: `Nov 23, 2026 4:05:28 PM io.grpc.… notifyTerminated`. */
const FOREIGN = /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}) (\d{1,2}):(\d\d):(\d\d) ([AP])M /;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The JVM's own, which has no time: a thread that died of what nobody caught, and its last words with -XX:+ExitOnOutOfMemoryError. */
const JVM = /^(?:Exception in thread "|Exception: java\.|Terminating due to java\.|Aborting due to java\.)/;

/** A line that begins an entry of another kind: what follows belongs to that, not to the entry before. */
export const isForeign = (line: string): boolean => FOREIGN.test(line.slice(0, 40)) || JVM.test(line);

/**
 * Such an entry; `before` is the time of the last line. Its level stands in its second line in words of its own (SEVERE), or nowhere: it is no trouble of
 * Connect's. But a mark in it counts, for memory and descriptors are the whole JVM's, and this is where it says that it ran out of them.
 */
export function readForeign(line: string, before: number | null, hourAt: HourAt = localHour): LogHead | undefined {
  const parts = FOREIGN.exec(line.slice(0, 40));
  if (parts === null) return before !== null && JVM.test(line) ? { at: before, level: 'INFO', message: line } : undefined;
  const [, month = '', day, year, hour, minute, second, half] = parts;
  const hourMs = hourAt(Number(year), MONTHS.indexOf(month) + 1, Number(day), (Number(hour) % 12) + (half === 'P' ? 12 : 0));
  const at = hourMs + Number(minute) * 60_000 + Number(second) * 1000;
  // Its time has whole seconds: it is not before what was written before it.
  return { at: Math.max(at, before ?? at), level: 'INFO', message: line };
}

/** The time at a line's beginning, and how many characters it takes. Remembers the last hour: a date is costly and a million lines have few hours. */
export function createTimeReader(hourAt: HourAt = localHour): (line: string) => { at: number; length: number } | undefined {
  let hour = '';
  let hourMs = 0;
  return (line) => {
    const bracket = line.charCodeAt(0) === 0x5b ? 1 : 0;
    if (line.charCodeAt(bracket + 4) !== 0x2d || line.charCodeAt(bracket + 13) !== 0x3a || line.charCodeAt(bracket + 16) !== 0x3a)
      return undefined;
    if (hour === '' || !line.startsWith(hour, bracket)) {
      const stamp = line.slice(bracket, bracket + 13);
      const parts = HOUR.exec(stamp);
      if (parts === null) return undefined;
      hour = stamp;
      hourMs = hourAt(Number(parts[1]), Number(parts[2]), Number(parts[3]), Number(parts[4]));
    }
    const usual = usualTail(line, bracket);
    if (usual >= 0) return { at: hourMs + usual, length: bracket + 24 + bracket };
    const millis = TAIL.exec(line.slice(bracket + 13, bracket + 31));
    if (millis === null) return undefined;
    const at = hourMs + Number(millis[1]) * 60_000 + Number(millis[2]) * 1000 + Number((millis[3] ?? '').padEnd(3, '0'));
    return { at, length: bracket + 13 + millis[0].length };
  };
}

/** How a line begins an entry; nothing where it does not. */
export function readHead(line: string, timeOf: ReturnType<typeof createTimeReader>): LogHead | undefined {
  const time = timeOf(line);
  if (time === undefined) return undefined;
  const space = line.indexOf(' ', time.length);
  const level = space < 0 ? '' : line.slice(time.length, space);
  return LEVELS.has(level) ? readRest(time.at, level, line.slice(space).trimStart()) : undefined;
}

/** Milliseconds of `:07:31,628] ` or `:07:31,628 `, the form that nearly every line has; -1 for any other. */
function usualTail(line: string, bracket: number): number {
  let number = 0;
  for (const offset of DIGITS) {
    const digit = line.charCodeAt(bracket + offset) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return -1;
    number = number * 10 + digit;
  }
  const end = bracket + 23;
  const isUsual =
    line.charCodeAt(bracket + 19) === 0x2c &&
    line.charCodeAt(end + bracket) === 0x20 &&
    (bracket === 0 || line.charCodeAt(end) === 0x5d) &&
    line.charCodeAt(end + bracket + 1) !== 0x20;
  return isUsual ? Math.floor(number / 100_000) * 60_000 + (number % 100_000) : -1;
}

const DIGITS = [14, 15, 17, 18, 20, 21, 22];
const HOUR = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d)$/;
const TAIL = /^:(\d\d):(\d\d)(?:[,.](\d{1,3}))?Z?\]? +/;

/** The connector that Connect's context at the beginning names, and the length of the context with its blank. */
export function ownerIn(text: string): { name: string; length: number } | undefined {
  const found = text.charCodeAt(0) === 0x5b ? CONTEXT.exec(text) : null;
  return found?.[1] === undefined ? undefined : { name: found[1], length: found[0].length };
}

function readRest(at: number, level: string, rest: string): LogHead {
  const owner = ownerIn(rest);
  const body = owner === undefined ? rest : rest.slice(owner.length);
  const logger = loggerAtEnd(body);
  const head: LogHead = { at, level, message: logger === undefined ? body : body.slice(0, body.length - logger.length) };
  if (owner !== undefined) head.owner = owner.name;
  if (logger !== undefined) head.logger = logger.name;
  if (head.message.startsWith('event=')) head.event = readEvent(head.message);
  return head;
}

const EVENT = /^event=([a-z_]{1,60})(?: |$)/;
const SESSION = /\bsession_id=([0-9a-f-]{36})/;
const CONNECTOR = /\bconnector_name=(\S+)/;
/** Where a task's life turns. */
const TURN = /^event=(?:task_st|session_i)/;
const TURNS = [
  ['event=task_starting ', 'starting'],
  ['event=session_initialized ', 'initialized'],
  ['event=task_stopping', 'stopping'],
  ['event=task_stopped', 'stopped'],
] as const;

function readEvent(message: string): LogEvent {
  const event: LogEvent = {};
  const name = EVENT.exec(message)?.[1];
  const session = message.includes('session_id=') ? SESSION.exec(message)?.[1] : undefined;
  const connector = message.includes('connector_name=') ? CONNECTOR.exec(message)?.[1] : undefined;
  const turn = !TURN.test(message) ? undefined : TURNS.find(([begin]) => message.startsWith(begin))?.[1];
  if (name !== undefined) event.name = name;
  if (session !== undefined) event.session = session;
  if (connector !== undefined) event.connector = connector;
  if (turn !== undefined) event.turn = turn;
  return event;
}

const LONGEST_LOGGER = 240;

/** The logger stands at the end of the line: only there is it looked for. */
export function loggerAtEnd(text: string): { name: string; length: number } | undefined {
  const end = text.charCodeAt(text.length - 1);
  if (end !== 0x29 && end !== 0x5d) return undefined;
  if (end === 0x29) {
    const at = text.lastIndexOf('(');
    const name = text.length - at > LONGEST_LOGGER ? undefined : PLAIN_LOGGER.exec(text.slice(at))?.[1];
    return name === undefined ? undefined : { name, length: text.length - at + (text.charCodeAt(at - 1) === 0x20 ? 1 : 0) };
  }
  const found = LOGGER.exec(text.slice(-LONGEST_LOGGER));
  return found?.[1] === undefined ? undefined : { name: found[1], length: found[0].length };
}

/** `key=value …` after `event=NAME`. A value may hold blanks: it ends where the next key begins; `error=` takes all the rest. */
export function readFields(text: string): Record<string, string> {
  const fields: Record<string, string> = {};
  const keys = [...text.matchAll(KEY)].slice(0, 24);
  for (const [index, key] of keys.entries()) {
    const name = key[1] ?? '';
    const from = key.index + key[0].length;
    const to = name === 'error' ? text.length : (keys[index + 1]?.index ?? text.length);
    fields[name] = text.slice(from, to).trim().slice(0, 300);
    if (name === 'error') break;
  }
  return fields;
}

const KEY = /(?:^| )([a-z_]{1,40})=/g;
