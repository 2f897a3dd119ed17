import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFailure, type BindError } from '../../../bridge/connect/trace.ts';

const failure = (code: string, receiver: 'grpc' | 'http', host = '127.0.0.1', port = 318): BindError =>
  Object.assign(new Error(`listen ${code}`), { code, receiver, host, port });
const causes = (trace: string) => trace.split('\n').filter((line) => line.startsWith('Caused by: '));

const CASES: [error: BindError, said: string, causes: string[]][] = [
  [
    failure('EACCES', 'grpc'),
    'Failed to bind to address /127.0.0.1:318',
    [
      'Caused by: java.io.IOException: Failed to bind to address /127.0.0.1:318',
      'Caused by: io.grpc.netty.shaded.io.netty.channel.unix.Errors$NativeIoException: bind(..) failed: Permission denied',
    ],
  ],
  [failure('EACCES', 'http'), 'Permission denied', ['Caused by: java.net.SocketException: Permission denied']],
  [failure('EADDRINUSE', 'http'), 'Address already in use', ['Caused by: java.net.BindException: Address already in use']],
  [
    failure('EADDRNOTAVAIL', 'grpc', '::1', 4317),
    'Failed to bind to address /[::1]:4317',
    [
      'Caused by: java.io.IOException: Failed to bind to address /[::1]:4317',
      'Caused by: io.grpc.netty.shaded.io.netty.channel.unix.Errors$NativeIoException: bind(..) failed: Cannot assign requested address',
    ],
  ],
  [failure('EMFILE', 'http'), 'listen EMFILE', ['Caused by: java.net.BindException: listen EMFILE']],
];

for (const [error, said, expected] of CASES) {
  test(`${error.code} of ${error.receiver} reads as on a JVM`, () => {
    assert.equal(startFailure(error).error, said);
    assert.match(
      startFailure(error).trace,
      /^java\.lang\.RuntimeException: Failed to start OTLP receiver\n\tat io\.conduktor\.connect\.otel\.OpenTelemetrySourceTask\.start/,
    );
    assert.deepEqual(causes(startFailure(error).trace), expected);
  });
}
