import { CONNECTOR_CLASS, CONNECTOR_VERSION } from '../../proto/vocabulary/connect.ts';
import { connectError } from './errors.ts';
import { configurationError, isOurClass, type ConnectorConfig } from './validate.ts';
import { BAD_REQUEST_EXCEPTION, VERSION_TRAITS, type ConnectVersion } from './versions.ts';

const PLUGIN = `PluginDesc{klass=class ${CONNECTOR_CLASS}, name='${CONNECTOR_CLASS}', version='${CONNECTOR_VERSION}', encodedVersion=${CONNECTOR_VERSION}, type=source, typeName='source', location='otlpctl'}`;

/** As Java writes a map. */
const mapText = (config: ConnectorConfig): string =>
  `{${Object.entries(config)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')}}`;

/** Throws as Connect does for a configuration without a class, or with one that is not installed: in other words and with another status where it is only validated. */
export function checkClass(config: ConnectorConfig, version: ConnectVersion, during: 'creation' | 'change' | 'validation'): void {
  const { unknownClassStatus, unknownClassIn } = VERSION_TRAITS[version];
  const validated = during === 'validation';
  const wanted = config['connector.class'];
  if (wanted === undefined || wanted.trim() === '')
    throw connectError(
      validated ? 500 : 400,
      `${validated ? BAD_REQUEST_EXCEPTION : ''}Connector config ${mapText(config)} contains no connector type`,
    );
  if (!isOurClass(wanted))
    throw connectError(
      validated ? 500 : unknownClassStatus,
      `${during === 'creation' ? '' : unknownClassIn[during]}Failed to find any class that implements Connector and which name matches ${wanted}, available connectors are: ${PLUGIN}`,
    );
}

/** The configuration with its name in it; another name than the address has is refused. */
function named(name: string, config: ConnectorConfig): ConnectorConfig {
  const given = config['name'];
  if (given !== undefined && given !== name)
    throw connectError(400, `Connector name configuration (${given}) doesn't match connector name in the URL (${name})`);
  return { ...config, name };
}

/** A configuration that may be applied, whole; throws as Connect does for any other. */
export function checkedConfig(
  name: string,
  config: ConnectorConfig,
  version: ConnectVersion,
  during: 'creation' | 'change',
): ConnectorConfig {
  const whole = named(name, config);
  checkClass(whole, version, during);
  const error = configurationError(whole, version);
  if (error !== null) throw connectError(400, error);
  return whole;
}

export const sameConfig = (a: ConnectorConfig, b: ConnectorConfig): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value);
