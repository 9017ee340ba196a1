import { describe, expect, it } from 'vitest';
import { clipToTokens, tokensOf } from '../src/tokens.ts';
import { ask, documentBlock, jsonFormat, pdfOf, textOf, shareEcho } from './support.ts';

const echo = shareEcho();

describe('token counts', () => {
  it('are the same for count_tokens and for the message', async () => {
    const { client } = await echo();
    const content = [documentBlock(await pdfOf(['Some words'])), { type: 'text' as const, text: 'read this' }];
    const tools = [{ name: 'look', input_schema: { type: 'object' as const } }];
    const cached = {
      type: 'text' as const,
      text: 'rule '.repeat(2_000),
      cache_control: { type: 'ephemeral' as const },
    };
    const { max_tokens, ...prompt } = ask(content, { tools, system: [cached], output_config: jsonFormat() });
    const { input_tokens } = await client.messages.countTokens(prompt);
    for (const _ of ['written', 'read']) {
      const { usage } = await client.messages.create({ ...prompt, max_tokens });
      const { cache_creation_input_tokens: written, cache_read_input_tokens: read } = usage;
      expect(usage.input_tokens + (written ?? 0) + (read ?? 0)).toBe(input_tokens);
    }
  });

  it('stop an answer at max_tokens and at stop sequences', async () => {
    const { client } = await echo();
    const cut = await client.messages.create(ask('word '.repeat(50), { max_tokens: 3 }));
    expect([textOf(cut), cut.stop_reason, cut.usage.output_tokens]).toEqual(['word word wo', 'max_tokens', 3]);
    const stopped = await client.messages.create(ask('one STOP two', { stop_sequences: ['STOP'] }));
    expect(stopped).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'STOP' });
    expect(textOf(stopped)).toBe('one ');
  });

  it('use four bytes per token and never split a character', () => {
    expect(tokensOf('12345678')).toBe(2);
    expect(tokensOf('日本語')).toBe(3);
    expect(clipToTokens('ab日本語', 1)).toBe('ab');
    expect(clipToTokens('ab', 1)).toBe('ab');
  });
});
