import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { ApiError } from './api-error.ts';
import type { Call, Claude } from './claude.ts';
import { deliver } from './delivery.ts';
import { timingOf } from './latency.ts';
import { parseMessageRequest } from './message-request.ts';
import { makeMessage } from './message.ts';
import { record } from './record.ts';
import { tally } from './stats.ts';
import { think } from './think.ts';

/** POST /v1/messages, whole or streamed. Throws an `ApiError` when it rejects the call. */
export async function createMessage(claude: Claude, call: Call, response: ServerResponse): Promise<void> {
  const content = createHash('sha256').update(call.body).digest('hex');
  const fault = claude.faults.next(call.fault, content);
  if (fault) tally(claude.counters.faults, fault);
  const faultError = claude.faults.errorOf(fault);
  if (faultError) throw faultError;

  const request = parseMessageRequest(call.body);
  const scope = `${call.apiKey}:${request.model}`;
  const { plan, answer } = await think(claude, request, scope, fault, (tokens) =>
    takeFromLimits(claude, scope, tokens),
  );
  const timing = timingOf(
    claude.options.latency,
    answer.outputTokens,
    content,
    fault === 'slow' ? claude.options.faults.slowMs : 0,
  );
  const message = makeMessage(request.model, answer, plan.usage);

  claude.limiter.settle(scope, answer.outputTokens);
  const headers = claude.limiter.headers(scope);
  const outcome = await deliver(
    { call, response, message, timing, headers, fault, stream: request.stream ?? false },
    () => {
      plan.commit();
      record(claude, { ...call, content }, message, 'answered');
    },
  );
  if (outcome === 'abandoned') record(claude, { ...call, content }, message, 'abandoned');
}

function takeFromLimits(claude: Claude, scope: string, inputTokens: number): void {
  const taken = claude.limiter.take(scope, inputTokens);
  if (taken.ok) return;
  throw new ApiError(
    'rate_limit_error',
    `This request would exceed the rate limit of ${taken.limit} ${taken.kind.replace('-', ' ')} per minute.`,
    { ...claude.limiter.headers(scope), 'retry-after': String(taken.retryAfterSeconds) },
  );
}
