import type { ConnectorState } from '../../../proto/vocabulary/connect.ts';
import { SIGNALS } from '../../../proto/vocabulary/signals.ts';
import type { Rates } from '../history.ts';
import { attributesOf, type LookAt } from '../source.ts';
import { html, type Html } from './html.ts';

/** One connector as the page shows it; `look` and `rates` are there while its task runs. */
export type Shown = {
  name: string;
  state: ConnectorState;
  taskState: ConnectorState | null;
  ports: { grpc: number | null; http: number | null } | null;
  trace: string | null;
  running: { look: LookAt; rates: Rates } | null;
};

/** Source: runbook, "Queue Metrics": more than 80 % is near the end. */
const NEAR_FULL = 0.8;

const TONE: Readonly<Partial<Record<ConnectorState, string>>> = { RUNNING: 'good', FAILED: 'bad' };
const badge = (what: string, state: ConnectorState | null): Html =>
  html`<span class="state ${TONE[state ?? 'FAILED'] ?? 'warn'}">${what} ${state ?? 'none'}</span> `;

const whole = (count: number) => count.toLocaleString('en-US');
/** 10412 is 10 kB, as everywhere in otlpctl. */
const size = (bytes: number): string => {
  const step = Math.min(3, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** step;
  return `${step > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${['B', 'kB', 'MB', 'GB'][step]}`;
};

const perSecond = (rate: number) => (rate >= 100 ? whole(Math.round(rate)) : String(Math.round(rate * 10) / 10));

function signals({ look, rates }: NonNullable<Shown['running']>): Html {
  const { capacity, queued, accepted } = look.snapshot;
  const rows = SIGNALS.map(
    (signal) =>
      html`<tr id="${`${look.name}-${signal}`}">
        <th scope="row">${signal}</th>
        <td>${perSecond(rates.accepted[signal])}</td>
        <td>${perSecond(rates.produced[signal])}</td>
        <td>${whole(accepted[signal])}</td>
        <td class="queue">
          <meter
            aria-label="queue of ${signal}"
            min="0"
            max="${capacity}"
            low="${capacity * 0.5}"
            high="${capacity * NEAR_FULL}"
            optimum="0"
            value="${queued[signal]}"
          ></meter>
          <small>${whole(queued[signal])} of ${whole(capacity)}</small>
        </td>
      </tr> `,
  );
  return html`<table>
    <thead>
      <tr>
        <th scope="col">signal</th>
        <th scope="col">in /s</th>
        <th scope="col">out /s</th>
        <th scope="col">received</th>
        <th scope="col" class="left">queue</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

/** The other limit: bytes, over all connectors of the bridge and what is on its way in. */
const held = ({ snapshot: { heldBytes, heldBytesLimit: limit } }: LookAt): Html =>
  html`<p class="held">
    <meter
      aria-label="bytes held"
      min="0"
      max="${limit}"
      low="${limit * 0.5}"
      high="${limit * NEAR_FULL}"
      optimum="0"
      value="${heldBytes}"
    ></meter>
    <small>The bridge holds ${size(heldBytes)} of ${size(limit)}</small>
  </p>`;

const TOTALS: readonly [string, string][] = [
  ['received', 'TotalMessagesReceived'],
  ['delivered', 'RecordsProduced'],
  ['in flight', 'RecordsInFlight'],
  ['behind', 'TotalLagCount'],
  ['dropped', 'TotalMessagesDropped'],
];

function totals(look: LookAt): Html {
  const values = attributesOf(look);
  return html`<dl>
    ${TOTALS.map(
      ([label, name]) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${whole(values[name]!)}</dd>
        </div>`,
    )}
  </dl>`;
}

function refused(look: LookAt): Html {
  const rows = look.meter.refused().filter(({ count }) => count > 0);
  if (rows.length === 0) return html`<p class="quiet">No request was refused since the task started.</p>`;
  const sorted = [...rows].sort((a, b) => b.count - a.count);
  return html`<h3>Refused since the task started</h3>
    <table class="wraps">
      <thead>
        <tr>
          <th scope="col">reason</th>
          <th scope="col" class="left">signal</th>
          <th scope="col" class="left">over</th>
          <th scope="col">requests</th>
        </tr>
      </thead>
      <tbody>
        ${sorted.map(
          ({ reason, signal, transport, count }) =>
            html`<tr>
              <th scope="row">${reason}</th>
              <td class="left">${signal}</td>
              <td class="left">${transport}</td>
              <td>${whole(count)}</td>
            </tr> `,
        )}
      </tbody>
    </table>`;
}

function troubled({ snapshot: { troubles } }: LookAt): Html {
  const now = SIGNALS.flatMap((signal) => (troubles[signal] ? [{ signal, ...troubles[signal] }] : []));
  return html`${now.map(({ signal, reason, sentence }) => html`<p class="bad">The sink does not take ${signal} (${reason}): ${sentence}</p>`)}`;
}

const portsOf = (ports: NonNullable<Shown['ports']>) =>
  `OTLP over gRPC ${ports.grpc === null ? 'off' : `on port ${ports.grpc}`}, over HTTP ${ports.http === null ? 'off' : `on port ${ports.http}`}`;

/** A block: state, ports, signals with their queues, refusals; why it failed where it did. */
export function connectorBlock({ name, state, taskState, ports, trace, running }: Shown): Html {
  return html`<section>
    <h2>${name}</h2>
    <p>${badge('connector', state)}${badge('task', taskState)}</p>
    ${running && ports ? html`<p class="quiet">${portsOf(ports)}. Task started ${new Date(running.look.startedAt).toISOString().slice(0, 19)}Z.</p>` : ''}
    ${running ? [signals(running), held(running.look), totals(running.look), refused(running.look)] : html`<p>No task runs: there is nothing to count.</p>`}
    ${running ? troubled(running.look) : ''} ${trace === null ? '' : html`<pre>${trace}</pre>`}
  </section> `;
}
