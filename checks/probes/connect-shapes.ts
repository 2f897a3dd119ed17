import { isObject, type Json } from '../facts/index.ts';
import type { Shape } from './read-json.ts';

/** What Kafka Connect's answers must have to be its own (Kafka Connect REST, 3.9 to 4.1); more is allowed. */
type Fields = Readonly<Record<string, Json>>;

const fieldsOf = (json: Json | undefined): Fields | undefined => (isObject(json) ? json : undefined);

const lacks = (what: string, fields: Fields | undefined, names: readonly string[]): string | undefined => {
  if (fields === undefined) return `${what} is not a JSON object`;
  const missing = names.find((name) => typeof fields[name] !== 'string');
  return missing === undefined ? undefined : `${what} has no ${missing}`;
};

export const rootShape: Shape = (json) => notConnect(lacks('the answer', fieldsOf(json), ['version', 'commit', 'kafka_cluster_id']));

export const healthShape: Shape = (json) => notConnect(lacks('the answer', fieldsOf(json), ['status', 'message']));

export const statusShape: Shape = (json) => notConnect(statusWrong('the answer', json));

export const listShape: Shape = (json) => {
  const fields = fieldsOf(json);
  if (fields === undefined) return notConnect('the answer is not a JSON object');
  return notConnect(firstOf(Object.entries(fields), ([name, entry]) => entryWrong(name, fieldsOf(entry))));
};

export const tasksShape: Shape = (json) =>
  notConnect(
    Array.isArray(json)
      ? firstOf(json, (task) => (fieldsOf(fieldsOf(task)?.['config']) === undefined ? 'a task has no configuration' : undefined))
      : 'the answer is not a JSON list',
  );

export const pluginsShape: Shape = (json) =>
  notConnect(
    Array.isArray(json)
      ? firstOf(json, (plugin) => lacks('a plugin', fieldsOf(plugin), ['class', 'type']))
      : 'the answer is not a JSON list',
  );

function entryWrong(name: string, entry: Fields | undefined): string | undefined {
  if (entry === undefined) return `${name} is not a JSON object`;
  const config = fieldsOf(fieldsOf(entry['info'])?.['config']);
  if (config === undefined) return `${name} has no configuration`;
  const odd = Object.keys(config).find((key) => typeof config[key] !== 'string' && config[key] !== null);
  return odd === undefined ? statusWrong(name, entry['status'] ?? null) : `${name} has a configuration whose ${odd} is not text`;
}

function statusWrong(what: string, json: Json): string | undefined {
  const status = fieldsOf(json);
  if (status === undefined) return `${what} has no status`;
  const tasks = status['tasks'];
  if (!Array.isArray(tasks)) return `${what} has no tasks`;
  return (
    lacks(what, status, ['name']) ??
    lacks(`the connector of ${what}`, fieldsOf(status['connector']), ['state', 'worker_id']) ??
    firstOf(tasks, (task) => lacks(`a task of ${what}`, fieldsOf(task), ['state', 'worker_id']))
  );
}

function firstOf<T>(items: readonly T[], wrong: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = wrong(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

const notConnect = (wrong: string | undefined): string | undefined =>
  wrong === undefined ? undefined : `JSON, but not Kafka Connect's: ${wrong}`;
