import type { Diagnosis, Report } from '../../checks/report.ts';
import { echoes, echoLines, evidence, EVERYTHING, remedies, type Detail } from './blame.ts';
import type { Renderer, RenderOptions, Rendering } from './format.ts';
import { indented, labelled, wrap } from './layout.ts';
import { BLANK, paint, plain, styled, withLabel, type Line } from './line.ts';
import { lookedLines, lossLines, notLookedLines, pathLines } from './looked.ts';
import { stepLines } from './steps.ts';
import { themeOf } from './theme.ts';

/** What is left out, step by step, until one fault fits on a first screen of 24 lines. */
const DETAILS: readonly Detail[] = [
  { evidence: 3, remedies: 3, echoes: 4, notes: 3 },
  { evidence: 2, remedies: 2, echoes: 3, notes: 1 },
  { evidence: 2, remedies: 2, echoes: 2, notes: 0 },
  { evidence: 1, remedies: 1, echoes: 1, notes: 0 },
];
const SCREEN = 24;

/** Green only for what was seen; said once, here or in the summary. */
const PARTLY = 'OK for what was looked at';
const partlySeen = ({ status, looked, summary }: Report) => status === 'ok' && looked.not.length > 0 && !summary.startsWith(PARTLY);

/** These say that Connect was asked and has none; without them a connector without a name is one that nobody could ask for. */
const NONE_THERE: ReadonlySet<string> = new Set(['connector-not-found', 'connector-not-otlp']);

/** Whose report it is. */
function nameOf({ target: { connector, connectUrl, otlpGrpc, otlpHttp }, diagnoses }: Report): string {
  const receivers = [otlpGrpc, otlpHttp].filter((address) => address !== null).join(' and ');
  if (connectUrl === null) return `${connector ?? (receivers === '' ? 'no receiver' : receivers)}, without Connect`;
  const unnamed = diagnoses.some(({ id }) => NONE_THERE.has(id)) ? 'no connector' : 'the connector';
  return `${connector ?? unnamed} on ${connectUrl.replace(/\/$/, '')}`;
}

function header(report: Report, width: number): Line[] {
  const { kind, version } = report.target;
  const what = [kind === 'unknown' ? [] : [kind], version === null ? [] : [`Kafka Connect ${version}`]].flat().join(', ');
  const name = `${nameOf(report)}${what === '' ? '' : ` (${what})`}`;
  const status = partlySeen(report) ? PARTLY : report.status.toUpperCase();
  const fits = name.length + 3 + status.length <= width;
  const lines = fits ? [name] : wrap(name, width);
  return fits ? [[`${name}   `, { style: report.status, text: status }]] : [...plain(lines), [{ style: report.status, text: status }]];
}

/** One root: the sentence, what proves it, what to do. Numbered when there are several. */
function rootLines(root: Diagnosis, number: string, targetIsFine: boolean, detail: Detail, width: number): Line[] {
  const indent = 2 + (number === '' ? 0 : 3);
  const where = root.scope === 'client' ? 'In the client: ' : number !== '' && number !== '1' ? 'Independent: ' : '';
  const sentence = `${targetIsFine || root.scope !== 'client' ? where : `Also ${where.toLowerCase()}`}${root.sentence}`;
  const head = indented(wrap(sentence, width - indent), indent).map((line, index) =>
    index === 0 && number !== '' ? `  ${number}  ${line.trimStart()}` : line,
  );
  const doing = remedies(root, detail.remedies, { indent, width });
  return [
    BLANK,
    ...styled('headline', head),
    ...evidence(root, detail.evidence, { indent: indent + 2, width }),
    ...(doing.length > 0 ? [BLANK, ...doing] : []),
  ];
}

function body(report: Report, detail: Detail, width: number): Line[] {
  const roots = report.diagnoses.filter(({ because, status }) => because === null && status !== 'ok');
  const notes = report.diagnoses.filter(({ because, status }) => because === null && status === 'ok');
  const several = roots.length > 1;
  const targetIsFine = !roots.some(({ scope }) => scope === 'target');
  const summary = roots.length === 0 ? [BLANK, ...styled('headline', indented(wrap(report.summary, width - 2), 2))] : [];
  const unclear =
    roots.length > 0 || report.status === 'ok' ? [] : report.steps.filter(({ status }) => status !== 'ok' && status !== 'skipped');
  return [
    ...summary,
    ...plain(unclear.flatMap(({ id, sentence }) => labelled(id, sentence, { indent: 4, column: 22, width }))),
    ...roots.flatMap((root, index) => rootLines(root, several ? String(index + 1) : '', targetIsFine, detail, width)),
    ...roots.flatMap((root, index) =>
      echoLines(several ? `Because of ${index + 1}` : 'Because of this', echoes(report, root), detail.echoes, width),
    ),
    ...(roots.length > 0 && notes.length > 0 && detail.notes > 0 ? [BLANK] : []),
    ...notes
      .slice(0, roots.length === 0 ? Infinity : detail.notes)
      .flatMap(({ sentence }) => withLabel('label', 'note', labelled('note', sentence, { column: 7, width }))),
  ];
}

function footer(report: Report, verbose: boolean, width: number): Line[] {
  const all = `otlpctl doctor -v`;
  const told = report.status !== 'ok' && report.diagnoses.some(({ remedies: some }) => some.length > 0);
  const next = told ? [] : report.next.filter((command) => command !== all).slice(0, 2);
  return [
    BLANK,
    ...lossLines(report, width),
    ...(report.status === 'ok' && !verbose ? [] : pathLines(report, width)),
    ...lookedLines(report, width),
    ...notLookedLines(report, width, verbose),
    ...(next.length > 0 ? withLabel('label', 'Next', ['  Next']) : []),
    ...next.map((command): Line => ['    ', { style: 'command', text: command }]),
    ...(verbose || report.steps.length === 0 ? [] : styled('faint', [`  ${`All ${report.steps.length} steps`.padEnd(13)}${all}`])),
  ];
}

function screen(report: Report, detail: Detail, { columns, verbosity }: RenderOptions): Line[] {
  return [...header(report, columns), ...body(report, detail, columns), ...footer(report, verbosity > 0, columns)].map((line, index) =>
    index === 0 && line[0] === '' ? [] : line,
  );
}

/** One target: with -v everything and every step; else the fullest form that fits the first screen. */
function one({ report }: Rendering, options: RenderOptions): Line[] {
  if (options.verbosity > 0) return [...screen(report, EVERYTHING, options), ...stepLines(report, options)];
  const forms = DETAILS.map((detail) => screen(report, detail, options));
  return forms.find((form) => form.length <= SCREEN) ?? forms.at(-1)!;
}

/** The report for a person: root cause and what to do first, then what follows from it, then how we know. */
export const renderText: Renderer = (renderings, options) =>
  renderings.map((rendering) => paint(one(rendering, options), themeOf(options.colour))).join('\n');
