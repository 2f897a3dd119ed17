import type { Facts } from '../../../checks/facts/index.ts';
import { diagnose } from '../../../checks/diagnose.ts';

/** `command` and `byHand` of one remedy of a diagnosis. */
export type BothWays = { id: string; command: string; byHand: string };

/** Remedies that say how otlpctl does it and how a person does it by hand. */
export const bothWays = (facts: Facts): BothWays[] =>
  diagnose(facts).diagnoses.flatMap(({ id, remedies }) =>
    remedies.flatMap(({ command, byHand }) => (byHand === undefined ? [] : [{ id, command, byHand }])),
  );

const WORD = /'(?:[^']|'\\'')*'|\S+/g;
const GENERAL: readonly (readonly [RegExp, string])[] = [
  [/otlp\.(?:grpc|http)\./, 'otlp.TRANSPORT.'],
  [/otlp\.tls\.(?:cert|key)\./, 'otlp.tls.FILE.'],
];
const general = (key: string): string => GENERAL.reduce((text, [of, name]) => text.replace(of, name), key);

/**
 * What a remedy does, whatever the target: `port-in-use: connector config set otlp.TRANSPORT.port`. Of a command of otlpctl its words and
 * the keys that it changes, of another the whole without numbers.
 */
export function kindOf({ id, command }: Pick<BothWays, 'id' | 'command'>): string {
  const [program, ...words] = command.match(WORD) ?? [];
  if (program !== 'otlpctl') return `${id}: ${command.replaceAll(/\d+/g, 'N')}`;
  const options = words.findIndex((word) => word.startsWith('--'));
  const said = words.slice(0, options < 0 ? words.length : options);
  const keys = said.flatMap((word) => /^'?([\w.]+)=/.exec(word)?.[1] ?? []);
  const gone = words.flatMap((word, at) => (word === '--remove' ? [words[at + 1] ?? ''] : []));
  const verbs = said.filter((word) => /^[a-z][a-z-]*$/.test(word));
  const changes = [...new Set(keys.map(general)), ...new Set(gone.map((key) => `--remove ${general(key)}`))];
  return `${id}: ${[...verbs, ...changes].join(' ')}`;
}
