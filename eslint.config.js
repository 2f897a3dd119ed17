import tseslint from 'typescript-eslint';

/** Conventions of ARCHITECTURE.md as rules; everything about layout is prettier's. */
export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'fixtures/', '.cache/'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
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
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-floating-promises': 'off', 'max-lines': ['error', { max: 420 }] } },
);
