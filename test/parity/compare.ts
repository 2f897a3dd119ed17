import type { Answer, Side } from './play.ts';
import { PORT_NAMES } from './step.ts';
import type { Json } from './step.ts';

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What differs from start to start and from machine to machine, in a text. */
const TEXT: readonly ((text: string) => string)[] = [
  (text) => text.replace(UUID, 'UUID'),
  // Where a plug-in lies.
  (text) => text.replace(/location='[^']*'/g, "location='PLUGIN'"),
  // Lines of a stack: classes and numbers of the source.
  (text) => text.replace(/(\n\t(?:at |\.\.\. \d+ more)[^\n]*)+/g, ''),
  // Java's maps and sets have no order.
  (text) => text.replace(/\{([^{}=]+=[^{}]*)\}/g, (_all, entries: string) => `{${inOrder(entries)}}`),
  (text) => text.replace(/(must be one of[^:]*: )([^\n]*)/g, (_all, before: string, words: string) => `${before}${inOrder(words)}`),
  // Jetty's own pages.
  (text) => (/^<(html|h1)>/.test(text) ? 'a page of HTML' : text),
];

const inOrder = (list: string): string => list.split(/, ?/).sort().join(', ');

function textOf(text: string, { restPort, ports }: Side): string {
  const here = PORT_NAMES.reduce(
    (said, name) => said.replaceAll(String(ports[name]), `<${name}>`),
    text.replaceAll(`127.0.0.1:${restPort}`, 'WORKER'),
  );
  return TEXT.reduce((said, change) => change(said), here);
}

function comparableJson(value: Json, key: string, side: Side): Json {
  if (key === 'last_modified' && value !== null) return 'a time';
  if (typeof value === 'string') return textOf(value, side);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const inner = value.map((one) => comparableJson(one, '', side));
    return inner.every((one) => typeof one === 'string') ? inner.sort() : inner;
  }
  const kept = Object.entries(value).filter(([name]) => name !== 'documentation');
  return Object.fromEntries(kept.map(([name, inner]) => [name, comparableJson(inner, name, side)]));
}

/** An answer without what differs between any two workers. The body of OPTIONS is a list, as is the header Allow. */
export function comparable({ status, type, location, allow, body }: Answer, side: Side): Answer {
  const isList = type === 'text/plain' && typeof body === 'string';
  return {
    status,
    type,
    location: location && textOf(location, side),
    allow: allow && inOrder(allow),
    body: comparableJson(isList ? inOrder(body) : body, '', side),
  };
}

/** Elements of a list are told apart by what they are called, where they are called something. */
function labelOf(element: Json, index: number): string {
  if (element === null || typeof element !== 'object' || Array.isArray(element)) return String(index);
  const { name, class: plugin, definition } = element;
  const called = name ?? plugin ?? (definition as { name?: Json } | undefined)?.name;
  return typeof called === 'string' ? called : String(index);
}

function* walk(value: Json, place: string): Generator<[place: string, said: string]> {
  if (value === null || typeof value !== 'object' || Object.keys(value).length === 0) yield [place, JSON.stringify(value)];
  else if (!Array.isArray(value)) for (const [name, inner] of Object.entries(value)) yield* walk(inner, `${place}.${name}`);
  else if (value.every((one) => typeof one === 'string')) yield [place, JSON.stringify(value)];
  else for (const [index, inner] of value.entries()) yield* walk(inner, `${place}[${labelOf(inner, index)}]`);
}

/** Places and what stands there: `status`, `body.tasks[0].state`, `body.configs[tasks.max].value.errors`. */
const placesOf = ({ body, ...head }: Answer): Map<string, string> =>
  new Map([...Object.entries(head).map(([name, value]): [string, string] => [name, JSON.stringify(value)]), ...walk(body, 'body')]);

/** What Connect leaves out of errors that come before a resource is found; the bridge says it. */
const MAY_BE_SAID = ['type', 'allow'];

/** Places where two comparable answers are not alike. */
export function unlike(connect: Answer, bridge: Answer): string[] {
  const [there, here] = [placesOf(connect), placesOf(bridge)];
  return [...new Set([...there.keys(), ...here.keys()])].filter(
    (place) => there.get(place) !== here.get(place) && !(there.get(place) === 'null' && MAY_BE_SAID.includes(place)),
  );
}
