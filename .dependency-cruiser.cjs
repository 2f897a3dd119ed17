/** Import rules of ARCHITECTURE.md, "Who may import whom". */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle means that two files are one idea, or that a type wants a file of its own.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'checks-alone',
      comment: 'checks/ may import proto/ only: it meets the bridge over the network, so that no check passes because both share a helper.',
      severity: 'error',
      from: { path: '^checks/' },
      to: { path: '^(bridge|cli|test|fixtures)/' },
    },
    {
      name: 'bridge-alone',
      comment: 'bridge/ may import proto/ only: it meets the checks over the network.',
      severity: 'error',
      from: { path: '^bridge/' },
      to: { path: '^(checks|cli|test|fixtures)/' },
    },
    {
      name: 'proto-below-all',
      comment: 'proto/ is the vocabulary that everybody reads; it reads nobody.',
      severity: 'error',
      from: { path: '^proto/' },
      to: { path: '^(bridge|checks|cli|test|fixtures)/' },
    },
    {
      name: 'pure-judgement',
      comment:
        'Steps, rules, alerts, the tree, plans, actions and facts are pure: no I/O, no packages. Looking at the world belongs to checks/probes/, changing it to cli/acting/.',
      severity: 'error',
      from: { path: '^checks/(steps|rules|derive|plans|actions|alerts|facts|tree|diagnose|link|catalogue)' },
      to: { dependencyTypes: ['core', 'npm'] },
    },
    {
      name: 'pure-rendering',
      comment: 'A renderer is a function from a report to text: no I/O. chalk is its one package.',
      severity: 'error',
      from: { path: '^cli/render/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'rendering-packages',
      comment: 'chalk, ink and oclif belong to cli/ alone.',
      severity: 'error',
      from: { pathNot: '^(cli|test)/' },
      to: { path: 'node_modules/(chalk|ink|react|@oclif)/' },
    },
    {
      name: 'grpc-packages',
      comment:
        'grpc-js and its reflection are what the bridge serves with; `send` sends with it. Looks speak gRPC by a plain socket or node:http2.',
      severity: 'error',
      from: { pathNot: '^(bridge|test|cli/sending)/' },
      to: { path: 'node_modules/@grpc/' },
    },
    {
      name: 'asking-to-change',
      comment: 'undici sends what changes something, in cli/acting/ and cli/sending/ alone. Looks go through checks/probes/ask.ts.',
      severity: 'error',
      from: { pathNot: '^(cli/acting|cli/sending|test)/' },
      to: { path: 'node_modules/undici/' },
    },
    {
      name: 'kafka-client',
      comment: 'kafkajs looks in checks/probes/, reads back in cli/sending/ and produces in bridge/sinks/.',
      severity: 'error',
      from: { pathNot: '^(checks/probes|cli/sending|bridge/sinks|test)/' },
      to: { path: 'node_modules/kafkajs/' },
    },
    {
      name: 'outside-tools',
      comment:
        'Tools that are not ours are started in one place, with a deadline and without a shell: checks/probes/outside-tool.ts, by execa.',
      severity: 'error',
      from: { pathNot: '^(checks/probes/outside-tool\\.ts$|test/)' },
      to: { path: '^(node:)?child_process$|node_modules/execa/' },
    },
    {
      name: 'no-tests-in-source',
      comment: 'Source never imports tests or fixtures.',
      severity: 'error',
      from: { path: '^(cli|checks|bridge|proto)/' },
      to: { path: '^(test|fixtures)/' },
    },
    {
      name: 'no-unresolved',
      comment: 'An import that resolves to nothing hides from every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
