import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { readSignature } from '../../src/gateway/sigv4/signature.ts';
import { Verifier } from '../../src/gateway/sigv4/verifier.ts';
import { payloadOf, rememberBody } from '../../src/services/payload.ts';
import { unchunk } from '../../src/services/s3/wire/aws-chunked.ts';

/** Signatures that AWS published: the test suite of Signature Version 4, and the examples of the S3 API reference. */

interface Given {
  readonly method?: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const SECRETS: Readonly<Record<string, string>> = {
  AKIDEXAMPLE: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  AKIAIOSFODNN7EXAMPLE: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

function verify(given: Given, service: string, now: number): IncomingMessage {
  const request = { method: 'GET', ...given } as unknown as IncomingMessage;
  const verifier = new Verifier(
    (id) => (SECRETS[id] === undefined ? undefined : { secretAccessKey: SECRETS[id] }),
    () => now,
  );
  rememberBody(request, Buffer.from(given.body ?? ''));
  verifier.verify(request, readSignature(request), service);
  return request;
}

const SUITE_TIME = Date.UTC(2015, 7, 30, 12, 36);
const authorization = (names: string, signature: string): string =>
  `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${names}, Signature=${signature}`;
const suite = { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z' };
const form = 'application/x-www-form-urlencoded';

test.each<[string, Given]>([
  [
    'get-vanilla',
    {
      url: '/',
      headers: {
        ...suite,
        authorization: authorization(
          'host;x-amz-date',
          '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
        ),
      },
    },
  ],
  [
    'get-vanilla-query-order-key-case',
    {
      url: '/?Param2=value2&Param1=value1',
      headers: {
        ...suite,
        authorization: authorization(
          'host;x-amz-date',
          'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
        ),
      },
    },
  ],
  [
    'get-header-value-trim',
    {
      url: '/',
      headers: {
        ...suite,
        'my-header1': ' value1',
        'my-header2': ' "a   b   c"',
        authorization: authorization(
          'host;my-header1;my-header2;x-amz-date',
          'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
        ),
      },
    },
  ],
  [
    'get-unreserved',
    {
      url: '/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
      headers: {
        ...suite,
        authorization: authorization(
          'host;x-amz-date',
          '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
        ),
      },
    },
  ],
  [
    'get-utf8',
    {
      url: '/\u1234',
      headers: {
        ...suite,
        authorization: authorization(
          'host;x-amz-date',
          '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85',
        ),
      },
    },
  ],
  [
    'post-vanilla',
    {
      method: 'POST',
      url: '/',
      headers: {
        ...suite,
        authorization: authorization(
          'host;x-amz-date',
          '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
        ),
      },
    },
  ],
  [
    'post-x-www-form-urlencoded',
    {
      method: 'POST',
      url: '/',
      headers: {
        ...suite,
        'content-type': form,
        authorization: authorization(
          'content-type;host;x-amz-date',
          'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
        ),
      },
      body: 'Param1=value1',
    },
  ],
])('%s of the test suite', (_name, given) => {
  verify(given, 'service', SUITE_TIME);
  // Of what was signed, nothing may differ, and the time may not pass.
  const changed = { ...given, headers: { ...given.headers, host: 'example.com' } };
  expect(() => verify(changed, 'service', SUITE_TIME)).toThrow('does not match');
  expect(() => verify({ ...given, method: 'PUT' }, 'service', SUITE_TIME)).toThrow('does not match');
  expect(() => verify({ ...given, url: `${given.url}x` }, 'service', SUITE_TIME)).toThrow('does not match');
  expect(() => verify({ ...given, body: 'other' }, 'service', SUITE_TIME)).toThrow('does not match');
  expect(() => verify(given, 'service', SUITE_TIME + 301_000)).toThrow('Signature expired');
  expect(() => verify(given, 'service', SUITE_TIME - 301_000)).toThrow('Signature expired');
});

const S3_TIME = Date.UTC(2013, 4, 24);
const s3Authorization = (names: string, signature: string): string =>
  `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${names},Signature=${signature}`;

test('the presigned link of the S3 reference, until it expires', () => {
  const url =
    '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';
  const given = { url, headers: { host: 'examplebucket.s3.amazonaws.com' } };
  verify(given, 's3', S3_TIME + 86_399_000);
  expect(() => verify(given, 's3', S3_TIME + 86_400_000)).toThrow('Request has expired');
  const longer = { ...given, url: url.replace('86400', '604800') };
  expect(() => verify(longer, 's3', S3_TIME)).toThrow('does not match');
});

test('the GET with a range of the S3 reference', () => {
  const headers = {
    host: 'examplebucket.s3.amazonaws.com',
    range: 'bytes=0-9',
    'x-amz-content-sha256': hash('sha256', ''),
    'x-amz-date': '20130524T000000Z',
    authorization: s3Authorization(
      'host;range;x-amz-content-sha256;x-amz-date',
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ),
  };
  verify({ url: '/test.txt', headers }, 's3', S3_TIME);
  const more = { ...headers, 'x-amz-acl': 'public-read' };
  expect(() => verify({ url: '/test.txt', headers: more }, 's3', S3_TIME)).toThrow('were not signed: x-amz-acl');
});

const CHUNKED = {
  host: 's3.amazonaws.com',
  'content-encoding': 'aws-chunked',
  'content-length': '66824',
  'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'x-amz-date': '20130524T000000Z',
  'x-amz-decoded-content-length': '66560',
  'x-amz-storage-class': 'REDUCED_REDUNDANCY',
  authorization: s3Authorization(
    'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class',
    '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  ),
};
const CHUNKS = [
  [65_536, 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'],
  [1024, '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497'],
  [0, 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9'],
] as const;

async function receive(letter: string, chunks: readonly (readonly [number, string])[]): Promise<number> {
  const given = { method: 'PUT', url: '/examplebucket/chunkObject.txt', headers: CHUNKED };
  const payload = payloadOf(verify(given, 's3', S3_TIME));
  const text = chunks.map(
    ([size, signature]) => `${size.toString(16)};chunk-signature=${signature}\r\n${letter.repeat(size)}\r\n`,
  );
  async function* source() {
    for (const byte of text) yield Buffer.from(byte);
  }
  let size = 0;
  for await (const piece of unchunk(source(), () => (payload.kind === 'chunks' ? payload.signer : undefined)).body) {
    size += piece.length;
  }
  return size;
}

test('the chunked upload of the S3 reference', async () => {
  expect(await receive('a', CHUNKS)).toBe(66_560);
  await expect(receive('b', CHUNKS)).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
  const [first, second, last] = CHUNKS;
  await expect(receive('a', [first, last])).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
  await expect(receive('a', [second, first, last])).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
});
