import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startBridgeProcess, type BridgeProcess } from '../doubles/bridge-process.ts';
import { load } from '../doubles/load.ts';
import { until } from '../doubles/until.ts';

const ARGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

let bridge: BridgeProcess;
let browser: Browser;
let page: Page;
const said: string[] = [];
before(async () => {
  bridge = await startBridgeProcess({ 'otlp.message.queue.size': '1000', 'bridge.drain.max.per.second': '20' });
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGS });
  page = await browser.newPage({ viewport: { width: 400, height: 900 } });
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(String(error)));
});
after(async () => {
  await browser?.close();
  await bridge.stop();
});

const fill = () => page.getByRole('meter', { name: 'queue of traces' }).evaluate((meter) => Number(meter.getAttribute('value')));
/** The page renews itself every 5 s: a look in between starts again. */
const steadily = <T>(what: string, look: () => Promise<T | undefined>) => until(what, () => look().catch(() => undefined), 30_000);

test('a browser shows that it runs; the queue fills before its eyes, without a script, and a phone need not scroll sideways', async () => {
  await page.goto(`http://127.0.0.1:${bridge.ports.metrics}/`);
  assert.ok(await page.getByText('task RUNNING').isVisible());
  assert.equal(await fill(), 0);

  const stop = new AbortController();
  const loading = load({ port: bridge.ports.http!, signal: 'traces', perSecond: 150 }, stop.signal);
  // Nobody reloads it: it does so by itself.
  await fetch(`http://127.0.0.1:${bridge.ports.http}/v1/logs`, { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } });
  const filled = await steadily('the bar to fill', async () => ((await fill()) > 100 ? fill() : undefined));
  assert.ok(filled <= 1000);
  const shot = process.env['OTLPCTL_SCREENSHOTS'];
  if (shot !== undefined) await page.screenshot({ path: `${shot}/status-400.png`, fullPage: true });
  for (const width of [400, 320]) {
    await page.setViewportSize({ width, height: 900 });
    const scroll = await steadily('the width', () => page.evaluate<number>('document.documentElement.scrollWidth'));
    assert.ok(scroll <= width, `${scroll} px wide at ${width}`);
  }
  if (shot !== undefined) {
    await page.setViewportSize({ width: 1000, height: 900 });
    await page.screenshot({ path: `${shot}/status-1000.png`, fullPage: true });
  }
  stop.abort();
  await loading;
  assert.deepEqual(said, []);
});
