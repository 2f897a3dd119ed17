/** The bin from source: what cli/otlpctl.js does with a build. */
const [first, ...rest] = process.argv.slice(2);
if (first === 'health') await (await import('../../cli/health-entry.ts')).runHealth(rest);
else await (await import('../../cli/main.ts')).main(process.argv.slice(2));
