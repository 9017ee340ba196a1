import { createHmac, randomUUID } from 'node:crypto';
import { invalidRequest } from './api-error.ts';
import type { Block, Message, PromptRequest } from './message-schema.ts';

/** A thinking block without text, as with `display: "omitted"`. */
export interface ThinkingBlock {
  readonly type: 'thinking';
  readonly thinking: string;
  readonly signature: string;
}

/** Not a secret. It detects thinking blocks that were changed or made up, on every machine and after a restart. */
const SEAL = 'simulated Claude';

export function thinkingBlock(): ThinkingBlock {
  const id = randomUUID();
  return { type: 'thinking', thinking: '', signature: `${id}.${sealOf(id, '')}` };
}

const sealOf = (id: string, thinking: string): string =>
  createHmac('sha256', SEAL).update(`${id} ${thinking}`).digest('base64url');

/** Returns the tokens spent on thinking about a request. */
export const thinkingTokens = (request: PromptRequest, tokens: number): number =>
  request.thinking?.type === 'disabled' ? 0 : tokens;

/**
 * Throws the API's 400 for changed thinking and, if the model thinks, for a tool call that comes back without its
 * thinking. Only the current tool loop counts: the API itself drops older thinking.
 */
export function checkThinking(request: PromptRequest, thinks: boolean): void {
  for (const [index, message] of request.messages.entries()) {
    for (const [at, block] of blocksOf(message).entries())
      if (block.type === 'thinking') checkSignature(block, `messages.${index}.content.${at}`);
    checkEnd(message, index);
    if (thinks && isOpen(request, index)) checkBegin(message, index);
  }
}

/** Whether a turn belongs to the current tool loop. */
function isOpen({ messages }: PromptRequest, index: number): boolean {
  return messages.slice(index + 1).every((message) => message.role === 'assistant' || hasType(message, 'tool_result'));
}

function checkBegin(message: Message, index: number): void {
  if (message.role !== 'assistant' || !hasType(message, 'tool_use')) return;
  const [first] = blocksOf(message);
  if (first?.type === 'thinking' || first?.type === 'redacted_thinking') return;
  throw invalidRequest(
    `messages.${index}.content.0.type`,
    `Expected \`thinking\` or \`redacted_thinking\`, but found \`${first?.type}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block.`,
  );
}

function checkEnd(message: Message, index: number): void {
  const last = blocksOf(message).at(-1)?.type;
  if (last === 'thinking' || last === 'redacted_thinking')
    throw invalidRequest(`messages.${index}`, 'The final block in an assistant message cannot be `thinking`.');
}

function checkSignature({ thinking, signature }: ThinkingBlock, field: string): void {
  const [id = '', seal] = signature.split('.');
  if (seal !== sealOf(id, thinking)) throw invalidRequest(field, 'Invalid `signature` in `thinking` block');
}

const blocksOf = ({ content }: Message): readonly Block[] => (typeof content === 'string' ? [] : content);

const hasType = (message: Message, type: Block['type']): boolean =>
  blocksOf(message).some((block) => block.type === type);
