import { request } from 'node:http';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CREDENTIALS, startFixture } from '../../testing/cloud.ts';
import type { FixtureCloud } from '../../testing/cloud.ts';

let cloud: FixtureCloud;
let s3: S3Client;
beforeAll(async () => {
  cloud = await startFixture({
    resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'docs' } } },
  });
  const options = { endpoint: cloud.endpoint, region: 'us-east-1', credentials: CREDENTIALS };
  s3 = new S3Client({ ...options, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' });
  await s3.send(new PutObjectCommand({ Bucket: 'docs', Key: 'a report (1).pdf', Body: 'bytes' }));
});
afterAll(() => cloud[Symbol.asyncDispose]());

const Bucket = 'docs';
const object = { Bucket, Key: 'a report (1).pdf' };
const HOUR = 3_600_000;
const ago = (ms: number) => new Date(Date.now() - ms);

test('a presigned link reads and writes, with its header overrides', async () => {
  const ResponseContentDisposition = 'attachment; filename=report.pdf';
  const got = await fetch(await getSignedUrl(s3, new GetObjectCommand({ ...object, ResponseContentDisposition })));
  expect([got.status, await got.text()]).toEqual([200, 'bytes']);
  expect(got.headers.get('content-disposition')).toBe(ResponseContentDisposition);
  const put = new PutObjectCommand({ Bucket, Key: 'new', Metadata: { a: '1' } });
  const written = await fetch(await getSignedUrl(s3, put, { expiresIn: 60 }), { method: 'PUT', body: 'more' });
  expect(written.status).toBe(200);
  const read = await fetch(await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'new' })));
  expect([await read.text(), read.headers.get('x-amz-meta-a')]).toEqual(['more', '1']);
});

test.each([
  [undefined, 'attachment'],
  ['inline', 'attachment'],
  ['inline; filename="a.html"', 'attachment; filename="a.html"'],
  ['attachmental; filename=b', 'attachment; filename=b'],
  ['Attachment; filename=c', 'Attachment; filename=c'],
])('a stored page with the disposition %j is a download in a browser', async (ContentDisposition, expected) => {
  const page = { Bucket, Key: 'page', Body: '<script>1</script>', ContentType: 'text/html', ContentDisposition };
  await s3.send(new PutObjectCommand(page));
  const command = new GetObjectCommand({ Bucket, Key: 'page' });
  const { headers } = await fetch(await getSignedUrl(s3, command));
  expect(headers.get('content-disposition')).toBe(expected);
  expect(headers.get('content-security-policy')).toContain('sandbox');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect((await s3.send(command)).ContentDisposition).toBe(ContentDisposition);
});

test('a presigned link works with the virtual host of its bucket', async () => {
  const { port } = new URL(cloud.endpoint);
  const options = { endpoint: `http://localhost:${port}`, region: 'us-east-1', credentials: CREDENTIALS };
  const link = new URL(await getSignedUrl(new S3Client(options), new GetObjectCommand(object)));
  expect(link.hostname).toBe('docs.localhost');
  // Not every system resolves the name.
  const { status } = await fetchAs(link);
  expect(status).toBe(200);
});

test('a link works for its object, method and time only', async () => {
  const link = await getSignedUrl(s3, new GetObjectCommand(object), { expiresIn: 60 });
  const code = async (url: string, init?: RequestInit): Promise<string | undefined> =>
    /<Code>(.*)<\/Code>/.exec(await (await fetch(url, init)).text())?.[1];
  expect(await code(link)).toBeUndefined();
  expect(await code(link.replace('%281%29', '%282%29'))).toBe('SignatureDoesNotMatch');
  expect(await code(link, { method: 'DELETE' })).toBe('SignatureDoesNotMatch');
  expect(await code(link.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'))).toBe('SignatureDoesNotMatch');
  expect(await code(`${link}&versionId=x`)).toBe('SignatureDoesNotMatch');
  expect(await code(link.replace('X-Amz-Credential=test', 'X-Amz-Credential=AKIAOTHER'))).toBe('InvalidAccessKeyId');
  expect(await code(link.replace('X-Amz-Expires=60', 'X-Amz-Expires=604801'))).toBe(
    'AuthorizationQueryParametersError',
  );
  expect(await code(link.replace('X-Amz-SignedHeaders=host', 'X-Amz-SignedHeaders='))).toBe(
    'AuthorizationQueryParametersError',
  );
  const late = await getSignedUrl(s3, new GetObjectCommand(object), { expiresIn: 60, signingDate: ago(61_000) });
  expect(await code(late)).toBe('AccessDenied');
  const long = await getSignedUrl(s3, new GetObjectCommand(object), { expiresIn: 7200, signingDate: ago(HOUR) });
  expect(await code(long)).toBeUndefined();
  const early = await getSignedUrl(s3, new GetObjectCommand(object), { signingDate: ago(-HOUR) });
  expect(await code(early)).toBe('RequestTimeTooSkewed');
});

test('a link of signature version 2 is rejected with the remedy, as for new buckets on AWS', async () => {
  const answer = await fetch(`${cloud.endpoint}/docs/x?AWSAccessKeyId=test&Signature=0&Expires=4102444800`);
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('Use version 4')]);
});

/** Asks this machine for a link, whatever its host name. */
function fetchAs(link: URL): Promise<{ status: number | undefined }> {
  return new Promise((resolve, reject) => {
    const path = `${link.pathname}${link.search}`;
    const options = { hostname: '127.0.0.1', port: link.port, path, headers: { host: link.host } };
    request(options, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode });
    })
      .on('error', reject)
      .end();
  });
}
