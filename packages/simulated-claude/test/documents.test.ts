import { BadRequestError } from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { TOKENS_PER_PAGE } from '../src/tokens.ts';
import { ask, documentBlock, jsonFormat, pdfOf, simulate, textOf, shareEcho } from './support.ts';

const echo = shareEcho();

describe('documents', () => {
  it('reads the text of a PDF page by page', async () => {
    const { client } = await echo();
    const pdf = await pdfOf(['First page', 'Second page']);
    const request = ask([documentBlock(pdf), { type: 'text', text: 'read' }], { output_config: jsonFormat() });
    const message = await client.messages.create(request);
    expect(JSON.parse(textOf(message))).toEqual({ text: 'read', pages: ['First page', 'Second page'] });
    expect(message.usage.input_tokens).toBeGreaterThan(2 * TOKENS_PER_PAGE);
  });

  it('reads a document that is sent again from the cache', async () => {
    const { client, stats } = await simulate();
    const content = [documentBlock(await pdfOf(['Once']))];
    const { messages, ...count } = ask(content);
    await client.messages.countTokens({ model: count.model, messages });
    await client.messages.create(ask(content));
    await Promise.all([client.messages.create(ask(content)), client.messages.create(ask(content))]);
    expect(await stats()).toMatchObject({ documents: 1, documentsReused: 3 });
  });

  it('reads plain text documents, also in tool results', async () => {
    const { client } = await echo();
    const source = { type: 'text' as const, media_type: 'text/plain' as const, data: 'plain words' };
    const message = await client.messages.create(ask([{ type: 'document', source }]));
    expect(textOf(message)).toBe('plain words');
  });

  it.each([
    [
      'data that is not a PDF',
      async () => Buffer.from('no PDF at all').toString('base64'),
      'The PDF specified was not valid.',
    ],
    ['an empty PDF', async () => '', 'The PDF cannot be empty.'],
    ['invalid base64', async () => 'ü', 'Invalid base64 data'],
    ['a password', async () => pdfOf(['x'], { userPassword: 'secret' }), 'The PDF specified is password protected.'],
    ['encryption', async () => pdfOf(['x'], { ownerPassword: 'secret' }), 'The PDF specified is password protected.'],
    [
      '601 pages',
      async () => pdfOf(Array.from({ length: 601 }, () => '')),
      'A maximum of 600 PDF pages may be provided.',
    ],
  ])('rejects %s', async (_, make, message) => {
    const { client } = await echo();
    const rejected = client.messages.create(ask([documentBlock(await make())]));
    await expect(rejected).rejects.toThrow(BadRequestError);
    await expect(rejected).rejects.toThrow(`messages.0.content.0.document.source.base64.data: ${message}`);
  });

  it('rejects a document by URL and names the field', async () => {
    const { client } = await echo();
    const source = { type: 'url' as const, url: 'https://example.com/contract.pdf' };
    const rejected = client.messages.create(ask([{ type: 'document', source }]));
    await expect(rejected).rejects.toThrow(
      'messages.0.content.0.source.type: the simulated Claude reads base64 and text',
    );
  });

  it('rejects more than 32 MB', async () => {
    const { client } = await echo();
    const rejected = client.messages.create(ask('x'.repeat(33 * 1024 * 1024)));
    await expect(rejected).rejects.toMatchObject({ status: 413, type: 'request_too_large' });
  });
});
