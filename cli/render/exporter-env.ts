import type { ClientExport } from '../../checks/derive/client-exports.ts';
import { protocolWords, receiverWords, urlOf } from '../../checks/derive/client-words.ts';
import type { Facts } from '../../checks/facts/index.ts';
import { seen } from '../../checks/facts/index.ts';
import type { Diagnosis, OverallStatus } from '../../checks/report.ts';
import { evidence, remedies } from './blame.ts';
import type { RenderOptions } from './format.ts';
import { indented, labelled, table, wrap } from './layout.ts';
import { BLANK, paint, plain, styled, withLabel, type Line } from './line.ts';
import { themeOf } from './theme.ts';

/** A client judged against the target, and the lines that a client of this target wants. */
export type ExporterEnv = {
  facts: Facts;
  status: OverallStatus;
  exports: readonly ClientExport[];
  findings: readonly Diagnosis[];
  /** why the environment could not be read */
  problem: string | undefined;
};

const rowsOf = ({ facts, exports }: ExporterEnv): string[][] =>
  exports.map((one) =>
    one.off === undefined
      ? [one.signal, urlOf(one), protocolWords(one), one.compression.value, receiverWords(facts, one)]
      : [one.signal, '-', '-', '-', receiverWords(facts, one)],
  );

/** As columns, or where the last would have no room, each signal's in a line of its own. Compression is told where there is any. */
function exportLines(env: ExporterEnv, width: number): string[] {
  const rows = rowsOf(env);
  const shown = rows.every((row) => ['none', '-'].includes(row[COMPRESSION]!)) ? rows.map((row) => row.toSpliced(COMPRESSION, 1)) : rows;
  const aligned = table(shown, { width });
  if (aligned.every((line) => line.length <= width)) return aligned;
  return shown.flatMap(([signal = '', ...said]) => labelled(signal, said.join(', '), { indent: 0, column: 9, width }));
}
const COMPRESSION = 3;

function headersOf({ facts }: ExporterEnv): Line[] {
  const names = Object.values(seen(facts, 'client.env')?.headers ?? {}).flat();
  return names.length === 0
    ? []
    : withLabel('label', 'headers', labelled('headers', `${[...new Set(names)].join(', ')}, values not shown`, { column: 9, width: 80 }));
}

function text(env: ExporterEnv, { columns, colour }: RenderOptions): string {
  const place = seen(env.facts, 'client.env')?.place ?? seen(env.facts, 'client.error')?.place ?? 'the client';
  const silent = env.exports.every(
    ({ endpoint, protocol, off }) => off === undefined && endpoint.variable === null && protocol.variable === null,
  );
  const fine = env.findings.every(({ status }) => status === 'ok') && env.problem === undefined;
  return paint(
    [
      [`${place}   `, { style: env.status, text: env.status.toUpperCase() }],
      ...(env.exports.length === 0 ? [] : [BLANK, ...plain(indented(exportLines(env, columns - 2), 2)), ...headersOf(env)]),
      ...(env.problem === undefined ? [] : [BLANK, ...styled('headline', indented(wrap(env.problem, columns - 2), 2))]),
      ...env.findings.flatMap((one): Line[] => [
        BLANK,
        ...(one.status === 'ok'
          ? withLabel('label', 'note', labelled('note', one.sentence, { column: 7, width: columns }))
          : [
              ...styled('headline', indented(wrap(one.sentence, columns - 2), 2)),
              ...evidence(one, Infinity, { indent: 4, width: columns }),
              BLANK,
              ...remedies(one, Infinity, { indent: 2, width: columns }),
            ]),
      ]),
      ...(fine && env.exports.length > 0 ? [BLANK, ...plain(indented(wrap(silent ? SILENT : FINE, columns - 2), 2))] : []),
    ],
    themeOf(colour),
  );
}

const FINE =
  'Nothing in it keeps the client from reaching this target; whether it gets here the target says (otlpctl check message-intake).';

/** A shell, or a service that is set up in its code: what an SDK does unasked is shown, and proves nothing. */
const SILENT =
  'It has no OTEL_EXPORTER_OTLP_ variable that says where and how to send: shown is what an SDK does unasked. What its code sets is not seen here, and a parent, such as a shell, may have another environment than the service.';

function json(env: ExporterEnv): string {
  const client = seen(env.facts, 'client.env');
  return JSON.stringify({
    schemaVersion: 1,
    status: env.status,
    place: client?.place ?? null,
    network: client?.network ?? null,
    headers: client?.headers ?? {},
    problem: env.problem ?? null,
    exports: env.exports.map((one) => ({
      signal: one.signal,
      url: one.off === undefined ? urlOf(one) : null,
      path: one.place?.path ?? null,
      protocol: one.protocol,
      compression: one.compression,
      endpoint: one.endpoint,
      off: one.off ?? null,
      receiver: receiverWords(env.facts, one),
    })),
    diagnoses: env.findings,
  });
}

export const EXPORTER_ENV_RENDERERS = { text, json } as const;

/** KEY=VALUE lines, as env files and containers take them. */
export const printed = (lines: readonly string[], notes: readonly string[]): string =>
  `${[...notes.map((note) => `# ${note}`), ...lines].join('\n')}\n`;
