import type { Message } from '@anthropic-ai/sdk/resources/messages';
import { utf8Length } from '#core/text/utf8-length.ts';
import { SEARCH_TOOL } from '#core/models/search.ts';

/**
 * The most bytes of search results that a message keeps. A step is one item of DynamoDB, which holds 400 KB, and has the
 * model's words besides. The API documents no bound of what a search returns.
 */
const MAX_RESULT_BYTES = 256 * 1024;

/**
 * The ids of searches whose blocks do not go back to the API: the oldest ones that do not fit, and those that were cut
 * off. A search goes with its result, since the API rejects one without the other. Only a turn that is paused may end in a
 * search that has no result yet.
 */
export function lostSearches({ content, stop_reason }: Pick<Message, 'content' | 'stop_reason'>): ReadonlySet<string> {
  const results = content.filter((block) => block.type === 'web_search_tool_result');
  let bytes = 0;
  const tooMany = results.toReversed().flatMap((block) => {
    bytes += utf8Length(JSON.stringify(block));
    return bytes > MAX_RESULT_BYTES ? [block.tool_use_id] : [];
  });
  if (stop_reason === 'pause_turn') return new Set(tooMany);
  const answered = new Set(results.map((block) => block.tool_use_id));
  const cutOff = content.flatMap((block) =>
    block.type === 'server_tool_use' && block.name === SEARCH_TOOL && !answered.has(block.id) ? [block.id] : [],
  );
  return new Set([...tooMany, ...cutOff]);
}
