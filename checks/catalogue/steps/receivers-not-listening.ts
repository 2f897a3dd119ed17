import type { RunbookStep } from '../step.ts';

/** The ports are closed, or somebody else has them. */
export const RECEIVERS_NOT_LISTENING_STEPS: readonly RunbookStep[] = [
  {
    id: 'port-holders',
    kind: 'check',
    title: 'which process holds the ports',
    places: [
      {
        heading: 'Issue 1: OTLP Receivers Not Listening',
        commands: ['lsof -i :4317', 'lsof -i :4318'],
        says: ['849a737b386960da', '4c254af43f84b51b'],
      },
      { heading: 'Issue: Connector Not Running', commands: [], says: ['084a8b557591042b'] },
    ],
    note: 'When the holder is the worker itself, another connector on it has taken the ports: stopping that process would stop Connect.',
  },
  {
    id: 'conflicting-process-stop',
    kind: 'action',
    title: 'stop the process that holds a port',
    places: [{ heading: 'Issue 1: OTLP Receivers Not Listening', commands: [], says: ['1ce96a51665ac1a6', 'e6c01c39f4d6df8c'] }],
    otlpctl: 'otlpctl check port-holders',
    note: 'otlpctl names the process and does not stop it, for it is not its to stop. Look first whose it is: the worker itself, or another OTLP server that serves the clients, may hold it. Afterwards the failed task needs a restart of its own.',
  },
  {
    id: 'port-change',
    kind: 'action',
    title: 'give the receivers other ports',
    places: [
      {
        heading: 'Issue 1: OTLP Receivers Not Listening',
        commands: ['{\n"otlp.grpc.port": "14317",\n"otlp.http.port": "14318"\n}'],
        says: ['1ce96a51665ac1a6', '49736e607f364a47'],
      },
    ],
    otlpctl: 'otlpctl connector config set otlp.grpc.port=14317 otlp.http.port=14318',
    note: 'Senders must follow. The task restarts, which discards what is queued.',
  },
  {
    id: 'firewall-rules',
    kind: 'check',
    title: 'no firewall closes the ports',
    places: [
      {
        heading: 'Issue 1: OTLP Receivers Not Listening',
        commands: ['sudo ufw status', 'sudo firewall-cmd --list-ports'],
        says: ['07f271406c1a8229', '962861ba9f549546'],
      },
      { heading: 'Issue 2: No Messages Received', commands: [], says: ['b83697381a61ecbc', 'a65419009d0624bb'] },
    ],
    note: 'ufw and firewalld show only the rules that they made, so nft is asked too; all three tell root only (--host-command "sudo -n"). A filter that drops shows as a time-out and one that rejects as a refusal, while the host itself says that the port listens.',
  },
  {
    id: 'firewall-opening',
    kind: 'action',
    title: 'open the ports in the firewall',
    places: [
      {
        heading: 'Issue 1: OTLP Receivers Not Listening',
        commands: ['sudo ufw allow 4317/tcp', 'sudo ufw allow 4318/tcp'],
        says: ['64a79bd42a5e51d1'],
      },
    ],
    otlpctl: 'otlpctl firewall allow',
  },
];
