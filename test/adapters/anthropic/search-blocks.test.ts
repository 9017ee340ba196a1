import type { Message } from '@anthropic-ai/sdk/resources/messages';
import { expect, it } from 'vitest';
import { answerOf } from '#adapters/anthropic/answer.ts';
import { promptOf } from '#adapters/anthropic/message-params.ts';
import { sampleRequest } from '#test/contract/model.contract.ts';
import { utf8Length } from '#core/text/utf8-length.ts';
import type { ContentPart } from '#core/ports/model.ts';

type Block = Message['content'][number];

const use = (id: string): Block => ({ type: 'server_tool_use', id, name: 'web_search', input: { query: id } }) as Block;
const result = (id: string, bytes = 10): Block =>
  ({
    type: 'web_search_tool_result',
    tool_use_id: id,
    content: [
      {
        type: 'web_search_result',
        url: `https://${id}.test/`,
        title: id,
        encrypted_content: 'x'.repeat(bytes),
        page_age: null,
      },
    ],
  }) as Block;

const answer = (content: readonly Block[], stop_reason: Message['stop_reason']) =>
  answerOf(
    {
      content,
      stop_reason,
      model: 'claude-haiku-4-5',
      usage: { input_tokens: 1, output_tokens: 1 },
    } as unknown as Message,
    'req_1',
  );

/** The blocks that go back to the API. */
const sentBack = (content: readonly ContentPart[]): string[] => {
  const [user] = sampleRequest().messages;
  if (user === undefined) throw new Error('A sample has a message.');
  const { messages } = promptOf(sampleRequest({ messages: [user, { role: 'assistant', content }] }), null);
  const blocks = messages.at(-1)?.content as readonly { readonly id?: string; readonly tool_use_id?: string }[];
  return blocks.map(({ id, tool_use_id: of }) => (id === undefined ? `result of ${of}` : id));
};

it('a paused turn with more results than an item of DynamoDB holds goes on without the oldest ones', () => {
  const ids = ['s1', 's2', 's3', 's4', 's5'];
  const { content } = answer(
    ids.flatMap((id) => [use(id), result(id, 100_000)]),
    'pause_turn',
  );
  expect(utf8Length(JSON.stringify(content))).toBeLessThan(300_000);
  expect(sentBack(content)).toEqual(['s4', 'result of s4', 's5', 'result of s5']);
  // What was found is kept.
  expect(content.flatMap((part) => (part.type === 'search' ? part.found.map(({ title }) => title) : []))).toEqual(ids);
});

it('a search that the output limit cut off does not go back without its result', () => {
  const { content } = answer([use('s1'), result('s1'), use('s2')], 'max_tokens');
  expect(sentBack(content)).toEqual(['s1', 'result of s1']);
});

it('a paused turn may end in a search that has no result yet', () => {
  const { content } = answer([use('s1'), result('s1'), use('s2')], 'pause_turn');
  expect(sentBack(content)).toEqual(['s1', 'result of s1', 's2']);
});
