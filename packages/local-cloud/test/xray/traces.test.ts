import { createSocket } from 'node:dgram';
import { gzipSync } from 'node:zlib';
import { BatchGetTracesCommand, XRayClient } from '@aws-sdk/client-xray';
import { expect, onTestFinished, test } from 'vitest';
import { createXray } from '../../src/services/xray/service.ts';
import { SpanStore } from '../../src/services/xray/store.ts';
import type { StoredSpan } from '../../src/services/xray/span.ts';
import { serve } from '../../testing/serve.ts';

const TRACE = '67891233abcdef012345678912345678';
const XRAY = '1-67891233-abcdef012345678912345678';

async function start() {
  const served = await serve(() => createXray({}));
  onTestFinished(() => served.close());
  const client = new XRayClient(served.client);
  const documents = async (id = XRAY): Promise<unknown[]> => {
    const { Traces = [] } = await client.send(new BatchGetTracesCommand({ TraceIds: [id] }));
    return Traces.flatMap(({ Segments = [] }) => Segments.map(({ Document = '' }) => JSON.parse(Document) as unknown));
  };
  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>) =>
    fetch(`${served.url}/v1/traces`, { method: 'POST', body, headers });
  return { ...served, documents, post };
}

const JSON_TYPE = { 'content-type': 'application/json' };

const otlp = (span: object): string =>
  JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeSpans: [
          {
            spans: [
              {
                traceId: TRACE,
                spanId: 'b7ad6b7169203331',
                name: 'POST /orders',
                kind: 2,
                startTimeUnixNano: '1700000000000000000',
                endTimeUnixNano: '1700000000250000000',
                attributes: [
                  { key: 'http.response.status_code', value: { intValue: '202' } },
                  { key: 'ok', value: { boolValue: true } },
                  { key: 'usd', value: { doubleValue: 0.5 } },
                ],
                status: { code: 2 },
                ...span,
              },
            ],
          },
        ],
      },
    ],
  });

test('spans in JSON come back as segments of their trace, under both forms of its id', async () => {
  const { post, documents } = await start();
  expect((await post(otlp({}), JSON_TYPE)).status).toBe(200);
  const zipped = new Uint8Array(
    gzipSync(otlp({ spanId: '1111111111111111', parentSpanId: 'b7ad6b7169203331', kind: 3 })),
  );
  expect((await post(zipped, { ...JSON_TYPE, 'content-encoding': 'gzip' })).status).toBe(200);
  const found = await documents();
  expect(found).toEqual([
    {
      id: 'b7ad6b7169203331',
      trace_id: XRAY,
      name: 'POST /orders',
      start_time: 1_700_000_000,
      end_time: 1_700_000_000.25,
      fault: true,
      metadata: {
        default: {
          'http.response.status_code': 202,
          ok: true,
          usd: 0.5,
          'otel.resource.service.name': 'shop',
          'otel.span.kind': 2,
        },
      },
    },
    expect.objectContaining({
      id: '1111111111111111',
      type: 'subsegment',
      namespace: 'remote',
      parent_id: 'b7ad6b7169203331',
    }),
  ]);
  expect(await documents(TRACE)).toHaveLength(2);
  expect(await documents('1-00000000-000000000000000000000001')).toEqual([]);
});

test('a span that comes again replaces the earlier one, and one that is not valid is left out', async () => {
  const { post, documents } = await start();
  await post(otlp({ name: 'first' }), JSON_TYPE);
  await post(otlp({ name: 'second' }), JSON_TYPE);
  expect((await post(otlp({ spanId: 'no hex' }), JSON_TYPE)).status).toBe(200);
  expect(await documents()).toEqual([expect.objectContaining({ name: 'second' })]);
});

test.each([
  ['another content type', 'x', { 'content-type': 'text/plain' }, 415],
  ['no JSON', '{', JSON_TYPE, 400],
  ['no OTLP', '{"resourceSpans":1}', JSON_TYPE, 400],
  ['no Protocol Buffers', new Uint8Array([10, 200]), { 'content-type': 'application/x-protobuf' }, 400],
  ['no gzip', 'x', { ...JSON_TYPE, 'content-encoding': 'gzip' }, 400],
  ['a bomb', new Uint8Array(gzipSync(Buffer.alloc(6_000_000))), { ...JSON_TYPE, 'content-encoding': 'gzip' }, 400],
] as const)('%s is rejected', async (_, body, headers, status) => {
  const { post } = await start();
  expect((await post(body, headers)).status).toBe(status);
});

test('the daemon ignores what is no span, and goes on', async () => {
  const { service, documents } = await start();
  const [host = '', port] = (await service.listen()).split(':');
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  const send = (text: string) => new Promise<void>((sent) => socket.send(text, Number(port), host, () => sent()));
  await send('{"format":"json","version":1}\n{"trace_id":"1-5759e988-bd862e3fe1be46a994272793"}');
  await send('{"format":"json","version":1}\nT1SAAAA');
  await send('anything');
  expect(await documents()).toEqual([]);
});

const storedSpan = (index: number): StoredSpan => ({
  traceId: TRACE,
  spanId: index.toString(16).padStart(16, '0'),
  name: 'span',
  kind: 1,
  startMs: index,
  endMs: index,
  status: 0,
  attributes: {},
  links: [],
  service: 'shop',
});

test('old spans, and more than may be, are deleted', () => {
  let now = 0;
  const store = new SpanStore({ now: () => now, maxSpans: 3 });
  onTestFinished(() => store.close());
  store.add([storedSpan(1)]);
  now = 8 * 86_400_000;
  store.add(Array.from({ length: 5_000 }, (_, index) => storedSpan(index + 2)));
  expect(store.of(TRACE).map(({ startMs }) => startMs)).toEqual([4_999, 5_000, 5_001]);
});
