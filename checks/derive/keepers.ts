import type { KeptObject } from '../facts/index.ts';

/**
 * Tools that keep objects of Kubernetes as they are written elsewhere, by the labels and annotations that they put on them. `app.kubernetes.io/instance` alone is
 * of no tool: Argo CD may use it, and so do charts.
 */
type Keeper = {
  name: string;
  /** of labels and annotations: the first that is there tells whose it is */
  marks: readonly string[];
  /** what the mark must say, where another value is of another tool */
  is?: string;
  /** when a change by hand is taken back */
  back: string;
  /** the application, Kustomization or release in its own words, and the command that shows where it is written */
  source(marks: Readonly<Record<string, string>>, object: KeptObject): { whose: string; command: string };
};

const within = (namespace: string | undefined | null): string => (namespace == null ? '' : ` -n ${namespace}`);

export const KEEPERS: readonly Keeper[] = [
  {
    // Source: Argo CD, "Resource Tracking"; the id is `APP:GROUP/KIND:NAMESPACE/NAME`, and the application's namespace may stand before its name, as `NAMESPACE_APP`.
    name: 'Argo CD',
    marks: ['argocd.argoproj.io/tracking-id', 'argocd.argoproj.io/instance'],
    back: 'at its next sync',
    source: (marks) => {
      const app = (marks['argocd.argoproj.io/tracking-id']?.split(':')[0] ?? marks['argocd.argoproj.io/instance'] ?? '').replace('_', '/');
      return { whose: `application ${app}`, command: `argocd app get ${app}` };
    },
  },
  {
    // Source: Flux, "Kustomization", labels of what is applied.
    name: 'Flux',
    marks: ['kustomize.toolkit.fluxcd.io/name'],
    back: 'at its next reconciliation',
    source: (marks) => {
      const name = marks['kustomize.toolkit.fluxcd.io/name'] ?? '';
      const where = within(marks['kustomize.toolkit.fluxcd.io/namespace']);
      return { whose: `Kustomization ${name}`, command: `flux${where} tree kustomization ${name}` };
    },
  },
  {
    // Source: Flux, "HelmRelease", labels of what is installed.
    name: 'Flux',
    marks: ['helm.toolkit.fluxcd.io/name'],
    back: 'at its next upgrade, or when drift is corrected',
    source: (marks) => {
      const name = marks['helm.toolkit.fluxcd.io/name'] ?? '';
      return { whose: `HelmRelease ${name}`, command: `flux${within(marks['helm.toolkit.fluxcd.io/namespace'])} get helmrelease ${name}` };
    },
  },
  {
    // Source: Helm, "Labels and Annotations"; "Adopt resources": meta.helm.sh/release-name.
    name: 'Helm',
    marks: ['app.kubernetes.io/managed-by'],
    is: 'Helm',
    back: 'at its next upgrade',
    source: (marks, { name, namespace }) => {
      const release = marks['meta.helm.sh/release-name'] ?? name;
      return {
        whose: `release ${release}`,
        command: `helm get values ${release}${within(marks['meta.helm.sh/release-namespace'] ?? namespace)}`,
      };
    },
  },
];

const BESIDE = [
  ...['kustomize.toolkit.fluxcd.io/namespace', 'helm.toolkit.fluxcd.io/namespace'],
  ...['meta.helm.sh/release-name', 'meta.helm.sh/release-namespace', 'strimzi.io/cluster'],
];
const MARKS: ReadonlySet<string> = new Set([...KEEPERS.flatMap(({ marks }) => marks), ...BESIDE]);

/** Whether a label or annotation tells who keeps an object. */
export const isKeeperMark = (key: string): boolean => MARKS.has(key);

/** The tools that keep this object, the one that others hang on first. */
export const keepersOf = (object: KeptObject): Keeper[] =>
  KEEPERS.filter(({ marks, is }) =>
    marks.some((mark) => object.marks[mark] !== undefined && (is === undefined || object.marks[mark] === is)),
  );
