import { ApiError, invalidRequest } from './api-error.ts';
import { searchToolOf, type Block, type Message, type PromptRequest } from './message-schema.ts';

/** Tool blocks need the tools that they are about. */
export function checkToolsDefined(request: PromptRequest): void {
  const { tools, messages } = request;
  const searched = messages.some((message) => blocksOf(message).some(({ type }) => type === 'server_tool_use'));
  if (searched && !searchToolOf(request))
    throw invalidRequest('tools', 'Requests which include `server_tool_use` blocks must define the tool');
  const ids = messages.flatMap((message) => [...idsOf(message, 'tool_use'), ...idsOf(message, 'tool_result')]);
  if (ids.length > 0 && !tools?.length)
    throw invalidRequest('tools', 'Requests which include `tool_use` or `tool_result` blocks must define tools');
}

/**
 * Checks the order of turns: the first one is the user's and the last one too, and a tool call's result is at the
 * beginning of the next turn, once.
 */
export function checkTurns(messages: readonly Message[]): void {
  checkUnique(messages.flatMap((message) => idsOf(message, 'tool_use')));
  if (messages.at(-1)?.role === 'assistant' && !isPaused(messages.at(-1)))
    throw new ApiError(
      'invalid_request_error',
      'This model does not support assistant message prefill. The conversation must end with a user message.',
    );
  if (messages[0]?.role !== 'user') throw invalidRequest('messages', 'first message must use the "user" role');
  messages.forEach((message, index) => {
    const asked = idsOf(messages[index - 1], 'tool_use');
    const answered = resultsFirst(message);
    if (new Set(answered).size < answered.length)
      throw invalidRequest(`messages.${index}.content`, 'each tool_use must have a single result');
    const open = asked.filter((id) => !answered.includes(id));
    if (open.length > 0)
      throw new ApiError(
        'invalid_request_error',
        `messages.${index - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}`,
      );
    const unasked = answered.filter((id) => !asked.includes(id));
    if (unasked.length > 0)
      throw new ApiError(
        'invalid_request_error',
        `messages.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${unasked.join(', ')}`,
      );
  });
}

const blocksOf = (message: Message | undefined): readonly Block[] =>
  message === undefined || typeof message.content === 'string' ? [] : message.content;

/** Whether a turn stopped among its searches, so that it goes on when it is sent back. */
const isPaused = (message: Message | undefined): boolean =>
  /^(?:server_tool_use|web_search_tool_result)$/.test(blocksOf(message).at(-1)?.type ?? '');

function checkUnique(ids: readonly string[]): void {
  if (new Set(ids).size < ids.length) throw invalidRequest('messages', '`tool_use` ids must be unique');
}

/** The calls that a turn answers. Results that come after other content do not count. */
function resultsFirst(message: Message): string[] {
  if (typeof message.content === 'string') return [];
  const other = message.content.findIndex(({ type }) => type !== 'tool_result');
  const first = other < 0 ? message.content : message.content.slice(0, other);
  return first.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []));
}

function idsOf(message: Message | undefined, type: 'tool_use' | 'tool_result'): string[] {
  if (!message || typeof message.content === 'string') return [];
  return message.content.flatMap((block: Block) => {
    if (block.type === 'tool_use' && type === 'tool_use') return [block.id];
    if (block.type === 'tool_result' && type === 'tool_result') return [block.tool_use_id];
    return [];
  });
}
