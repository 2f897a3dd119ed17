import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test, type TestContext } from 'node:test';
import { execa } from 'execa';
import { readSettings } from '../../../bridge/settings.ts';
import { KUBERNETES_PYTHON, KUBERNETES_VALIDATE } from '../tools.ts';
import { brokerFor, runAsDeployed } from './bridge-run.ts';
import { DEPLOY, deployed, filledIn } from './files.ts';

/** Of Kubernetes: some releases, and the newest that the schemas have. */
const VERSIONS = ['1.34', '1.37'];
const KAFKA = 'kafka-bootstrap.kafka.svc:9092';
const MANIFEST = `${DEPLOY}/kubernetes.yaml`;

type Labels = Record<string, string>;
type Port = { name: string; port: number; targetPort: string };
type Probe = { httpGet: { path: string; port: string }; periodSeconds: number; failureThreshold: number };
type Mount = { name: string; mountPath: string };
type Container = {
  command: string[];
  args: string[];
  ports: { name: string; containerPort: number }[];
  startupProbe: Probe;
  livenessProbe: Probe;
  readinessProbe: Probe;
  volumeMounts: Mount[];
};
type Pod = {
  terminationGracePeriodSeconds: number;
  securityContext: { runAsUser: number; runAsGroup: number; fsGroup: number };
  containers: [Container];
  volumes: { name: string; configMap?: { name: string }; secret?: { secretName: string; defaultMode: number } }[];
};
type Manifest = {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  spec: {
    replicas: number;
    serviceName: string;
    maxUnavailable: number;
    selector: Labels & { matchLabels: Labels };
    ports: Port[];
    template: { metadata: { labels: Labels }; spec: Pod };
    volumeClaimTemplates: { metadata: { name: string } }[];
  };
};

let manifests: Manifest[];
before(async () => {
  const script = 'import json,sys,yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))';
  manifests = JSON.parse((await execa(KUBERNETES_PYTHON, ['-c', script, MANIFEST])).stdout) as Manifest[];
});

const all = (kind: string) => manifests.filter((one) => one.kind === kind);
const only = (kind: string): Manifest => {
  const [one, ...more] = all(kind);
  assert.ok(one && more.length === 0, kind);
  return one;
};
const pod = () => only('StatefulSet').spec.template.spec;
const container = () => pod().containers[0];
const settingsText = () => only('ConfigMap').data!['bridge.json']!;
const judged = (version: string, file: string) =>
  execa(KUBERNETES_VALIDATE, ['-k', version, '--strict', file], { reject: false, all: true });

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-deploy-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('every object is as the schemas of Kubernetes have it, and a word that they do not know is found', async (t) => {
  const wrong = join(folderOf(t), 'wrong.yaml');
  writeFileSync(wrong, filledIn(deployed('kubernetes.yaml'), { 'maxUnavailable: 1': 'maxUnavailible: 1' }));
  for (const version of VERSIONS) {
    const { exitCode, all: said } = await judged(version, MANIFEST);
    assert.equal(exitCode, 0, said);
    assert.equal(said.match(/ passed for resource /g)?.length, manifests.length);
    assert.equal((await judged(version, wrong)).exitCode, 1);
  }
});

test('objects find each other: selectors, ports, the service of the set, volumes', () => {
  const { metadata, spec } = only('StatefulSet');
  const { labels } = spec.template.metadata;
  const selectors = [
    spec.selector.matchLabels,
    only('PodDisruptionBudget').spec.selector.matchLabels,
    ...all('Service').map((one) => one.spec.selector),
  ];
  for (const selector of selectors) assert.deepEqual(selector, labels);
  assert.ok(all('Service').some((one) => one.metadata.name === spec.serviceName));
  const ports = new Map(container().ports.map(({ name, containerPort }) => [name, containerPort]));
  for (const { name, port, targetPort } of all('Service').flatMap((one) => one.spec.ports)) {
    assert.equal(ports.get(targetPort), port, name);
  }
  const volumes = [...pod().volumes.map(({ name }) => name), ...spec.volumeClaimTemplates.map((one) => one.metadata.name)];
  assert.deepEqual(
    container()
      .volumeMounts.map(({ name }) => name)
      .sort(),
    volumes.sort(),
  );
  assert.equal(pod().volumes.find(({ configMap }) => configMap)?.configMap?.name, only('ConfigMap').metadata.name);
  assert.ok(only('PodDisruptionBudget').spec.maxUnavailable < spec.replicas, metadata.name);
});

