import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { checkOutput, composeAnswer, type Answer } from './answer.ts';
import { ApiError, invalidRequest } from './api-error.ts';
import type { Call, Claude } from './claude.ts';
import { deliver } from './delivery.ts';
import { digest } from './digest.ts';
import { timingOf } from './latency.ts';
import { parseMessageRequest, type MessageRequest } from './message-request.ts';
import { makeMessage, type Message } from './message.ts';
import { findModel, type SimulatedModel } from './models.ts';
import type { Fault } from './options.ts';
import type { CachePlan } from './prompt-cache.ts';
import { layOutPrompt, readDocuments, totalTokens } from './prompt.ts';
import { answerByRules } from './rules.ts';
import { tally } from './stats.ts';

/** POST /v1/messages, whole or streamed; throws an `ApiError` for every refusal. */
export async function createMessage(claude: Claude, call: Call, response: ServerResponse): Promise<void> {
  const content = createHash('sha256').update(call.body).digest('hex');
  const fault = claude.faults.next(call.fault, content);
  if (fault) tally(claude.counters.faults, fault);
  const refusal = claude.faults.refusal(fault);
  if (refusal) throw refusal;

  const request = parseMessageRequest(call.body);
  const scope = `${call.apiKey}:${request.model}`;
  const { plan, answer } = await think(claude, request, scope, fault);
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
      record(claude, call, message, content, 'answered');
    },
  );
  if (outcome === 'abandoned') record(claude, call, message, content, 'abandoned');
}

/** Reads the documents, admits the call, asks the rules: all that takes CPU, inside the time the answer takes anyway. */
async function think(
  claude: Claude,
  request: MessageRequest,
  scope: string,
  fault: Fault | null,
): Promise<{ plan: CachePlan; answer: Answer }> {
  const model = findModel(request.model);
  if (request.max_tokens > model.maxOutputTokens)
    throw invalidRequest(
      'max_tokens',
      `${request.max_tokens} > ${model.maxOutputTokens}, which is the maximum allowed number of output tokens for ${model.id}`,
    );
  checkOutput(request);
  const documents = await readDocuments(request, claude.reader);
  const blocks = layOutPrompt(request, documents);
  checkPromptFits(model, totalTokens(blocks));
  const plan = claude.cache.plan(scope, blocks, model.minCacheTokens);
  admit(claude, scope, totalTokens(blocks) - plan.usage.readTokens);
  const ruled = await answerByRules(claude.rules, digest(request, documents, fault));
  return { plan, answer: composeAnswer(request, ruled, fault) };
}

function checkPromptFits(model: SimulatedModel, tokens: number): void {
  if (tokens > model.contextWindow)
    throw new ApiError(
      'invalid_request_error',
      `prompt is too long: ${tokens} tokens > ${model.contextWindow} maximum`,
    );
}

function admit(claude: Claude, scope: string, inputTokens: number): void {
  const admission = claude.limiter.admit(scope, inputTokens);
  if (admission.admitted) return;
  throw new ApiError(
    'rate_limit_error',
    `This request would exceed the rate limit of ${admission.limit} ${admission.kind.replace('-', ' ')} per minute.`,
    { ...claude.limiter.headers(scope), 'retry-after': String(admission.retryAfterSeconds) },
  );
}

function record(
  claude: Claude,
  call: Call,
  message: Message,
  content: string,
  outcome: 'answered' | 'abandoned',
): void {
  const { counters, ledger } = claude;
  const { usage } = message;
  counters[outcome] += 1;
  counters.inputTokens += usage.input_tokens;
  counters.outputTokens += usage.output_tokens;
  counters.cacheReadTokens += usage.cache_read_input_tokens;
  counters.cacheWriteTokens += usage.cache_creation_input_tokens;
  ledger.write({
    time: new Date().toISOString(),
    requestId: call.requestId,
    model: message.model,
    content,
    stepId: call.stepId ?? null,
    outcome,
    usage: {
      input: usage.input_tokens,
      output: usage.output_tokens,
      cacheRead: usage.cache_read_input_tokens,
      cacheWrite: usage.cache_creation_input_tokens,
    },
  });
}
