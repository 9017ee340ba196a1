import { ApiError, invalidRequest } from './api-error.ts';
import { forcedTool } from './digest.ts';
import { newId } from './ids.ts';
import { customTools, type MessageRequest } from './message-schema.ts';
import type { Fault } from './options.ts';
import { compileOutputSchema } from './output-schema.ts';
import type { SearchResult, SearchUse } from './search/blocks.ts';
import type { Searches, Spoken } from './search/search.ts';
import { thinkingBlock, type ThinkingBlock } from './thinking.ts';
import { clipToTokens, tokensOf } from './tokens.ts';

type ContentBlock =
  | { readonly type: 'text'; readonly text: string; readonly citations: null }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      readonly input: Readonly<Record<string, unknown>>;
      readonly caller: { readonly type: 'direct' };
    };

export type AnswerBlock = ThinkingBlock | ContentBlock | SearchUse | SearchResult;

/** The content of an answer, and why it stops. */
export interface Answer {
  readonly content: readonly AnswerBlock[];
  readonly stopReason: 'end_turn' | 'max_tokens' | 'stop_sequence' | 'tool_use' | 'refusal' | 'pause_turn';
  readonly stopSequence: string | null;
  readonly outputTokens: number;
  /** Web searches that are billed. @default 0 */
  readonly searches?: number;
}

interface AnswerWithoutThinking extends Answer {
  readonly content: readonly ContentBlock[];
}

/** Validates the output settings before a rule runs. Throws a 400 that names the field. */
export function checkOutput(request: MessageRequest): void {
  const format = request.output_config?.format;
  if (format) compileOutputSchema(format.schema, 'output_config.format.schema');
  for (const [index, tool] of (request.tools ?? []).entries())
    if (tool.strict && 'input_schema' in tool)
      compileOutputSchema(tool.input_schema, `tools.${index}.custom.input_schema`);
  const choice = request.tool_choice;
  if (choice && choice.type !== 'none' && !request.tools?.length)
    throw invalidRequest('tool_choice', 'may only be specified while providing tools.');
  if (choice?.type === 'tool' && !forcedTool(request))
    throw invalidRequest('tool_choice', `Tool '${choice.name}' not found in provided tools`);
}

/** What came before the answer. */
interface Before {
  /** Output tokens spent on thinking. */
  readonly thought: number;
  readonly searches: Searches;
}

/**
 * Turns a rule's answer into the form that the request asks for: applies `fault`, then cuts at `max_tokens`.
 * @param ruled null if the turn paused before an answer
 */
export function composeAnswer(
  request: MessageRequest,
  ruled: Spoken | null,
  fault: Fault | null,
  { thought, searches }: Before,
): Answer {
  const spent = Math.min(request.max_tokens, thought + searches.queryTokens);
  const before = [...(thought > 0 ? [thinkingBlock()] : []), ...searches.blocks];
  const answer = ruled === null ? PAUSED : spokenAnswer(request, ruled, fault, spent);
  const outputTokens = Math.min(request.max_tokens, spent + answer.outputTokens);
  const searched = searches.made > 0 ? { searches: searches.made } : {};
  return { ...answer, content: [...before, ...answer.content], outputTokens, ...searched };
}

const PAUSED: Answer = { content: [], stopReason: 'pause_turn', stopSequence: null, outputTokens: 0 };

function spokenAnswer(request: MessageRequest, ruled: Spoken, fault: Fault | null, spent: number): Answer {
  const blocks = spoil(blocksOf(request, ruled), fault);
  const whole: AnswerWithoutThinking = {
    content: blocks,
    stopReason: blocks.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn',
    stopSequence: null,
    outputTokens: blocks.reduce((sum, block) => sum + tokensOf(wordsOf(block)), 0),
  };
  const left = Math.max(0, request.max_tokens - spent);
  return fault === 'refusal'
    ? refused(whole)
    : cutAtMaxTokens(stopAtSequence(whole, request.stop_sequences ?? []), left);
}

/** The text that a block's tokens are counted from. */
const wordsOf = (block: ContentBlock): string =>
  block.type === 'text' ? block.text : `${block.name}${JSON.stringify(block.input)}`;

const textBlock = (text: string): ContentBlock => ({ type: 'text', text, citations: null });

const toolUseBlock = (name: string, input: Readonly<Record<string, unknown>>): ContentBlock => ({
  type: 'tool_use',
  id: newId('toolu'),
  name,
  input,
  caller: { type: 'direct' },
});

