import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { BodyMemory } from '../../src/services/apigateway/data-plane/request.ts';

const body = (bytes: number): IncomingMessage => {
  const stream = new PassThrough();
  stream.end(Buffer.alloc(bytes));
  return stream as never;
};

test('rejects bodies that exceed the memory until another request has ended', async () => {
  const memory = new BodyMemory(10);
  const answered = Promise.withResolvers<string>();
  const held = Promise.withResolvers<void>();
  const first = memory.hold(body(8), () => {
    held.resolve();
    return answered.promise;
  });
  await held.promise;
  await expect(memory.hold(body(8), async () => 'second')).rejects.toMatchObject({ kind: { status: 429 } });
  expect(await memory.hold(body(2), async (bytes) => bytes.length)).toBe(2);
  answered.resolve('first');
  expect(await first).toBe('first');
  expect(await memory.hold(body(10), async (bytes) => bytes.length)).toBe(10);
});

test('releases the memory of a body when its client disconnects or its response fails', async () => {
  const memory = new BodyMemory(10);
  const left = new PassThrough();
  left.write(Buffer.alloc(8));
  const gone = memory.hold(left as never, async () => 'never');
  setImmediate(() => left.destroy(new Error('aborted')));
  await expect(gone).rejects.toThrow('aborted');
  await expect(memory.hold(body(9), () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await memory.hold(body(10), async (bytes) => bytes.length)).toBe(10);
});
