import { readFileSync, statSync } from 'node:fs';

export type LogLine = { level: string; context: string; message: string; logger: string };

/** A line of Kafka's own layout: [time] LEVEL [context] message (logger:line). */
const LINE = /^\[[^\]]+\] (?<level>[A-Z]+) (?<context>(?:\[[^\]]*\] )?)(?<message>.*) \((?<logger>[\w.$]+):\d+\)$/;

/** The connector's own lines among these, in order. Stack traces and configuration dumps are left out. */
export function connectorLines(lines: readonly string[]): LogLine[] {
  return lines.flatMap((line) => {
    const { level, context, message, logger } = LINE.exec(line)?.groups ?? {};
    if (level === undefined || context === undefined || message === undefined || logger === undefined) return [];
    if (!logger.startsWith('io.conduktor.') || message.endsWith('values: ')) return [];
    return [{ level, context: context.trimEnd(), message, logger: logger.slice(logger.lastIndexOf('.') + 1) }];
  });
}

/** A line with what differs from run to run (names, ids, ports, counts, durations) taken out of it. */
export const anonymous = (line: LogLine, name: string): string =>
  `${line.level} ${line.context} ${line.message} (${line.logger})`
    .replaceAll(name, 'NAME')
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(/(?<![\w.])\d+(?![\w.])/g, 'N');

/** What is appended to a file from now on. */
export function follow(file: string): () => string[] {
  const from = statSync(file).size;
  return () => readFileSync(file).subarray(from).toString('utf8').split('\n');
}
