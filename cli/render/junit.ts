import type { Report, StepResult } from '../../checks/report.ts';
import type { Renderer, Rendering } from './format.ts';

/** JUnit XML: a suite a target, a case a step. Characters that XML 1.0 forbids are dropped. */
const ENTITY: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\n': '&#10;' };

const FORBIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const attribute = (value: string | number): string =>
  `"${String(value)
    .replace(FORBIDDEN, '')
    .replace(/[&<>"'\n]/g, (sign) => ENTITY[sign]!)}"`;

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** warning and critical fail, as they do in the exit code; unknown is an error, since nothing was found out. */
function outcome({ status, sentence, because }: StepResult): string {
  const message = attribute(because === null ? sentence : `${sentence} (because of ${because})`);
  if (status === 'ok') return `<system-out>${attribute(sentence).slice(1, -1)}</system-out>`;
  if (status === 'skipped') return `<skipped message=${message}/>`;
  if (status === 'unknown') return `<error type="unknown" message=${message}/>`;
  return `<failure type="${status}" message=${message}/>`;
}

const nameOf = ({ target }: Report): string => target.connector ?? target.connectUrl ?? 'target';

function suite({ report }: Rendering): string {
  const howMany = (...statuses: string[]) => report.steps.filter(({ status }) => statuses.includes(status)).length;
  const counts = [
    ['tests', report.steps.length],
    ['failures', howMany('warning', 'critical')],
    ['errors', howMany('unknown')],
    ['skipped', howMany('skipped')],
    ['time', seconds(report.durationMs)],
    ['timestamp', report.at],
  ] as const;
  const cases = report.steps.map(
    (step) =>
      `    <testcase classname=${attribute(`otlpctl.${nameOf(report)}`)} name=${attribute(step.id)} time="${seconds(step.durationMs)}">${outcome(step)}</testcase>\n`,
  );
  return `  <testsuite name=${attribute(nameOf(report))} ${counts.map(([key, value]) => `${key}=${attribute(value)}`).join(' ')}>\n${cases.join('')}  </testsuite>\n`;
}

export const renderJunit: Renderer = (renderings) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="otlpctl">\n${renderings.map(suite).join('')}</testsuites>\n`;
