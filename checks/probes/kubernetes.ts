import { isKeeperMark } from '../derive/keepers.ts';
import { isObject, isSeen, type Json, type KeptObject } from '../facts/index.ts';
import { runOnHost, type HostRan } from './host-access.ts';
import type { Look, Probe } from './probe.ts';

/** Flags of `kubectl exec` that take a value as the next word. Source: kubectl reference, "kubectl exec", "kubectl options". */
const WITH_VALUE =
  /^(?:-n|--namespace|--context|--cluster|--kubeconfig|--user|-s|--server|--as|--as-group|--as-uid|--token|--cache-dir|--certificate-authority|--client-certificate|--client-key|--request-timeout|--tls-server-name|-v|--v|-c|--container|-f|--filename|--pod-running-timeout)$/;
/** Those that are about exec alone. */
const OF_EXEC = /^(?:-c|--container|-f|--filename|--pod-running-timeout|-i|-t|-it|-ti|-q|--stdin|--tty|--quiet)(?:=|$)/;
/** Pod, its set or replica set, what made that, what made that in turn. */
const MOST_OWNERS = 4;
/** Names of Kubernetes. Source: RFC 1123, labels. */
const NAME = /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/;
const CONNECTOR_KIND = 'kafkaconnector.kafka.strimzi.io';

/** A host command that is `kubectl exec`: the same kubectl without exec, and the pod (or what stands for it). */
export function kubectlOf(command: readonly string[]): { base: string[]; pod: string } | undefined {
  const at = command[0] === 'sudo' ? command.findIndex((word) => /(?:^|\/)(?:kubectl|oc)$/.test(word)) : 0;
  if (!/(?:^|\/)(?:kubectl|oc)$/.test(command[at] ?? '')) return undefined;
  const base = command.slice(0, at + 1);
  const words: string[] = [];
  for (let i = at + 1; i < command.length && command[i] !== '--'; i++) {
    const word = command[i]!;
    const given = word.startsWith('-') ? [word, ...(WITH_VALUE.test(word) ? command.slice(i + 1, i + 2) : [])] : [];
    if (given.length === 0) words.push(word);
    else if (!OF_EXEC.test(word)) base.push(...given);
    i += Math.max(given.length - 1, 0);
  }
  const [verb, pod] = words;
  return verb === 'exec' && pod !== undefined ? { base, pod: pod.includes('/') ? pod : `pod/${pod}` } : undefined;
}

type Owner = { kind: string; apiVersion: string; name: string };

/** Of `kubectl get … -o json`: what names a keeper, and who made the object. Nothing else is kept: annotations hold whole configurations. */
export function readObject(json: Json): { object: KeptObject; owner: string | undefined } | undefined {
  if (!isObject(json) || typeof json['kind'] !== 'string' || !isObject(json['metadata'])) return undefined;
  const { name, namespace, labels, annotations, ownerReferences } = json['metadata'];
  if (typeof name !== 'string') return undefined;
  const all = { ...(isObject(labels) && labels), ...(isObject(annotations) && annotations) };
  const marks = Object.fromEntries(
    Object.entries(all).flatMap(([key, value]) => (typeof value === 'string' && isKeeperMark(key) ? [[key, value.slice(0, 200)]] : [])),
  );
  const owners = (Array.isArray(ownerReferences) ? ownerReferences : []) as unknown as (Owner & { controller?: boolean })[];
  const owner = owners.find(({ controller }) => controller === true) ?? owners[0];
  return {
    object: { kind: json['kind'], name, namespace: typeof namespace === 'string' ? namespace : null, marks },
    owner: owner && refOf(owner),
  };
}

/** `replicaset.apps/connect-7d9f`; those of the core group have no group in front of their version. */
function refOf({ kind, apiVersion, name }: Owner): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  return `${kind.toLowerCase()}${group}/${name}`;
}

/** Who keeps the worker and its connector, as labels and annotations in Kubernetes say: where the host is reached by kubectl, which can tell. */
export const kubernetesProbe: Probe = {
  gives: ['host.kubernetes'],
  needs: ['target'],
  rounds: MOST_OWNERS + 1,
  async look(look) {
    const kubectl = kubectlOf(look.target.hostCommand ?? []);
    if (kubectl === undefined) {
      const reason = 'the host is not reached by kubectl exec';
      return { 'host.kubernetes': { source: 'kubectl get', unasked: 'skipped', reason, give: "--host-command 'kubectl exec POD --'" } };
    }
    const { base, pod } = kubectl;
    const source = `${base[0]!} get ${pod} -o json`;
    const objects: KeptObject[] = [];
    let next: string | undefined = pod;
    while (next !== undefined && objects.length < MOST_OWNERS) {
      const ran = await get(look, base, next);
      const read = parse(ran);
      if (read === undefined && objects.length === 0)
        return {
          'host.kubernetes': { source, unasked: 'unknown', reason: ran.end === 'ok' ? 'it printed no object of Kubernetes' : ran.detail },
        };
      // Who may see a pod may not always see what made it: what was seen counts.
      if (read !== undefined) objects.push(read.object);
      next = read?.owner;
    }
    const target = await look.fact('target');
    const name = isSeen(target) ? target.value.connector : null;
    const own = name === null || !NAME.test(name) ? undefined : parse(await get(look, base, `${CONNECTOR_KIND}/${name}`));
    return { 'host.kubernetes': { source, value: { objects: own === undefined ? objects : [own.object, ...objects] } } };
  },
};

const get = (look: Look, base: readonly string[], ref: string): Promise<HostRan> =>
  runOnHost(look, { where: 'Kubernetes', prefix: base }, ['get', ref, '-o', 'json']);

function parse({ end, stdout }: HostRan): ReturnType<typeof readObject> {
  if (end !== 'ok') return undefined;
  try {
    return readObject(JSON.parse(stdout) as Json);
  } catch {
    return undefined;
  }
}
