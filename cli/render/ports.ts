import { movedText, type PortPair, type PortProposal } from '../../checks/plans/ports.ts';
import { list } from '../../checks/derive/words.ts';
import type { RenderOptions } from './format.ts';
import { indented, table, wrap } from './layout.ts';
import { BLANK, paint, plain, styled, type Line } from './line.ts';
import { themeOf } from './theme.ts';

export type PortsView = {
  connector: string | null;
  live: PortPair | null;
  proposals: PortProposal[];
  checked: string[];
  missing: string[];
};

const settings = ({ grpc, http }: PortPair): string => `otlp.grpc.port=${grpc} otlp.http.port=${http}`;

export function portsText({ connector, live, proposals, checked, missing }: PortsView, { columns, colour }: RenderOptions): string {
  const rows = [
    ['', 'gRPC', 'HTTP', ''],
    ...(live === null ? [] : [[connector ?? 'now', String(live.grpc), String(live.http), 'in use']]),
    ...proposals.map(({ environment, grpc, http, moved }) => [environment, String(grpc), String(http), movedText(moved)]),
  ];
  const lines: Line[] = [
    ...plain(table(rows, { width: columns, right: [1, 2] })),
    BLANK,
    ...styled('label', ['Set, in the configuration of a connector there']),
    ...proposals.flatMap((pair) => styled('command', indented([settings(pair)], 2))),
    BLANK,
    ...plain(wrap(checked.length === 0 ? 'Checked: nothing.' : `Checked: ${list(checked)}.`, columns)),
    ...missing.flatMap((text) => styled('unknown', wrap(`Not seen: ${text}`, columns))),
  ];
  return paint(lines, themeOf(colour));
}
