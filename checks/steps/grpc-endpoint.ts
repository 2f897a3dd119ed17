import { defineCheck } from '../check.ts';
import { judgeReceiver } from '../derive/receiver-verdict.ts';
import { at } from '../derive/receivers.ts';

export const grpcEndpoint = defineCheck({
  id: 'grpc-endpoint',
  heading: 'OTLP Endpoint Testing',
  question: 'Does an HTTP/2 server answer on the gRPC port?',
  why: "A connect alone proves little: a stopped process accepts too. The server's SETTINGS frame proves that HTTP/2 is spoken; no call is made.",
  needs: ['receiver.grpc', 'target', 'host.listeners'],
  commands: ['grpcurl -plaintext localhost:4317 list', 'lsof -i :4317'],
  evaluate: (facts) => judgeReceiver(facts, 'grpc', 'HTTP/2 SETTINGS in plaintext', (view) => `grpcurl -plaintext ${at(view)} list`),
});
