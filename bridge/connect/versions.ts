import { BRIDGE_VERSION_SUFFIX } from '../../proto/vocabulary/connect.ts';
import type { BridgeSettings } from '../settings.ts';

export type ConnectVersion = BridgeSettings['connectVersion'];

/** Where the versions of Connect differ in what they answer. Sources: KIP-891 (versions in status), recorded sessions. */
export type VersionTraits = {
  version: string;
  /** converters and so on have this version */
  kafka: string;
  statusHasVersion: boolean;
  /** status of a request with a class that is not installed */
  unknownClassStatus: number;
  /** what stands before the sentence about such a class where a connector is changed, and where a configuration is only validated */
  unknownClassIn: { change: string; validation: string };
  /** whether `GET /connectors/{name}/tasks-config` exists */
  hasTasksConfig: boolean;
  /** whether loggers are listed that nobody has set, and whether a set of a level names those alone that had another */
  loggers: { listed: 'known' | 'set'; named: 'changed' | 'all' };
};

const CONNECT_EXCEPTION = 'org.apache.kafka.connect.errors.ConnectException: ';
export const BAD_REQUEST_EXCEPTION = 'org.apache.kafka.connect.runtime.rest.errors.BadRequestException: ';

export const VERSION_TRAITS: Readonly<Record<ConnectVersion, VersionTraits>> = {
  '4.1': {
    version: `4.1.0${BRIDGE_VERSION_SUFFIX}`,
    kafka: '4.1.0',
    statusHasVersion: true,
    unknownClassStatus: 400,
    unknownClassIn: { change: CONNECT_EXCEPTION, validation: BAD_REQUEST_EXCEPTION },
    hasTasksConfig: false,
    loggers: { listed: 'known', named: 'changed' },
  },
  '3.9': {
    version: `3.9.1${BRIDGE_VERSION_SUFFIX}`,
    kafka: '3.9.1',
    statusHasVersion: false,
    unknownClassStatus: 500,
    unknownClassIn: { change: '', validation: CONNECT_EXCEPTION },
    hasTasksConfig: true,
    loggers: { listed: 'set', named: 'all' },
  },
};
