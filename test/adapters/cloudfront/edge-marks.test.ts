import { Readable } from 'node:stream';
import { CloudFrontKeyValueStoreClient } from '@aws-sdk/client-cloudfront-keyvaluestore';
import { expect, it } from 'vitest';
import { cloudfrontEdgeMarks } from '#adapters/cloudfront/edge-marks.ts';

const STORE = 'arn:aws:cloudfront::111122223333:key-value-store/8a7b6c5d-0000-4000-8000-000000000000';

interface Sent {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** A client whose requests are answered by the test, after the SDK has signed them. */
function answering(answers: readonly (readonly [number, object, Readonly<Record<string, string>>?])[]) {
  const sent: Sent[] = [];
  const handle = async (request: Sent) => {
    const [statusCode, body, headers = {}] = answers[sent.length] ?? [500, {}];
    sent.push(request);
    const response = {
      statusCode,
      headers: { 'content-type': 'application/json', ...headers },
      body: Readable.from([JSON.stringify(body)]),
    };
    return { response };
  };
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };
  const client = new CloudFrontKeyValueStoreClient({
    region: 'eu-west-1',
    maxAttempts: 1,
    credentials,
    requestHandler: { handle } as never,
  });
  return { sent, marks: cloudfrontEdgeMarks({ store: STORE, client }) };
}

it('reads all marks with the version of the store, signed for all regions', async () => {
  const { marks, sent } = answering([
    [200, { KvsARN: STORE, ItemCount: 1 }, { etag: 'E1' }],
    [200, { Items: [{ Key: 'eu', Value: 'lost' }] }],
  ]);
  expect(await marks.read()).toEqual({ version: 'E1', marks: new Map([['eu', 'lost']]) });
  for (const { headers, hostname } of sent) {
    expect(hostname).toBe('111122223333.cloudfront-kvs.global.api.aws');
    expect(headers['authorization']).toMatch(/^AWS4-ECDSA-P256-SHA256 .*\/cloudfront-keyvaluestore\/aws4_request/);
    expect(headers['x-amz-region-set']).toBe('*');
  }
});

it('changes a store that nobody has changed meanwhile', async () => {
  const { marks, sent } = answering([[200, { ItemCount: 1 }, { etag: 'E2' }]]);
  const change = { put: new Map([['eu', 'lost']]), remove: ['us'] };
  expect(await marks.write('E1', change)).toBe('written');
  expect(sent[0]).toMatchObject({ method: 'POST', headers: { 'if-match': 'E1' } });
  expect(JSON.parse(Buffer.from(sent[0]?.body ?? '').toString())).toEqual({
    Puts: [{ Key: 'eu', Value: 'lost' }],
    Deletes: [{ Key: 'us' }],
  });
});

it('tells a store that was changed meanwhile from one that rejects the change', async () => {
  const failing = (status: number, type: string) =>
    answering([[status, { Message: type }, { 'x-amzn-errortype': type }]]).marks;
  const change = { put: new Map([['eu', 'lost']]), remove: [] };
  expect(await failing(409, 'ConflictException').write('E1', change)).toBe('conflict');
  await expect(failing(403, 'AccessDeniedException').write('E1', change)).rejects.toThrow('AccessDenied');
});
