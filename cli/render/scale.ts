import { shellWord } from '../../checks/derive/commands.ts';
import { list } from '../../checks/derive/words.ts';
import type { ScalePlan } from '../../checks/plans/scale.ts';
import type { RenderOptions } from './format.ts';
import { indented, labelled, table, wrap } from './layout.ts';
import { BLANK, paint, plain, styled, withLabel, type Line } from './line.ts';
import { themeOf } from './theme.ts';

export type ScaleView = { plan: ScalePlan; output: string | null; checked: string[]; missing: string[] };

export const scaleDocument = ({ plan: { instances, balanced, files, notes }, output, checked, missing }: ScaleView): object => ({
  schemaVersion: 1,
  instances,
  balancer: balanced,
  output,
  files: Object.entries(files).map(([name, text]) => ({ name, text })),
  ...{ checked, missing },
  notes: notes.map(({ text }) => text),
});

const COLUMN = 9;

/** As they run from here; nginx takes a relative path for one below its own folder. */
function judging(at: (name: string) => string): string[] {
  const nginx = at('nginx.conf');
  return [
    `haproxy -c -f ${at('haproxy.cfg')}`,
    `nginx -t -c ${nginx.startsWith('/') ? nginx : `"$PWD"/${nginx}`}`,
    `envoy --mode validate -c ${at('envoy.json')}`,
  ];
}

export function scaleText({ plan, output, checked, missing }: ScaleView, { columns, colour }: RenderOptions): string {
  const { instances, balanced, files, notes } = plan;
  const port = (value: number | null): string => (value === null ? 'off' : String(value));
  const rows = [
    ['', 'gRPC', 'HTTP', ''],
    ...instances.map(({ name, grpc, http, isThere }) => [name, port(grpc), port(http), isThere ? 'as it is now' : 'new']),
    ['balancer', String(balanced.listen.grpc), String(balanced.listen.http), `on ${balanced.listen.host}`],
  ];
  const fresh = instances.filter(({ isThere }) => !isThere);
  const at = (name: string): string => shellWord(output === null ? name : `${output.replace(/\/+$/, '')}/${name}`);
  const written: Line[] =
    output === null
      ? [
          ...plain(wrap('Nothing was written: give --output DIR for the files. They are:', columns)),
          ...Object.entries(files).flatMap(([name, text]) => [
            BLANK,
            ...styled('label', [`--- ${name}`]),
            ...plain(text.trimEnd().split('\n')),
          ]),
        ]
      : plain(wrap(`Written to ${output}: ${list(Object.keys(files))}.`, columns));
  const lines: Line[] = [
    ...plain(table(rows, { width: columns, right: [1, 2] })),
    BLANK,
    ...(fresh.length === 0 ? [] : styled('label', ['Deploy'])),
    ...fresh.flatMap(({ file }) => styled('command', indented([`otlpctl connector deploy ${at(file)}`], 2))),
    ...styled('label', ['Judge the balancer']),
    ...styled('command', indented(judging(at), 2)),
    BLANK,
    ...notes.flatMap(({ text, beware }) => {
      const label = beware ? 'Beware' : 'Note';
      return withLabel(beware ? 'warning' : 'label', label, labelled(label, text, { indent: 0, column: COLUMN, width: columns }));
    }),
    ...plain(wrap(checked.length === 0 ? 'Checked: nothing.' : `Checked: ${list(checked)}.`, columns)),
    ...missing.flatMap((text) => styled('unknown', wrap(`Not seen: ${text}`, columns))),
    BLANK,
    ...written,
  ];
  return paint(lines, themeOf(colour));
}
