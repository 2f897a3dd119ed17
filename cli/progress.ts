/** Names what is still being waited for, on a terminal's stderr, once a run takes longer than a moment. */
export type Progress = { onPending(facts: readonly string[]): void; end(): void };

const SLOW_MS = 1000;

/** `columns`: of that terminal; a line that it breaks in two could not be cleared again. */
export function startProgress({
  isTTY,
  columns,
  status,
}: {
  isTTY: boolean;
  columns: number | undefined;
  status(text: string): void;
}): Progress {
  if (!isTTY) return { onPending: () => {}, end: () => {} };
  let pending: readonly string[] = [];
  let shown = false;
  const show = () => {
    shown = true;
    if (pending.length === 0) return;
    const text = `  waiting for ${pending.slice(0, 4).join(', ')}${pending.length > 4 ? ` and ${pending.length - 4} more` : ''}`;
    status(text.slice(0, (columns || Infinity) - 1));
  };
  const timer = setTimeout(show, SLOW_MS);
  timer.unref();
  return {
    onPending(facts) {
      pending = facts;
      if (shown) show();
    },
    end() {
      clearTimeout(timer);
      if (shown) status('');
      shown = false;
    },
  };
}
