import { CONNECTOR_CLASS, CONNECTOR_VERSION } from '../../proto/vocabulary/connect.ts';
import { connectError } from './errors.ts';
import { isOurClass, type ConnectorConfig } from './validate.ts';
import { VERSION_TRAITS, type ConnectVersion } from './versions.ts';

const PLUGIN = `PluginDesc{klass=class ${CONNECTOR_CLASS}, name='${CONNECTOR_CLASS}', version='${CONNECTOR_VERSION}', encodedVersion=${CONNECTOR_VERSION}, type=source, typeName='source', location='otlpctl'}`;

/** Throws as Connect does for a configuration without a class, or with one that is not installed. */
export function checkClass(config: ConnectorConfig, version: ConnectVersion): void {
  const wanted = config['connector.class'];
  if (wanted === undefined || wanted.trim() === '')
    throw connectError(400, `Connector config ${JSON.stringify(config)} contains no connector type`);
  if (!isOurClass(wanted))
    throw connectError(
      VERSION_TRAITS[version].unknownClassStatus,
      `Failed to find any class that implements Connector and which name matches ${wanted}, available connectors are: ${PLUGIN}`,
    );
}

/** The configuration with its name in it; another name than the address has is refused. */
export function named(name: string, config: ConnectorConfig): ConnectorConfig {
  const given = config['name'];
  if (given !== undefined && given !== name)
    throw connectError(400, `Connector name configuration (${given}) doesn't match connector name in the URL (${name})`);
  return { ...config, name };
}
