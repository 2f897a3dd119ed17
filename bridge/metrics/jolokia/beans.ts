import {
  ATTRIBUTES,
  BRIDGE_ATTRIBUTES,
  CONNECTOR_NAME_ATTRIBUTE,
  MBEAN_DOMAIN,
  type Attribute,
} from '../../../proto/vocabulary/attributes.ts';
import { attributesOf, type LookAt } from '../source.ts';
import { parseObjectName, quote, type ObjectName } from './object-name.ts';

/** A connector as JMX shows it. The name is quoted, as the connector registers it. */
export type Bean = { id: string; properties: string; name: ObjectName; attributes: ReadonlyMap<string, string | number> };

export function beanOf(look: LookAt): Bean {
  const properties = `type=OpenTelemetryConnector,name=${quote(look.name)}`;
  const id = `${MBEAN_DOMAIN}:${properties}`;
  return {
    id,
    properties,
    name: parseObjectName(id)!,
    attributes: new Map<string, string | number>([...Object.entries(attributesOf(look)), [CONNECTOR_NAME_ATTRIBUTE, look.name]]),
  };
}

const typeOf = ({ kind, unit }: Attribute) => (unit === 'percent' ? 'double' : kind === 'gauge' && unit === 'messages' ? 'int' : 'long');

const attribute = (type: string, desc: string) => ({ r: true, rw: false, w: false, is: false, type, desc });

const INFO = {
  op: {},
  attr: Object.fromEntries([
    ...[...ATTRIBUTES, ...BRIDGE_ATTRIBUTES].map((one) => [one.name, attribute(typeOf(one), one.meaning)]),
    [CONNECTOR_NAME_ATTRIBUTE, attribute('java.lang.String', 'name of the connector')],
  ]) as Record<string, ReturnType<typeof attribute>>,
  class: 'otlpctl.bridge',
  desc: 'A connector of the reference bridge. Nothing is executed or written here',
};

/** Domains, properties and what a bean has, as `list` answers. */
export const tree = (beans: readonly Bean[]): Record<string, unknown> =>
  beans.length === 0 ? {} : { [MBEAN_DOMAIN]: Object.fromEntries(beans.map(({ properties }) => [properties, INFO])) };
