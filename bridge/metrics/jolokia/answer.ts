import { BRIDGE_VERSION_SUFFIX, CONNECTOR_VERSION } from '../../../proto/vocabulary/connect.ts';
import { tree, type Bean } from './beans.ts';
import { canonical, isPattern, matches } from './object-name.ts';
import type { JolokiaRequest } from './request.ts';

/** Protocol of Jolokia 2.6, whose answers these are held against. */
const VERSION = {
  agent: `${CONNECTOR_VERSION}${BRIDGE_VERSION_SUFFIX}`,
  protocol: '8.2',
  id: 'otlpctl-bridge',
  config: {},
  details: { agent_version: `${CONNECTOR_VERSION}${BRIDGE_VERSION_SUFFIX}`, agent_id: 'otlpctl-bridge', server_product: 'otlpctl bridge' },
  info: { jmx: {} },
};

type Failure = { status: number; exception: string; error: string };
type Outcome = { value: unknown } | Failure;

const notFound = (exception: 'InstanceNotFoundException' | 'AttributeNotFoundException', error: string): Failure => ({
  status: 404,
  exception: `javax.management.${exception}`,
  error,
});
const forbidden = (error: string): Failure => ({ status: 403, exception: 'java.lang.Exception', error });

const describe = ({ exception, error }: Failure) => ({
  error_type: exception,
  '.error': true,
  ...(exception.startsWith('javax.management.') ? { error_type_jmx: exception } : {}),
  error,
});

type Read = Extract<JolokiaRequest, { type: 'read' }>;

/** What is wanted of a bean and there; none wanted is all. */
const chosen = (bean: Bean, wanted: readonly string[]) =>
  Object.fromEntries([...bean.attributes].filter(([name]) => wanted.length === 0 || wanted.includes(name)));

/** Steps into a value; what is not there is null. */
const within = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step) ? (inner as Record<string, unknown>)[step] : null,
    value,
  );

function readOne(request: Read, bean: Bean): Outcome {
  const { attribute, ignoreErrors, path } = request;
  const wanted = typeof attribute === 'string' ? [attribute] : attribute;
  const missing = wanted
    .filter((name) => !bean.attributes.has(name))
    .map((name) => [name, notFound('AttributeNotFoundException', `No such attribute: ${name}`)] as const);
  if (missing[0] && !ignoreErrors) return missing[0][1];
  const errors = Object.fromEntries(missing.map(([name, failure]) => [name, describe(failure)]));
  const values: Record<string, unknown> = { ...chosen(bean, wanted), ...errors };
  return { value: within(typeof attribute === 'string' ? values[attribute] : values, path) };
}

/** A pattern is answered with all beans that it stands for, each with what it has of the attributes wanted. */
function readMany(request: Read, beans: readonly Bean[]): Outcome {
  const { attribute, mbean, path } = request;
  const wanted = typeof attribute === 'string' ? [attribute] : attribute;
  const read = beans.map((bean) => [bean.id, chosen(bean, wanted)] as const).filter(([, values]) => Object.keys(values).length > 0);
  if (read.length === 0) return notFound('AttributeNotFoundException', `No attribute found for any MBean matching ${mbean} pattern`);
  if (path.length > 0)
    return { status: 400, exception: 'java.lang.IllegalArgumentException', error: 'A path into a pattern is not read here' };
  return { value: Object.fromEntries(read) };
}

function read(request: Read, beans: readonly Bean[]): Outcome {
  const found = beans.filter(({ name }) => matches(request.name, name));
  if (isPattern(request.name))
    return found.length === 0
      ? notFound('InstanceNotFoundException', `No MBean with pattern ${request.mbean} found for READ request`)
      : readMany(request, found);
  return found[0] ? readOne(request, found[0]) : notFound('InstanceNotFoundException', request.mbean);
}

/** What lies deeper is only said to be there. */
const cut = (value: unknown, depth: number): unknown =>
  typeof value !== 'object' || value === null
    ? value
    : depth <= 0
      ? 1
      : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cut(inner, depth - 1)]));

function outcomeOf(request: JolokiaRequest, beans: readonly Bean[]): Outcome {
  switch (request.type) {
    case 'version':
      return { value: VERSION };
    case 'search':
      return { value: beans.filter(({ name }) => matches(request.name, name)).map(({ id }) => id) };
    case 'list':
      return { value: within(cut(tree(beans), request.maxDepth), request.path) ?? {} };
    case 'read':
      return read(request, beans);
    case 'exec':
      return forbidden(`Operation ${request.what} forbidden for MBean ${canonical(request.name)}`);
    case 'write':
      return forbidden(`Writing attribute ${request.what} forbidden for MBean ${canonical(request.name)}`);
  }
}

/** One answer, in the shape that Jolokia gives: errors are documents with a status of their own inside an HTTP 200. */
export function answerOf(request: JolokiaRequest, beans: readonly Bean[], nowMs: number): object {
  const outcome = outcomeOf(request, beans);
  if ('value' in outcome) return { request: request.echo, value: outcome.value, status: 200, timestamp: Math.floor(nowMs / 1000) };
  return { request: request.echo, ...describe(outcome), status: outcome.status };
}
