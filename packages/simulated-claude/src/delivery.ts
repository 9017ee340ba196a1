import type { ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { Call } from './claude.ts';
import type { Timing } from './latency.ts';
import { sendHalf } from './send-json.ts';
import { messageEvents, sendEvents } from './message-stream.ts';
import { bodyOf, type Message } from './message.ts';
import type { Fault } from './options.ts';

export interface Delivery {
  readonly call: Call;
  readonly response: ServerResponse;
  readonly message: Message;
  readonly timing: Timing;
  readonly headers: Readonly<Record<string, string>>;
  readonly fault: Fault | null;
  readonly stream: boolean;
}

/** Waits until the answer is due, then sends it. Calls `begin` just before the first byte. */
export async function deliver(delivery: Delivery, begin: () => void): Promise<'answered' | 'abandoned'> {
  const { call, response, message, timing, headers, fault, stream } = delivery;
  const until = async (ms: number) => {
    const left = call.arrivedAt + ms - performance.now();
    // Rounds up, because a timer can fire up to a millisecond early.
    if (left > 0) await wait(Math.ceil(left), undefined, { signal: call.disconnected });
    else call.disconnected.throwIfAborted();
  };
  try {
    await until(stream ? timing.firstTokenMs : timing.lastTokenMs);
  } catch {
    return 'abandoned';
  }
  begin();
  const breakOff = fault === 'disconnect' || fault === 'cut';
  const own = call.door.headers(headers);
  if (stream) await sendEvents(call.door, response, own, messageEvents(message), { until, timing, breakOff });
  else if (fault === 'disconnect') response.destroy();
  else if (fault === 'cut') sendHalf(response, bodyOf(message), own);
  else sendMessage(response, own, message);
  return 'answered';
}

function sendMessage(response: ServerResponse, headers: Readonly<Record<string, string>>, message: Message): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(bodyOf(message)));
}
