import { readLogFile } from '../../checks/probes/log-file.ts';

/** Reads one log as doctor does, in a process of its own, so that its memory and time are only its own. */

const [file = '', mostBytes = ''] = process.argv.slice(2);
const began = performance.now();
const outcome = await readLogFile(file, 'otlp-source', {
  signal: new AbortController().signal,
  now: Date.now(),
  ...(mostBytes !== '' && { mostBytes: Number(mostBytes) }),
});
const ms = performance.now() - began;
const lines = 'value' in outcome ? outcome.value.lines : 0;
const { user, system } = process.cpuUsage();
process.stdout.write(JSON.stringify({ ms, lines, rssMib: process.resourceUsage().maxRSS / 1024, cpuMs: (user + system) / 1000 }));
