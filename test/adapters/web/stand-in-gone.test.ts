import { expect, it } from 'vitest';
import { FailureError } from '#core/failures/failure.ts';
import { NIGHT, paragraphs, smallWeb } from './support.ts';

/** Nothing listens on this port of 127.0.0.1. */
const CLOSED = 1;

it('a stand-in that is not running says nothing about a site: it is asked again', async () => {
  const web = await smallWeb({ 'shop.test/': paragraphs('hello') });
  const gone = web.another({ standIn: { address: '127.0.0.1', port: CLOSED } });
  const error = await gone.fetch({ url: 'http://shop.test/', night: NIGHT }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FailureError);
  expect((error as FailureError).failure).toMatchObject({ kind: 'throttled', retryAfterMs: 5_000 });
  expect(web.asked).toEqual([]);
  expect(await web.another().fetch({ url: 'http://shop.test/', night: NIGHT })).toMatchObject({ kind: 'page' });
});
