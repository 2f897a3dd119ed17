/** A remedy with both ways that no row tries, and why. `ranIn`: the test that tries it all the same. */
export type Exception = { kind: string; because: string; ranIn?: string };

const SERVICE = 'it asks the service manager of a host, and none has started the worker of the stand';
const LOOKS = 'it looks and changes nothing, so there is nothing to heal';
const NOT_HERE = 'nothing done from outside brings it about on a worker that is well, and a drill of the bridge only shows it';
const OWN_HOST = 'it changes what every program of the host meets, so it is done in a host of its own';

export const EXCEPTIONS: readonly Exception[] = [
  { kind: 'worker-down: systemctl start kafka-connect', because: SERVICE },
  { kind: 'worker-lost: systemctl start kafka-connect', because: SERVICE },
  { kind: 'worker-frozen: shutdown', because: SERVICE },
  { kind: 'plugin-missing: shutdown', because: SERVICE },
  { kind: 'task-unassigned: shutdown', because: SERVICE },
  { kind: 'worker-frozen: kill -CONT N', because: 'by hand it is a form, PID, for whoever does not see the process' },
  { kind: 'worker-exhausted: capacity', because: LOOKS },
  { kind: 'log-unavailable: ls -lt ${KAFKA_HOME:-/opt/kafka}/logs', because: LOOKS },
  { kind: 'connector-failed: connector restart', because: NOT_HERE },
  { kind: 'task-missing: connector restart', because: NOT_HERE },
  { kind: 'receiver-unresponsive: connector restart-task', because: NOT_HERE },
  { kind: 'receiver-unreachable: firewall allow', because: OWN_HOST, ranIn: 'test/real/firewall.test.ts' },
  { kind: 'receiver-bound-to-loopback: connector config set otlp.bind.address', because: OWN_HOST, ranIn: 'test/real/firewall.test.ts' },
];
