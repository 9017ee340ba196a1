import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { repeating, type Scenario } from './scenario.ts';

/** The receiver of callbacks answers 503. */
export const callbacksDown: Scenario = {
  name: 'callbacks-down',
  alarm: 'Failing',
  async break(fleet) {
    let isUp = false;
    const receiver = createServer((request, response) => {
      request.resume();
      response.writeHead(isUp ? 204 : 503).end();
    });
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/ended`;
    const submit = () => fleet.submit({ does: 'answer', callback: { url } });
    const task = await submit();
    const callers = repeating(1_000, submit);
    return {
      task,
      async mend() {
        await callers.stop();
        isUp = true;
        // It must outlive the last retry, and does not keep the process.
        receiver.unref();
      },
    };
  },
};
