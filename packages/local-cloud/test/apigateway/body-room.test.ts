import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { BodyRoom } from '../../src/services/apigateway/data-plane/request.ts';

const body = (bytes: number): IncomingMessage => {
  const stream = new PassThrough();
  stream.end(Buffer.alloc(bytes));
  return stream as never;
};

test('bodies that find no room are refused until another has been answered', async () => {
  const room = new BodyRoom(10);
  const answered = Promise.withResolvers<string>();
  const held = Promise.withResolvers<void>();
  const first = room.hold(body(8), () => {
    held.resolve();
    return answered.promise;
  });
  await held.promise;
  await expect(room.hold(body(8), async () => 'second')).rejects.toMatchObject({ kind: { status: 429 } });
  expect(await room.hold(body(2), async (bytes) => bytes.length)).toBe(2);
  answered.resolve('first');
  expect(await first).toBe('first');
  expect(await room.hold(body(10), async (bytes) => bytes.length)).toBe(10);
});

test('what a body held is free again when its client leaves, or its answer fails', async () => {
  const room = new BodyRoom(10);
  const left = new PassThrough();
  left.write(Buffer.alloc(8));
  const gone = room.hold(left as never, async () => 'never');
  setImmediate(() => left.destroy(new Error('aborted')));
  await expect(gone).rejects.toThrow('aborted');
  await expect(room.hold(body(9), () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await room.hold(body(10), async (bytes) => bytes.length)).toBe(10);
});
