import type { ServerResponse } from 'node:http';
import type { AnswerBlock } from './answer.ts';
import type { Timing } from './latency.ts';
import { endOf, headOf, type Message } from './message.ts';

/** A server-sent event of a streamed message. */
interface StreamEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Characters of one delta: about what the real API sends at once. */
const DELTA_CHARACTERS = 80;

/** The events of a message in their order, as the streaming guide describes them. */
export function messageEvents(message: Message): StreamEvent[] {
  const { answer, usage } = message;
  const head = { ...headOf(message), content: [], stop_reason: null, stop_sequence: null, stop_details: null };
  return [
    { type: 'message_start', message: { ...head, usage: { ...usage, output_tokens: 1 } } },
    { type: 'ping' },
    ...answer.content.flatMap(blockEvents),
    { type: 'message_delta', delta: { ...endOf(message), container: null }, usage },
    { type: 'message_stop' },
  ];
}

function blockEvents(block: AnswerBlock, index: number): StreamEvent[] {
  const { start, deltas } = streamed(block);
  return [
    { type: 'content_block_start', index, content_block: start },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

/** A block as it begins, and what is added to it bit by bit. */
function streamed(block: AnswerBlock): { readonly start: object; readonly deltas: readonly object[] } {
  switch (block.type) {
    case 'thinking':
      return {
        start: { ...block, signature: '' },
        deltas: [{ type: 'signature_delta', signature: block.signature }],
      };
    case 'text':
      return {
        start: { ...block, text: '' },
        deltas: chunks(block.text).map((text) => ({ type: 'text_delta', text })),
      };
    case 'tool_use':
      return {
        start: { ...block, input: {} },
        deltas: chunks(JSON.stringify(block.input)).map((part) => ({ type: 'input_json_delta', partial_json: part })),
      };
  }
}

function chunks(text: string): string[] {
  const count = Math.ceil(text.length / DELTA_CHARACTERS);
  return Array.from({ length: count }, (_, at) => text.slice(at * DELTA_CHARACTERS, (at + 1) * DELTA_CHARACTERS));
}

interface Pace {
  /** Waits until so many milliseconds after the call's arrival; throws when the caller has hung up. */
  readonly until: (ms: number) => Promise<void>;
  readonly timing: Timing;
  /** Cut the connection half-way. */
  readonly breakOff: boolean;
}

/** Sends the events spread evenly from the first token's time to the last's. */
export async function sendEvents(
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  events: readonly StreamEvent[],
  { until, timing, breakOff }: Pace,
): Promise<void> {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    ...headers,
  });
  const span = timing.lastTokenMs - timing.firstTokenMs;
  try {
    for (const [index, event] of events.entries()) {
      if (span > 0) await until(timing.firstTokenMs + (span * index) / (events.length - 1));
      const text = `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
      // Only what was flushed reaches the caller, who is to see half of an answer.
      if (breakOff && index >= events.length / 2) return void response.write(text, () => response.destroy());
      response.write(text);
    }
    response.end();
  } catch {
    // The caller hung up during the answer, which was billed when it began.
    response.destroy();
  }
}
