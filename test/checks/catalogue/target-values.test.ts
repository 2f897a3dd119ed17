import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillCommand, forTarget, type TargetValues } from '../../../checks/catalogue/target-values.ts';

const NOTHING: TargetValues = { options: {} };
const TARGET: TargetValues = {
  connectUrl: 'https://connect.example:8443/rest/',
  connector: 'otlp "eu" *?',
  otlpGrpc: { host: '::1', port: 14317 },
  otlpHttp: 'http://worker:14318/',
  logFile: '/var/log/my connect.log',
  kafka: 'b1:9092,b2:9092',
  options: { 'connect-url': 'https://connect.example:8443/rest/', connector: 'otlp "eu" *?', 'otlp-grpc': '[::1]:14317' },
};

const FILLED: readonly [string, string][] = [
  [
    "curl http://localhost:8083/connectors/<name>/status | jq '.connector.state'",
    "curl https://connect.example:8443/rest/connectors/otlp%20%22eu%22%20%2A%3F/status | jq '.connector.state'",
  ],
  [
    'curl -X POST http://localhost:8083/connectors/otlp-source/restart',
    'curl -X POST https://connect.example:8443/rest/connectors/otlp%20%22eu%22%20%2A%3F/restart',
  ],
  ['curl -X POST http://localhost:8083/connectors -d @c.json', 'curl -X POST https://connect.example:8443/rest/connectors -d @c.json'],
  [
    'STATUS=$(curl -s $CONNECT_URL/connectors/$CONNECTOR_NAME/status)',
    'STATUS=$(curl -s https://connect.example:8443/rest/connectors/otlp%20%22eu%22%20%2A%3F/status)',
  ],
  ['netstat -an | grep -E "4317|4318"', 'netstat -an | grep -E "14317|14318"'],
  ['lsof -i :4317', 'lsof -i :14317'],
  ['sudo ufw allow 4318/tcp', 'sudo ufw allow 14318/tcp'],
  ['grpcurl -plaintext localhost:4317 list', "grpcurl -plaintext '[::1]:14317' list"],
  ['curl -v http://localhost:4318/v1/traces', 'curl -v http://worker:14318/v1/traces'],
  ['export OTEL_EXPORTER_OTLP_ENDPOINT=http://<connector-host>:4318', 'export OTEL_EXPORTER_OTLP_ENDPOINT=http://worker:14318'],
  ['tail -100 $KAFKA_HOME/logs/connect.log', "tail -100 '/var/log/my connect.log'"],
  ['"otlp.grpc.port": "14317"', '"otlp.grpc.port": "14317"'],
  ['kafka-topics --bootstrap-server localhost:9092', 'kafka-topics --bootstrap-server b1:9092,b2:9092'],
];

for (const [command, filled] of FILLED) {
  test(`${command} for a target`, () => assert.equal(fillCommand(command, TARGET), filled));
  test(`${command} stays as it is where nothing is said`, () => assert.equal(fillCommand(command, NOTHING), command));
}

test('ports that have changed places are not changed twice', () => {
  const swapped = { otlpGrpc: { host: 'h', port: 4318 }, otlpHttp: 'http://h:4317/', options: {} };
  assert.equal(fillCommand('netstat -an | grep -E "4317|4318"', swapped), 'netstat -an | grep -E "4318|4317"');
});

test('a port that is left out of the URL is that of its scheme', () => {
  assert.equal(fillCommand('lsof -i :4318', { otlpHttp: 'https://otlp.example/', options: {} }), 'lsof -i :443');
});

const COMMANDS: readonly [string, string][] = [
  [
    'otlpctl check connector-state',
    `otlpctl check connector-state --connect-url https://connect.example:8443/rest/ --connector 'otlp "eu" *?' --otlp-grpc '[::1]:14317'`,
  ],
  [
    'otlpctl check kafka-brokers --kafka localhost:9092',
    `otlpctl check kafka-brokers --kafka b1:9092,b2:9092 --connect-url https://connect.example:8443/rest/ --connector 'otlp "eu" *?' --otlp-grpc '[::1]:14317'`,
  ],
  [
    'otlpctl doctor --connect-url none --otlp-grpc HOST:4317 --otlp-http http://HOST:4318',
    `otlpctl doctor --connect-url none --otlp-grpc '[::1]:14317' --otlp-http http://worker:14318`,
  ],
];

for (const [otlpctl, here] of COMMANDS) test(`${otlpctl} for a target`, () => assert.equal(forTarget(otlpctl, TARGET), here));

test('options that a command does not accept are left out', () => {
  assert.equal(forTarget('otlpctl grpc list', TARGET, ['format', 'otlp-grpc']), "otlpctl grpc list --otlp-grpc '[::1]:14317'");
  assert.equal(forTarget('otlpctl capacity --peak 5000 --burst 10', TARGET, ['peak', 'burst']), 'otlpctl capacity --peak 5000 --burst 10');
});
