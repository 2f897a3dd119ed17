/**
 * The first import of each tool: an old Node.js is told in one sentence, before it fails on something that it does not know.
 * For that the tools take from `node:fs` what is newer than Node.js 20 by its default export: a name that is missing would end the linking.
 */
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const oldest = engines.node.replace('>=', '').split('.').map(Number);
const own = process.versions.node.split('.').map(Number);

if (own[0] < oldest[0] || (own[0] === oldest[0] && own[1] < oldest[1])) {
  process.stderr.write(
    `needs Node.js ${oldest.join('.')} or later, and this is ${process.versions.node} (${process.execPath}): npm ci installs one that npm run and npx node take, unless install scripts are off\n`,
  );
  process.exit(3);
}
