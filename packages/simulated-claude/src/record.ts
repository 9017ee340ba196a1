import type { Claude } from './claude.ts';
import type { LedgerLine } from './ledger.ts';
import type { Message } from './message.ts';

/** Identifies a call in the ledger. */
export interface Recorded {
  readonly requestId: string;
  /** `performance.now()` when it arrived. */
  readonly arrivedAt?: number;
  readonly stepId: string | undefined;
  /** SHA-256 of the request, in hex. */
  readonly content: string;
  /** Set for an entry of a Message Batch. */
  readonly batch?: true;
}

/** Counts a call that reached the model and writes it to the ledger. */
export function record(claude: Claude, call: Recorded, message: Message, outcome: LedgerLine['outcome']): void {
  const { counters, ledger } = claude;
  const { usage } = message;
  counters[outcome] += 1;
  if (call.batch) counters.batched += 1;
  counters.searches += message.answer.searches ?? 0;
  counters.inputTokens += usage.input_tokens;
  counters.outputTokens += usage.output_tokens;
  counters.cacheReadTokens += usage.cache_read_input_tokens;
  counters.cacheWriteTokens += usage.cache_creation_input_tokens;
  ledger.write({
    time: new Date().toISOString(),
    ...(call.arrivedAt !== undefined && { arrivedMs: epochMs(call.arrivedAt) }),
    requestId: call.requestId,
    model: message.model,
    content: call.content,
    stepId: call.stepId ?? null,
    outcome,
    ...(call.batch && { batch: true }),
    usage: {
      input: usage.input_tokens,
      output: usage.output_tokens,
      cacheRead: usage.cache_read_input_tokens,
      cacheWrite: usage.cache_creation_input_tokens,
      ...(message.answer.searches !== undefined && { searches: message.answer.searches }),
    },
  });
}

const epochMs = (at: number): number => Math.round((performance.timeOrigin + at) * 100) / 100;
