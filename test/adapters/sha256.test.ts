import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { Sha256 } from '#adapters/aws/sha256.ts';

const hex = async (hash: Sha256): Promise<string> => Buffer.from(await hash.digest()).toString('hex');
const bytes = Uint8Array.from({ length: 40 }, (_, index) => index * 7);
/** A part of a larger buffer, as Node's small buffers are. */
const view = bytes.subarray(3, 35);

test.each([
  ['text', 'größer'],
  ['bytes', bytes],
  ['a part of bytes', view],
  ['a buffer', bytes.slice().buffer],
])('hashes %s', async (_, data) => {
  const hash = new Sha256();
  hash.update('before ');
  hash.update(data);
  const plain = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data as Uint8Array);
  expect(await hex(hash)).toBe(createHash('sha256').update('before ').update(plain).digest('hex'));
});

test.each([
  ['text', 'AWS4 sécret'],
  ['bytes', bytes],
  ['a part of bytes', view],
  ['a key longer than a block', new Uint8Array(100).fill(3)],
])('makes the HMAC of %s, each time the same', async (_, secret) => {
  const expected = createHmac('sha256', secret).update('to sign').digest('hex');
  for (let time = 0; time < 2; time += 1) {
    const hash = new Sha256(secret);
    hash.update('to sign');
    expect(await hex(hash)).toBe(expected);
    hash.reset();
    hash.update('to sign', 'utf8');
    expect(await hex(hash)).toBe(expected);
  }
});
