import type { ConnectVersion } from '../../bridge/connect/versions.ts';

/**
 * Where the bridge answers otherwise than Kafka Connect, on purpose, and why. A step that answers otherwise and is not here fails the comparison, and so does
 * one that stands here and answers alike.
 */
export type Difference = { steps: readonly string[]; at: RegExp; only?: ConnectVersion; reason: string };

const PAGE = /^(status|type|body(\.error_code|\.message)?)$/;

export const DIFFERENCES: readonly Difference[] = [
  {
    steps: ['root'],
    at: /^body\.(version|commit|kafka_cluster_id)$/,
    reason: 'the bridge is told from Connect by its version, is built from no commit of Kafka, and its cluster is its state folder',
  },
  {
    steps: ['plugins-all'],
    at: /^body\[org\.apache\.kafka\./,
    reason: 'converters, transformations and predicates are classes of Java: there are none here',
  },
  {
    steps: ['plugin-config', 'plugin-config-whole-name', 'plugin-config-short-name'],
    at: /^body\[otlp\.bind\.address\]\.default_value$/,
    reason: 'nothing is served beyond this machine unless asked for',
  },
  {
    steps: [
      'validate-nothing-given',
      'validate-good',
      'validate-three-wrong',
      'validate-other-types',
      'validate-numbers',
      'validate-framework-keys',
      'validate-framework-words',
      'validate-unknown-key',
    ],
    at: /^body\.configs\[otlp\.bind\.address\]\.(definition\.default_value|value\.value)$/,
    reason: 'as the default in the definition of the plug-in',
  },
  {
    steps: [
      'validate-nothing-given',
      'validate-good',
      'validate-three-wrong',
      'validate-other-types',
      'validate-numbers',
      'validate-framework-keys',
      'validate-framework-words',
      'validate-unknown-key',
    ],
    only: '4.1',
    at: /^body\.configs\[(key|value|header)\.converter(\.plugin\.version)?\]\.(definition\.default_value|value\.(value|recommended_values))$/,
    reason: 'the converters of a worker are its own, and 4.1 recommends those that are installed: here are none',
  },
  {
    steps: [
      'validate-list',
      'validate-bad-json',
      'validate-no-body',
      'create-name-number',
      'create-no-config',
      'create-config-list',
      'create-config-nested',
      'create-strange-field',
      'create-bad-state',
      'create-state-number',
      'create-bad-json',
      'create-two-values',
      'create-list',
      'create-null',
      'create-text-value',
      'create-no-body',
      'create-empty-body',
      'put-list',
      'put-null',
      'put-nested',
      'put-bad-json',
      'put-no-body',
      'patch-list',
      'patch-null',
      'patch-bad-json',
      'offsets-patch-text',
      'offsets-patch-strange-field',
      'offsets-patch-list',
      'offsets-patch-bad-json',
      'offsets-patch-no-body',
      'logger-set-nested',
      'logger-set-list',
      'logger-set-bad-json',
      'logger-set-no-body',
    ],
    at: /^body\.message$/,
    reason: 'sentences of a reader of JSON in Java, with its classes in them; here they say what is wrong with the body',
  },
  {
    steps: ['name-of-slash', 'double-slash'],
    only: '4.1',
    at: PAGE,
    reason: 'since 4.0 Jetty refuses paths that could be read in two ways before Connect sees them; here a name may hold a slash',
  },
  {
    steps: ['bad-percent'],
    at: /^(type|body(\.error_code|\.message)?)$/,
    reason: 'a page of Jetty for a path that is not percent-encoded well; here it is JSON as every other error',
  },
  {
    steps: ['create-strange-type'],
    at: PAGE,
    reason: 'a page of Jetty, because what stands as Content-Type is none; here that is a type other than JSON',
  },
  {
    steps: ['third-other-name'],
    at: /^(status|body)/,
    reason:
      'Connect lays a name over that is not the name of the connector, and keeps its offsets under it from then on; here PATCH refuses it as PUT does',
  },
  {
    steps: ['stopped-task-restart'],
    at: /^(status|body\.(error_code|message))$/,
    reason: 'Connect speaks of a rebalance for as long as the connector is stopped; here there is no such task',
  },
  {
    steps: ['loggers'],
    only: '4.1',
    at: /^body\./,
    reason: 'the loggers are those of another program; 3.9 lists those alone that somebody has set',
  },
  {
    steps: ['logger-set', 'logger-set-lower-case', 'logger-set-worker'],
    only: '4.1',
    at: /^body$/,
    reason: "the class of the connector's configuration logs here and has a logger; on 4.1 it has none before it logs",
  },
];

/** What of all that was found unlike is not listed, and what is listed and was not found. */
export function judge(version: ConnectVersion, found: ReadonlyMap<string, readonly string[]>): string[] {
  const listed = DIFFERENCES.filter(({ only }) => only === undefined || only === version);
  const unlisted = [...found].flatMap(([step, places]) =>
    places
      .filter((place) => !listed.some(({ steps, at }) => steps.includes(step) && at.test(place)))
      .map((place) => `${step}: ${place} differs and is not listed`),
  );
  const gone = listed.flatMap(({ steps, at, reason }) =>
    steps.filter((step) => !found.get(step)?.some((place) => at.test(place))).map((step) => `${step}: listed (${reason}) and alike`),
  );
  return [...unlisted, ...gone];
}
