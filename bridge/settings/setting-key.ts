/** A key of the bridge: its name, the values it takes and its default. Absent default: none. */
export type SettingKey = {
  name: string;
  type: 'boolean' | 'int' | 'decimal' | 'string' | 'choice' | 'file' | 'topic';
  default?: string;
  min?: number;
  max?: number;
  values?: readonly string[];
  meaning: string;
};
