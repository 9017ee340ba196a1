import { createHash } from 'node:crypto';
import { type DocumentReader, MAX_PAGES, tooManyPages, type ReadDocument } from './documents.ts';
import type { Block, CacheControl, DocumentBlock, PromptRequest } from './message-schema.ts';
import { TOKENS_FOR_TOOLS, TOKENS_PER_MESSAGE, TOKENS_PER_PAGE, tokensOf } from './tokens.ts';

/** One block of the prompt, in the order of billing and caching: format, tools, system, messages. */
export interface PromptBlock {
  readonly tokens: number;
  /** SHA-256 of this block and all blocks before it, in hex. Equal prefixes have equal hashes. */
  readonly prefix: string;
  readonly ttl: CacheControl['ttl'] | null;
}

export type DocumentsRead = ReadonlyMap<DocumentBlock, ReadDocument>;

/** Reads every document of a request. Throws a 400 that names the block when the real API rejects it. */
export async function readDocuments(request: PromptRequest, reader: DocumentReader): Promise<DocumentsRead> {
  const read = new Map<DocumentBlock, ReadDocument>();
  let pages = 0;
  for (const { block, field } of documentBlocks(request)) {
    const document = await readDocument(block, `${field}.document.source`, reader);
    pages += document.pages.length;
    if (pages > MAX_PAGES) throw tooManyPages(field);
    read.set(block, document);
  }
  return read;
}

async function readDocument(block: DocumentBlock, field: string, reader: DocumentReader): Promise<ReadDocument> {
  const { source } = block;
  switch (source.type) {
    case 'base64':
      return reader.read(source.data, `${field}.base64.data`);
    case 'text':
      return { sha256: createHash('sha256').update(source.data).digest('hex'), pages: [source.data] };
  }
}

function* documentBlocks(request: PromptRequest): Generator<{ block: DocumentBlock; field: string }> {
  for (const [index, message] of request.messages.entries()) {
    if (typeof message.content === 'string') continue;
    for (const [at, block] of message.content.entries()) {
      const field = `messages.${index}.content.${at}`;
      if (block.type === 'document') yield { block, field };
      if (block.type !== 'tool_result' || !Array.isArray(block.content)) continue;
      for (const [inner, part] of block.content.entries())
        if (part.type === 'document') yield { block: part, field: `${field}.content.${inner}` };
    }
  }
}

/** Returns the prompt as a chain of blocks, each with its tokens and the hash of the prefix that it ends. */
export function layOutPrompt(request: PromptRequest, documents: DocumentsRead): PromptBlock[] {
  const chain = new Chain();
  // A format adds a hidden prompt before everything else, so another format means another cache entry.
  const format = request.output_config?.format;
  if (format) chain.add(JSON.stringify(format.schema));
  request.tools?.forEach((tool, index) => {
    const { cache_control, ...definition } = tool;
    chain.add(JSON.stringify(definition), cache_control, index === 0 ? TOKENS_FOR_TOOLS : 0);
  });
  if (typeof request.system === 'string') chain.add(request.system);
  else for (const block of request.system ?? []) chain.add(block.text, block.cache_control);
  for (const message of request.messages) {
    chain.add(`\n${message.role}\n`, null, TOKENS_PER_MESSAGE - tokensOf(`\n${message.role}\n`));
    if (typeof message.content === 'string') chain.add(message.content);
    else for (const block of message.content) addBlock(chain, block, documents);
  }
  if (request.cache_control) chain.markLast(request.cache_control.ttl);
  return chain.blocks;
}

function addBlock(chain: Chain, block: Block, documents: DocumentsRead): void {
  switch (block.type) {
    case 'text':
      return chain.add(block.text, block.cache_control);
    case 'document':
      return addDocument(chain, block, documents, block.cache_control);
    case 'thinking':
      return chain.add(`${block.thinking}${block.signature}`);
    case 'redacted_thinking':
      return chain.add(block.data);
    case 'server_tool_use':
      return chain.add(`${block.id}${block.input.query}`);
    case 'web_search_tool_result':
      return chain.add(`${block.tool_use_id}${JSON.stringify(block.content)}`);
    case 'tool_use':
      return chain.add(`${block.id}${block.name}${JSON.stringify(block.input)}`, block.cache_control);
    case 'tool_result':
      chain.add(`${block.tool_use_id}${block.is_error ?? false}`);
      for (const part of contentOf(block)) addBlock(chain, part, documents);
      return block.cache_control ? chain.markLast(block.cache_control.ttl) : undefined;
  }
}

type ToolResultBlock = Extract<Block, { type: 'tool_result' }>;

const contentOf = (block: ToolResultBlock): Extract<Block, { type: 'text' | 'document' }>[] =>
  typeof block.content === 'string' ? [{ type: 'text', text: block.content }] : (block.content ?? []);

function addDocument(
  chain: Chain,
  block: DocumentBlock,
  documents: DocumentsRead,
  cacheControl: CacheControl | null | undefined,
): void {
  const document = documents.get(block);
  if (!document) throw new Error('Read the documents before the prompt is laid out.');
  const isPdf = block.source.type === 'base64';
  const text = tokensOf(document.pages.join(''));
  const images = isPdf ? document.pages.length * TOKENS_PER_PAGE : 0;
  const about = `${block.title ?? ''}${block.context ?? ''}`;
  chain.add(`${about}${document.sha256}`, cacheControl, text + images - tokensOf(document.sha256));
}

class Chain {
  readonly blocks: PromptBlock[] = [];

  /** Adds `extraTokens` to the tokens of the text. */
  add(text: string, cacheControl?: CacheControl | null, extraTokens = 0): void {
    const before = this.blocks.at(-1)?.prefix ?? '';
    this.blocks.push({
      tokens: tokensOf(text) + extraTokens,
      prefix: createHash('sha256').update(before).update(text).digest('hex'),
      ttl: cacheControl?.ttl ?? null,
    });
  }

  markLast(ttl: CacheControl['ttl']): void {
    const last = this.blocks.pop();
    if (last) this.blocks.push({ ...last, ttl: last.ttl ?? ttl });
  }
}

export const totalTokens = (blocks: readonly PromptBlock[]): number =>
  blocks.reduce((sum, block) => sum + block.tokens, 0);
