import { RECEIVER_KEYS } from '../settings/keys.ts';
import type { SettingKey } from '../settings/setting-key.ts';
import { FRAMEWORK_KEYS, type FrameworkKey } from './framework-keys.ts';
import type { ConnectVersion } from './versions.ts';

/** One key as Connect's REST describes it. */
export type Definition = {
  name: string;
  type: string;
  required: boolean;
  default_value: string | null;
  importance: string;
  documentation: string;
  group: string | null;
  width: string;
  display_name: string;
  dependents: string[];
  order: number;
};

/** Types of Kafka's ConfigDef; a choice, a file and a topic are strings there. */
const CONNECT_TYPE: Readonly<Record<SettingKey['type'], string>> = {
  boolean: 'BOOLEAN',
  int: 'INT',
  decimal: 'DOUBLE',
  string: 'STRING',
  choice: 'STRING',
  file: 'STRING',
  topic: 'STRING',
};

const MEDIUM = /^otlp\.(tls|message)\./;
const importance = (name: string) => (name === 'otlp.bind.address' ? 'LOW' : MEDIUM.test(name) ? 'MEDIUM' : 'HIGH');

const ofReceiver = (key: SettingKey): Definition => ({
  name: key.name,
  type: CONNECT_TYPE[key.type],
  required: false,
  default_value: key.default ?? null,
  importance: importance(key.name),
  documentation: key.meaning,
  group: null,
  width: 'NONE',
  display_name: key.name,
  dependents: [],
  order: -1,
});

const ofFramework = (key: FrameworkKey, order: number): Definition => ({
  name: key.name,
  type: key.type,
  required: key.required ?? false,
  default_value: key.default,
  importance: key.importance,
  documentation: key.title,
  group: key.group,
  width: key.width,
  display_name: key.title,
  dependents: [],
  order,
});

/** Groups whose keys Connect counts on from another group's. */
const COUNTED_WITH: Readonly<Record<string, string>> = {
  Transforms: 'Common',
  Predicates: 'Common',
  'Exactly Once Support': 'Topic Creation',
};

/** Keys of Connect that this version has, each with its place in its group. */
export function frameworkDefinitions(version: ConnectVersion): Definition[] {
  const counts = new Map<string, number>();
  return FRAMEWORK_KEYS.filter((key) => key.since === undefined || key.since === version).map((key) => {
    const counted = COUNTED_WITH[key.group] ?? key.group;
    const order = (counts.get(counted) ?? 0) + 1;
    counts.set(counted, order);
    return ofFramework(key, order);
  });
}

export const receiverDefinitions = (): Definition[] => RECEIVER_KEYS.map(ofReceiver);
