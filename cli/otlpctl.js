#!/bin/sh
':' //; exec node -- "$0" "$@"
/**
 * The bin. Plain JavaScript of an old kind, so that an old Node.js can read it and say what is wrong
 * instead of failing on syntax. `health` goes its own short way: monitoring starts it every few seconds.
 * A shell reads the second line, JavaScript a string and a comment. Without the `--` Node.js takes --env-file for its own: it ends with 9
 * where the file is missing, and obeys the NODE_OPTIONS of a client whose environment is only to be judged.
 */
import { userInfo } from 'node:os';

const OLDEST = [22, 19];

const version = process.versions.node.split('.').map(Number);
const tooOld = version[0] < OLDEST[0] || (version[0] === OLDEST[0] && version[1] < OLDEST[1]);
const health = process.argv[2] === 'health';

/** One sentence where the caller reads: monitoring reads stdout only. */
function refuse(sentence) {
  if (health) process.stdout.write('OTLP UNKNOWN - ' + sentence + '\n');
  else process.stderr.write('otlpctl: ' + sentence + '\n');
  process.exitCode = 3;
}

/** A container may run as a user that no account is of. oclif asks for the shell and the home folder of one, and does not start without. */
function withoutAccount() {
  try {
    userInfo();
    return false;
  } catch {
    return true;
  }
}

if (withoutAccount()) {
  process.env.SHELL = process.env.SHELL || '/bin/sh';
  process.env.HOME = process.env.HOME || '/';
}
if (tooOld) {
  refuse('needs Node.js ' + OLDEST.join('.') + ' or later, and this is ' + process.versions.node + ' (' + process.execPath + ')');
} else {
  import(health ? '../dist/cli/health-entry.js' : '../dist/cli/main.js').then(
    function (entry) {
      return health ? entry.runHealth(process.argv.slice(3)) : entry.main(process.argv.slice(2));
    },
    function (error) {
      refuse(
        error.code === 'ERR_MODULE_NOT_FOUND'
          ? 'is not built here: run npm run build (' + error.message.split('\n')[0] + ')'
          : 'could not start: ' + error.message,
      );
    },
  );
}
