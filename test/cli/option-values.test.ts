import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OPTIONS, type OptionName, type OptionSpec } from '../../cli/options.ts';

const read = (name: OptionName, text: string): unknown => (OPTIONS[name] as OptionSpec).read(text, `--${name}`);

const GOOD: readonly [OptionName, string, unknown][] = [
  ['timeout', '10', 10],
  ['timeout', '0.5', 0.5],
  ['window', '0', 0],
  ['otlp-grpc', 'worker:4317', { host: 'worker', port: 4317 }],
  ['otlp-grpc', '[::1]:4317', { host: '::1', port: 4317 }],
  ['otlp-http', 'http://worker:4318', new URL('http://worker:4318')],
  ['otlp-http', '[::1]:4318', new URL('http://[::1]:4318')],
  ['otlp-http', 'worker:4318', new URL('http://worker:4318')],
  ['connect-url', 'none', null],
  ['connect-url', 'https://connect:8443/rest', new URL('https://connect:8443/rest')],
  ['expect', 'state=paused', 'state=PAUSED'],
  ['expect', 'traffic', 'traffic'],
  ['previous-at', '1763910000', 1763910000],
  ['previous-at', '-1', 0],
  ['previous-at', '', 0],
  ['previous', '', ''],
];

for (const [name, text, value] of GOOD) test(`--${name} ${text} is read`, () => assert.deepEqual(read(name, text), value));

const BAD: readonly [OptionName, string, string][] = [
  ['timeout', '10 minutes', '--timeout "10 minutes" is not a number of seconds (try 600)'],
  ['timeout', '5s', '--timeout "5s" is not a number of seconds (try 5)'],
  ['timeout', '500ms', '--timeout "500ms" is not a number of seconds (try 0.5)'],
  ['timeout', '1e3', '--timeout "1e3" is not a number of seconds (try 10)'],
  ['timeout', '0x10', '--timeout "0x10" is not a number of seconds (try 10)'],
  ['timeout', '', '--timeout "" is not a number of seconds (try 10)'],
  ['timeout', 'Infinity', '--timeout "Infinity" is not a number of seconds (try 10)'],
  ['timeout', '0', '--timeout "0" is out of range: it must be more than 0 seconds and at most 2000000 (try 10)'],
  ['timeout', '-1', '--timeout "-1" is out of range: it must be more than 0 seconds and at most 2000000 (try 10)'],
  ['window', '-1', '--window "-1" is out of range: it must be 0 or more seconds and at most 2000000 (try 5)'],
  ['connect-url', 'localhost:8083', '--connect-url "localhost:8083" is not an http or https URL (try http://localhost:8083)'],
  [
    'connect-url',
    'http://localhost:99999',
    '--connect-url "http://localhost:99999" has port 99999, and ports end at 65535 (try http://localhost:8083)',
  ],
  ['metrics-url', '', '--metrics-url "" is not an http or https URL (try http://localhost:9464)'],
  ['prometheus-url', 'ftp://h', '--prometheus-url "ftp://h" is not an http or https URL (try http://localhost:9090)'],
  ['connect-url', 'ftp://u:secret@h', '--connect-url "ftp://h" is not an http or https URL (try http://localhost:8083)'],
  ['connect-url', 'u:secret@h:8083', '--connect-url "h:8083" is not an http or https URL (try http://h:8083)'],
  [
    'connect-url',
    'http://h:8083/?a=1',
    '--connect-url "http://h:8083/?a=1" has more than an address and a path (leave out what follows ? and #)',
  ],
  ['otlp-grpc', '4317', '--otlp-grpc "4317" is not HOST:PORT with a port from 1 to 65535 (try localhost:4317 or [::1]:4317)'],
  ['otlp-grpc', 'h:0', '--otlp-grpc "h:0" is not HOST:PORT with a port from 1 to 65535 (try localhost:4317 or [::1]:4317)'],
  ['otlp-grpc', 'h:65536', '--otlp-grpc "h:65536" is not HOST:PORT with a port from 1 to 65535 (try localhost:4317 or [::1]:4317)'],
  ['otlp-grpc', '::1:4317', '--otlp-grpc "::1:4317" is not HOST:PORT with a port from 1 to 65535 (try localhost:4317 or [::1]:4317)'],
  ['otlp-http', 'worker', '--otlp-http "worker" is neither a URL nor HOST:PORT (try http://localhost:4318)'],
  ['expect', 'trafic', '--expect "trafic" is not known (did you mean "traffic"?): give traffic, grpc, http or state=NAME'],
  ['expect', 'state=ON', '--expect "state=ON" is not known: give traffic, grpc, http or state=NAME'],
  ['connector', ' ', '--connector is empty: give it a value'],
  ['previous-at', 'yesterday', '--previous-at "yesterday" is not a time in seconds since 1970 (try $(date +%s))'],
];

for (const [name, text, message] of BAD) {
  test(`--${name} "${text}" is refused in one sentence`, () => {
    assert.throws(() => read(name, text), { code: 'bad-input', message });
  });
}
