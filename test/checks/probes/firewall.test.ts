import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { HostFilter, Json } from '../../../checks/facts/index.ts';
import { portsFates } from '../../../checks/derive/firewall.ts';
import { readFirewalld } from '../../../checks/probes/firewall-firewalld.ts';
import { readNft } from '../../../checks/probes/firewall-nft.ts';
import { readUfw } from '../../../checks/probes/firewall-ufw.ts';
import { settings } from '../../doubles/settings.ts';
import { gather, probesFor } from '../../../checks/gather.ts';
import { EVERY_PROBE } from '../../../checks/probes/on-demand.ts';

/** As test/real/firewall/record.sh recorded them. */
const recorded = (file: string): string => readFileSync(new URL(`../../../fixtures/recorded/firewall/${file}`, import.meta.url), 'utf8');
const nft = (file: string, ports: number[]) => readNft(JSON.parse(recorded(file)) as Json, ports);
const fates = ({ fates: all }: Pick<HostFilter, 'fates'>) => Object.fromEntries(all.map(({ port, fate }) => [port, fate]));

test('ufw: the first rule for a port decides, else its default; a rule for some addresses is no open port', () => {
  const read = readUfw(recorded('ufw-on.txt'), [4317, 4318, 9464, 5050, 1234]);
  assert.equal(read.state, 'on');
  assert.deepEqual(fates(read), { 4317: 'open', 4318: 'some', 9464: 'closed', 5050: 'open', 1234: 'closed' });
  assert.equal(read.fates[1]?.by, '4318/tcp ALLOW IN 10.0.0.0/8');
  assert.equal(read.fates.at(-1)?.by, 'incoming is denied where no rule says otherwise');
  assert.deepEqual(readUfw(recorded('ufw-off.txt'), [4317]), { state: 'off', fates: [] });
  assert.equal(readUfw('what is this', [4317]).state, 'unread');
});

test('ufw: with incoming allowed only a denial closes, and what cannot be read is not known', () => {
  const text = (rule: string): string => `Status: active\nDefault: allow (incoming), allow (outgoing)\n\n${rule}\n`;
  const fate = (rule: string) => readUfw(text(rule), [4317]).fates[0]?.fate;
  assert.equal(fate(''), 'open');
  assert.equal(fate('4317/tcp   DENY IN   Anywhere'), 'closed');
  assert.equal(fate('4317,4318/tcp   REJECT   Anywhere'), 'closed');
  assert.equal(fate('4317/udp   DENY IN   Anywhere'), 'open');
  assert.equal(fate('4317/tcp   DENY OUT   Anywhere'), 'open');
  assert.equal(fate('10.1.2.3 4317/tcp   DENY IN   Anywhere'), 'some');
  assert.equal(fate('Some Profile   DENY IN   Anywhere'), 'unknown');
});

test('firewalld: ports, rich rules and targets of the zones that are active', () => {
  const read = readFirewalld(recorded('firewalld-on.txt'), [4317, 4318, 9464]);
  assert.equal(read.state, 'on');
  assert.deepEqual(fates(read), { 4317: 'open', 4318: 'some', 9464: 'closed' });
  const custom = recorded('firewalld-on.txt').replace('dhcpv6-client ssh', 'ssh otlp');
  assert.deepEqual(fates(readFirewalld(custom, [4317, 9464])), { 4317: 'open', 9464: 'unknown' });
  assert.deepEqual(fates(readFirewalld(recorded('firewalld-on.txt').replaceAll('target: default', 'target: ACCEPT'), [9464])), {
    9464: 'open',
  });
});

test('nft: chains are followed, sets and ranges read, states and other protocols left out', () => {
  const read = nft('nft-nft.json', [4317, 9464, 5000, 5001, 9000, 9001]);
  assert.deepEqual(fates(read), { 4317: 'open', 9464: 'closed', 5000: 'some', 5001: 'unknown', 9000: 'open', 9001: 'closed' });
  assert.equal(nft('nft-none.json', [4317]).state, 'off');
  for (const json of [null, {}, { nftables: 'x' }, []] as Json[]) assert.equal(readNft(json, [4317]).state, 'unread');
});

test('nft does not understand what ufw and firewalld write, and says so; they themselves do', () => {
  assert.deepEqual(fates(nft('nft-ufw.json', [4317, 1234])), { 4317: 'unknown', 1234: 'unknown' });
  const filters: HostFilter[] = [
    { tool: 'ufw', ...readUfw(recorded('ufw-on.txt'), [4317, 1234]) },
    { tool: 'nft', ...nft('nft-ufw.json', [4317, 1234]) },
  ];
  const views = portsFates({ where: 'h', ports: [4317, 1234], filters });
  assert.deepEqual(
    views.map(({ tool, fate }) => [tool, fate]),
    [
      ['ufw', 'open'],
      ['ufw', 'closed'],
    ],
  );
});

const look = async (hostCommand: string[]) => {
  const target = { connectUrl: null, otlpGrpc: { host: 'h', port: 4317 }, hostCommand };
  const facts = await gather(target, settings({ env: process.env }), probesFor(['host.firewall'], EVERY_PROBE));
  return facts['host.firewall'];
};
/** Stands before a command and answers in its place; the words behind it are its arguments. */
const answering = (script: string): string[] => ['sh', '-c', script, 'host'];

test('what each tool answers is told apart: rules, root only, not there, not running', async () => {
  const script = `case "$1" in
    ufw) echo "ERROR: You need to be root to run this script" >&2; exit 1 ;;
    firewall-cmd) echo "FirewallD is not running" >&2; exit 252 ;;
    *) echo "sh: 1: $1: not found" >&2; exit 127 ;; esac`;
  const fact = await look(answering(script));
  assert.ok('value' in fact, JSON.stringify(fact));
  assert.deepEqual(
    fact.value.filters.map(({ tool, state }) => [tool, state]),
    [
      ['ufw', 'denied'],
      ['firewalld', 'off'],
      ['nft', 'missing'],
    ],
  );
  assert.deepEqual(fact.value.ports, [4317, 4318]);
});

test('a host that is not reached is unknown, and so is a prefix that is no command', async () => {
  const gone = await look(answering('echo "ssh: connect to host h port 22: Connection refused" >&2; exit 255'));
  assert.ok('unasked' in gone);
  assert.equal(gone.unasked, 'unknown');
  assert.match(gone.reason, /^the host behind sh .* was not reached: sh ended with exit code 255: ssh: connect to host h port 22/);
  const nothing = await look(['/nowhere/ssh', 'h']);
  assert.ok('unasked' in nothing && nothing.unasked === 'unknown');
  assert.match(nothing.reason, /there is no \/nowhere\/ssh on this machine's PATH/);
});
