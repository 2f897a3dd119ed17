import { parseObjectName, type ObjectName } from './object-name.ts';

/** A request as Jolokia understands it. `echo` is how the answer names it. Source: Jolokia manual, "Protocol". */
export type JolokiaRequest = { echo: Readonly<Record<string, unknown>>; path: readonly string[] } & (
  | { type: 'version' }
  | { type: 'search'; name: ObjectName; mbean: string }
  | { type: 'list'; maxDepth: number }
  /** attributes: none for all */
  | { type: 'read'; name: ObjectName; mbean: string; attribute: string | readonly string[]; ignoreErrors: boolean }
  | { type: 'exec' | 'write'; name: ObjectName; what: string }
);

/** What is no request at all is answered with HTTP 400 and this text. */
export type Malformed = { malformed: string };

type Given = Readonly<Record<string, unknown>>;

const malformed = (text: string): Malformed => ({ malformed: text });
const isText = (value: unknown): value is string => typeof value === 'string';

/** `!` is the escape: `!/` a slash, `!!` itself, `!"` a quote. */
export function splitPath(path: string): string[] {
  if (path === '') return [];
  return (path.match(/(?:!.|[^/])+|(?<=\/)(?=\/|$)/gs) ?? []).map((piece) => piece.replace(/!(.)/gs, '$1'));
}

const numberOf = (value: unknown): number => (Number(value) > 0 ? Number(value) : Infinity);

/** What only a bean with a name can be asked. */
function ofBean(type: 'read' | 'search' | 'exec' | 'write', given: Given): JolokiaRequest | Malformed {
  const { mbean, attribute, operation, value, path, config } = given;
  if (!isText(mbean) || mbean === '')
    return malformed(
      type === 'read'
        ? 'Read POST requests require an ObjectName to read from (may be a pattern)'
        : `A request of type ${type} requires an ObjectName`,
    );
  const name = parseObjectName(mbean);
  if (!name) return malformed('Key properties cannot be empty');
  const inner = isText(path) && path !== '' ? { path } : {};
  const common = { name, mbean, path: isText(path) ? splitPath(path) : [] };
  if (type === 'search') return { type, ...common, echo: { mbean, type } };
  if (type === 'exec') return { type, ...common, what: String(operation), echo: { mbean, type, operation } };
  if (type === 'write') return { type, ...common, what: String(attribute), echo: { mbean, attribute, type, value } };
  // In a path `*` stands for all, since nothing cannot stand there.
  const wanted = isText(attribute) && attribute !== '*' ? attribute : Array.isArray(attribute) ? attribute.filter(isText) : [];
  const ignoreErrors = String((config as Given | undefined)?.['ignoreErrors'] ?? given['ignoreErrors']) === 'true';
  return { type, ...common, attribute: wanted, ignoreErrors, echo: { ...inner, mbean, attribute: wanted, type } };
}

const MOST_LIST_SEGMENTS = 3;

function ofList(given: Given): JolokiaRequest | Malformed {
  const { path, config } = given;
  const pieces = isText(path) ? splitPath(path) : [];
  if (pieces.length > MOST_LIST_SEGMENTS) return malformed(`List operation supports only ${MOST_LIST_SEGMENTS} path segments`);
  const maxDepth = numberOf((config as Given | undefined)?.['maxDepth'] ?? given['maxDepth']);
  return { type: 'list', path: pieces, maxDepth, echo: pieces.length === 0 ? { type: 'list' } : { path: pieces.join('/'), type: 'list' } };
}

/** The object of a POST. */
export function readObject(given: unknown): JolokiaRequest | Malformed {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return malformed('Invalid JSON Request. Expected Object or Array');
  const { type } = given as Given;
  if (!isText(type)) return malformed('No type given');
  switch (type.toLowerCase()) {
    case 'version':
      return { type: 'version', path: [], echo: { type: 'version' } };
    case 'list':
      return ofList(given as Given);
    case 'read':
    case 'search':
    case 'exec':
    case 'write':
      return ofBean(type.toLowerCase() as 'read', given as Given);
    default:
      return malformed(`No type with name '${type}' exists`);
  }
}

/** What stands after the bean in a GET, by type. */
const REST: Readonly<Record<string, (rest: readonly string[]) => Given>> = {
  read: ([attribute, ...path]) => ({
    ...(attribute ? { attribute: attribute.includes(',') ? attribute.split(',') : attribute } : {}),
    ...(path.length > 0 ? { path: path.join('/') } : {}),
  }),
  exec: ([operation]) => ({ operation }),
  write: ([attribute, value]) => ({ attribute, value }),
};

/** `/read/<bean>/<attribute>/<path>` and the like, decoded; what follows `/jolokia`. */
export function readPath(path: string, query: Given): JolokiaRequest | Malformed {
  const pieces = splitPath(path.replace(/^\/+/, ''));
  const [type = 'version', mbean, ...rest] = pieces;
  if (type === 'read' && !mbean) return malformed('Read GET requests require at least 1 path element for ObjectName to read from');
  if (type === 'list')
    return readObject({
      ...query,
      type,
      path: pieces
        .slice(1)
        .map((piece) => piece.replace(/[!/]/g, '!$&'))
        .join('/'),
    });
  return readObject({ ...query, type, mbean, ...REST[type]?.(rest) });
}