/**
 * A pod's files in a folder: its settings and its secret at their places below it, the secret as the kubelet hands it over, root's and readable by the
 * group of fsGroup. Gives a text with those places filled in.
 */
function podFiles(t: TestContext, kafka = KAFKA): { placed: (text: string) => string } {
  const folder = folderOf(t);
  const mounts = new Map(container().volumeMounts.map(({ name, mountPath }) => [name, mountPath]));
  const placed = (text: string) => [...mounts.values()].reduce((filled, path) => filled.replaceAll(path, join(folder, path)), text);
  for (const path of mounts.values()) mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, mounts.get('config')!, 'bridge.json'), placed(filledIn(settingsText(), { [KAFKA]: kafka })));
  const auth = join(folder, mounts.get('auth')!, 'auth');
  writeFileSync(auth, 'bearer t0ken\n', { mode: 0o400 });
  if (isRoot()) {
    chmodSync(folder, 0o755);
    const { runAsUser, runAsGroup, fsGroup } = pod().securityContext;
    chownSync(auth, 0, fsGroup);
    chmodSync(auth, 0o440);
    chownSync(join(folder, mounts.get('state')!), runAsUser, runAsGroup);
  }
  return { placed };
}

const isRoot = () => process.getuid?.() === 0;

/** The user of the pod, who may read this checkout wherever it lies. */
const podUser = (): readonly string[] => {
  const { runAsUser, runAsGroup } = pod().securityContext;
  const read = ['--inh-caps', '-all,+dac_read_search', '--ambient-caps', '-all,+dac_read_search'];
  return ['setpriv', '--reuid', String(runAsUser), '--regid', String(runAsGroup), '--clear-groups', ...read, '--'];
};

const settingsOf = (t: TestContext) => {
  const { placed } = podFiles(t);
  const [, ...args] = container().args.map(placed);
  assert.equal(args[0], '--config');
  return readSettings({ configFile: args[1], set: [], portOffset: 0, env: {} });
};

test('OTLP and metrics listen beyond the pod, the latter with the credentials of the secret; REST does not', (t) => {
  const { connector, metrics, rest, authFile, allowUnauthenticated } = settingsOf(t);
  assert.deepEqual([connector.config['otlp.bind.address'], metrics.host, rest.host], ['0.0.0.0', '0.0.0.0', '127.0.0.1']);
  assert.equal(allowUnauthenticated, false);
  const mount = container().volumeMounts.find(({ name }) => name === 'auth')!;
  assert.ok(authFile!.endsWith(`${mount.mountPath}/auth`));
  const { secret } = pod().volumes.find(({ name }) => name === 'auth')!;
  assert.equal(secret!.defaultMode & 0o077, 0);
});

test('a stop has the time that the settings allow it, and readiness is asked for often enough to be heard in it', (t) => {
  const { stopGraceMs, flushTimeoutMs } = settingsOf(t);
  assert.ok(pod().terminationGracePeriodSeconds * 1000 >= stopGraceMs + flushTimeoutMs + 10_000);
  const { readinessProbe, livenessProbe, startupProbe } = container();
  assert.ok(readinessProbe.periodSeconds * readinessProbe.failureThreshold * 1000 < stopGraceMs);
  assert.deepEqual(
    [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => `${httpGet.port}${httpGet.path}`),
    ['metrics/health', 'metrics/health', 'metrics/ready'],
  );
});

test('what a pod starts serves as the user that it names, with a secret that its group may read', async (t) => {
  const kafka = await brokerFor(t);
  const { placed } = podFiles(t, kafka);
  assert.deepEqual(container().command, ['otlpctl']);
  // Everything of a test is on loopback.
  const own = ['otlp', 'bridge.metrics'].flatMap((what) => ['--set', `${what}.bind.address=127.0.0.1`]);
  await runAsDeployed(t, [...container().args.map(placed), ...own], {
    folder: placed('/var/lib/otlpctl'),
    token: 't0ken',
    kafka,
    through: isRoot() ? podUser() : [],
  });
});
