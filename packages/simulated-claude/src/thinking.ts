import { createHmac, randomUUID } from 'node:crypto';
import { invalidRequest } from './api-error.ts';
import type { Block, Message, PromptRequest } from './message-request.ts';

/** A thinking block whose text is left out, as with `display: "omitted"`. */
export interface ThinkingBlock {
  readonly type: 'thinking';
  readonly thinking: string;
  readonly signature: string;
}

/** No secret: it tells a block of this simulator from one that was made up or changed, on every machine and after a restart. */
const SEAL = 'simulated Claude';

export function thinkingBlock(): ThinkingBlock {
  const id = randomUUID();
  return { type: 'thinking', thinking: '', signature: `${id}.${sealOf(id, '')}` };
}

const sealOf = (id: string, thinking: string): string =>
  createHmac('sha256', SEAL).update(`${id} ${thinking}`).digest('base64url');

/** How many tokens it thinks about a request. */
export const thinkingTokens = (request: PromptRequest, tokens: number): number =>
  request.thinking?.type === 'disabled' ? 0 : tokens;

/**
 * Throws the API's 400 for thinking that was changed, and, if the model thinks, for an open tool call that comes back without it. Only
 * the turns since the last one of the user's own count: the API drops older thinking itself.
 */
export function checkThinking(request: PromptRequest, thinks: boolean): void {
  for (const [index, message] of request.messages.entries()) {
    for (const [at, block] of blocksOf(message).entries())
      if (block.type === 'thinking') checkSignature(block, `messages.${index}.content.${at}`);
    checkEnd(message, index);
    if (thinks && isOpen(request, index)) checkBegin(message, index);
  }
}

/** Whether a turn belongs to the tool loop that is still going on. */
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
