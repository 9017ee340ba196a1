import type { Call, Claude } from './claude.ts';
import { parseCountRequest } from './message-request.ts';
import { findModel } from './models.ts';
import { layOutPrompt, readDocuments, totalTokens } from './prompt.ts';

/** POST /v1/messages/count_tokens: the sum of the uncached, read and written input tokens of the same message. */
export async function countTokens(claude: Claude, call: Call): Promise<number> {
  const request = parseCountRequest(call.body);
  findModel(request.model);
  const documents = await readDocuments(request, claude.reader);
  return totalTokens(layOutPrompt(request, documents));
}
