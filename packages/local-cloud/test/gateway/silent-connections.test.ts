import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { openGateway } from '../../src/gateway/gateway.ts';
import { Principals } from '../../src/gateway/principals.ts';
import { CREDENTIALS } from '../../testing/cloud.ts';

test('the gateway closes although a client has connected and sent nothing', async () => {
  const gateway = await openGateway(0, new Map(), new Principals(CREDENTIALS), () => {});
  const { port } = new URL(gateway.endpoint);
  const silent = connect(Number(port), '127.0.0.1');
  await once(silent, 'connect');
  // The answer to another connection shows that the gateway has accepted the first one.
  await (await fetch(gateway.endpoint)).text();
  const closed = once(silent, 'close');
  await gateway.close();
  await expect(closed).resolves.toEqual([false]);
});
