import { runBridge } from '../../bridge/process.ts';
import { readSettings } from '../../bridge/settings.ts';

/** What the command line does, without it: `node bridge-process.ts READY_FILE key=value…` */
const [readyFile, ...set] = process.argv.slice(2);
process.exitCode = await runBridge(readSettings({ set, portOffset: 0, env: process.env }), {
  write: (text) => process.stdout.write(text),
  now: Date.now,
  readyFile,
  onSignal(listener) {
    process.on('SIGTERM', listener).on('SIGINT', listener);
    return () => process.off('SIGTERM', listener).off('SIGINT', listener);
  },
});