function blocksOf(request: MessageRequest, ruled: Spoken): ContentBlock[] {
  const format = request.output_config?.format;
  if ('toolUse' in ruled) return toolCalls(request, ruled);
  if ('text' in ruled) {
    if (format) throw invalidAnswer('plain text, but output_config.format requires JSON');
    if (forcedTool(request)) throw invalidAnswer('plain text, but tool_choice forces a tool');
    return [textBlock(ruled.text)];
  }
  const tool = format ? undefined : forcedTool(request);
  if (tool) return toolCalls(request, { toolUse: [{ name: tool.name, input: asObject(ruled.json) }] });
  // The real API uses constrained decoding, so its answer always matches the schema too.
  if (format) mustFit(compileOutputSchema(format.schema, 'output_config.format.schema').safeParse(ruled.json));
  return [textBlock(JSON.stringify(ruled.json))];
}

function toolCalls(request: MessageRequest, ruled: Extract<Spoken, { toolUse: unknown }>): ContentBlock[] {
  if (request.tool_choice?.type === 'none') throw invalidAnswer('a tool call, but tool_choice is none');
  const calls = ruled.toolUse.map(({ name, input }) => {
    const tool = customTools(request).find((tool) => tool.name === name);
    if (!tool) throw invalidAnswer(`a call of the tool "${name}", which is not in the request`);
    if (tool.strict) mustFit(compileOutputSchema(tool.input_schema, name).safeParse(input));
    return toolUseBlock(name, input);
  });
  return ruled.text ? [textBlock(ruled.text), ...calls] : calls;
}

function asObject(json: unknown): Record<string, unknown> {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
  throw invalidAnswer('a tool input that is not an object');
}

function mustFit(checked: { success: boolean; error?: Error | undefined }): void {
  if (!checked.success)
    throw invalidAnswer(`JSON that does not match the request's schema: ${checked.error?.message ?? ''}`);
}

const invalidAnswer = (what: string): ApiError =>
  new ApiError('api_error', `A rule of the simulated Claude returned ${what}. Fix the rule.`);

/** Applies the faults that damage an answer: JSON that is cut off, or that lacks its first property. */
function spoil(blocks: ContentBlock[], fault: Fault | null): ContentBlock[] {
  if (fault !== 'broken-json' && fault !== 'invalid-schema') return blocks;
  return blocks.map((block) => {
    if (block.type === 'tool_use') return { ...block, input: withoutFirst(block.input) };
    if (fault === 'broken-json')
      return { ...block, text: block.text.slice(0, Math.ceil((block.text.length * 2) / 3)).toWellFormed() };
    const parsed: unknown = block.text.startsWith('{') ? JSON.parse(block.text) : {};
    return { ...block, text: JSON.stringify(withoutFirst(asObject(parsed))) };
  });
}

const withoutFirst = (object: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).slice(1));

function stopAtSequence(answer: AnswerWithoutThinking, sequences: readonly string[]): AnswerWithoutThinking {
  for (const [index, block] of answer.content.entries()) {
    if (block.type !== 'text') continue;
    const hits = sequences.flatMap((sequence) => {
      const at = block.text.indexOf(sequence);
      return at < 0 ? [] : [{ sequence, at }];
    });
    const first = hits.toSorted((a, b) => a.at - b.at)[0];
    if (!first) continue;
    const content = [...answer.content.slice(0, index), textBlock(block.text.slice(0, first.at))];
    const outputTokens = content.reduce((sum, kept) => sum + tokensOf(wordsOf(kept)), 0);
    return { content, stopReason: 'stop_sequence', stopSequence: first.sequence, outputTokens };
  }
  return answer;
}

/** A refusal in the middle of the answer: what was said so far comes back, and a tool call without its input. */
function refused(answer: AnswerWithoutThinking): AnswerWithoutThinking {
  const { outputTokens } = answer;
  return { ...cutAtMaxTokens(answer, Math.floor(outputTokens / 2)), stopReason: 'refusal' };
}

function cutAtMaxTokens(answer: AnswerWithoutThinking, maxTokens: number): AnswerWithoutThinking {
  if (answer.outputTokens <= maxTokens) return answer;
  const content: ContentBlock[] = [];
  let left = maxTokens;
  for (const block of answer.content) {
    if (left <= 0) break;
    // A tool call that is cut off has an empty input, because half of its JSON is not valid.
    if (block.type === 'text') content.push({ ...block, text: clipToTokens(block.text, left) });
    else content.push(tokensOf(wordsOf(block)) <= left ? block : { ...block, input: {} });
    left -= tokensOf(wordsOf(block));
  }
  return { content, stopReason: 'max_tokens', stopSequence: null, outputTokens: maxTokens };
}
