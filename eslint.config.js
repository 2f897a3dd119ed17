import tseslint from 'typescript-eslint';

/** Conventions of ARCHITECTURE.md as rules; everything about layout is prettier's. */
export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'fixtures/', '.cache/'] },
  ...tseslint.configs.recommended,
  {
    // What ships. Rules that need types cost as much as the compiler, and tests are held by the compiler alone.
    files: ['bridge/**/*.ts', 'checks/**/*.ts', 'cli/**/*.ts', 'proto/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 300 }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name='process'][callee.property.name='exit']",
          message: 'process.exit cuts a piped write: set process.exitCode.',
        },
      ],
    },
  },
  {
    files: ['checks/**/*.ts', 'bridge/**/*.ts', 'proto/**/*.ts', 'cli/render/**/*.ts'],
    rules: { 'no-console': 'error', 'no-restricted-globals': ['error', { name: 'console', message: 'Only the writer of cli/ prints.' }] },
  },
  { files: ['test/**/*.ts'], rules: { 'max-lines': ['error', { max: 420 }] } },
);
