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
};

export const VERSION_TRAITS: Readonly<Record<ConnectVersion, VersionTraits>> = {
  '4.1': { version: `4.1.0${BRIDGE_VERSION_SUFFIX}`, kafka: '4.1.0', statusHasVersion: true, unknownClassStatus: 400 },
  '3.9': { version: `3.9.1${BRIDGE_VERSION_SUFFIX}`, kafka: '3.9.1', statusHasVersion: false, unknownClassStatus: 500 },
};
