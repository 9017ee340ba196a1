import { checkOutput, composeAnswer, type Answer } from './answer.ts';
import { ApiError, invalidRequest } from './api-error.ts';
import type { Claude } from './claude.ts';
import type { MessageRequest } from './message-schema.ts';
import { findModel, type SimulatedModel } from './models.ts';
import type { Fault } from './options.ts';
import type { CachePlan } from './prompt-cache.ts';
import { layOutPrompt, readDocuments, totalTokens } from './prompt.ts';
import { answerWithSearches } from './search/search.ts';
import { checkThinking, thinkingTokens } from './thinking.ts';

/**
 * Validates the request, reads its documents, takes it from the rate limits and runs the rules.
 * @param takeFromLimits receives the input tokens that count towards rate limits; throws when a limit is exceeded
 */
export async function think(
  claude: Claude,
  request: MessageRequest,
  scope: string,
  fault: Fault | null,
  takeFromLimits: (inputTokens: number) => void,
): Promise<{ plan: CachePlan; answer: Answer }> {
  const model = findModel(request.model);
  if (request.max_tokens > model.maxOutputTokens)
    throw invalidRequest(
      'max_tokens',
      `${request.max_tokens} > ${model.maxOutputTokens}, which is the maximum allowed number of output tokens for ${model.id}`,
    );
  const thought = thinkingTokens(request, claude.options.thinkingTokens);
  checkThinking(request, thought > 0);
  checkOutput(request);
  const documents = await readDocuments(request, claude.reader);
  const blocks = layOutPrompt(request, documents);
  checkPromptFits(model, totalTokens(blocks));
  const plan = claude.cache.plan(scope, blocks, model.minCacheTokens);
  takeFromLimits(totalTokens(blocks) - plan.usage.readTokens);
  const total = totalTokens(blocks);
  const { ruled, searches } = await answerWithSearches(claude, request, documents, fault, total);
  const usage = { ...plan.usage, plainTokens: plan.usage.plainTokens + searches.readTokens };
  return {
    plan: { usage, commit: () => plan.commit() },
    answer: composeAnswer(request, ruled, fault, { thought, searches }),
  };
}

function checkPromptFits(model: SimulatedModel, tokens: number): void {
  if (tokens > model.contextWindow)
    throw new ApiError(
      'invalid_request_error',
      `prompt is too long: ${tokens} tokens > ${model.contextWindow} maximum`,
    );
}
