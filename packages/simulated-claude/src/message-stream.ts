import type { ServerResponse } from 'node:http';
import type { AnswerBlock } from './answer.ts';
import type { Door } from './doors/door.ts';
import type { Timing } from './latency.ts';
import { endOf, headOf, type Message } from './message.ts';

/** A server-sent event of a streamed message. */
interface StreamEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Characters per delta: about as many as the real API sends. */
const CHUNK = /.{1,80}/gsu;

/** Returns the events of a message in order. Source: the streaming guide. */
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

/** Returns a block's first event content, and the deltas that complete it. */
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
    case 'web_search_tool_result':
      return { start: block, deltas: [] };
    case 'server_tool_use':
    case 'tool_use':
      return {
        start: { ...block, input: {} },
        deltas: chunks(JSON.stringify(block.input)).map((part) => ({ type: 'input_json_delta', partial_json: part })),
      };
  }
}

/** Splits between characters: half of an emoji is not valid Unicode. */
const chunks = (text: string): string[] => text.match(CHUNK) ?? [];

interface Pace {
  /** Waits until `ms` milliseconds after the call arrived. Throws when the caller has disconnected. */
  readonly until: (ms: number) => Promise<void>;
  readonly timing: Timing;
  /** Whether to close the connection halfway. */
  readonly breakOff: boolean;
}

/** Sends the events, spread evenly from the time of the first token to the time of the last. */
export async function sendEvents(
  door: Door,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  events: readonly StreamEvent[],
  { until, timing, breakOff }: Pace,
): Promise<void> {
  response.writeHead(200, {
    'content-type': door.streamType,
    'cache-control': 'no-cache',
    ...headers,
  });
  const span = timing.lastTokenMs - timing.firstTokenMs;
  try {
    for (const [index, event] of events.entries()) {
      if (span > 0) await until(timing.firstTokenMs + (span * index) / (events.length - 1));
      const text = door.frame(event);
      // Waits for the flush, so that the caller receives half of the answer.
      if (breakOff && index >= events.length / 2) return void response.write(text, () => response.destroy());
      response.write(text);
    }
    response.end();
  } catch {
    // The caller disconnected during the answer. It was billed when it started.
    response.destroy();
  }
}
