/** The long fuzz run: `npm run fuzz -- 20000 [SEED]`. Without a seed it takes one from the clock and says which. */
import './node-version.mjs';
import { spawn } from 'node:child_process';

const [count = '20000', seed = String(Date.now() % 1_000_000_000)] = process.argv.slice(2);
process.stdout.write(`fuzz: ${count} requests, seed ${seed}\n`);
const child = spawn(process.execPath, ['--test', '--test-reporter=spec', 'test/fuzz/fuzz.test.ts'], {
  env: { ...process.env, OTLPCTL_FUZZ_REQUESTS: count, OTLPCTL_FUZZ_SEED: seed },
  stdio: 'inherit',
});
child.on('close', (code) => (process.exitCode = code ?? 1));
