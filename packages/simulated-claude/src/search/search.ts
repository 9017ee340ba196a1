import { ApiError } from '../api-error.ts';
import type { Claude } from '../claude.ts';
import { digest } from '../digest.ts';
import { newId } from '../ids.ts';
import { searchToolOf, type MessageRequest } from '../message-schema.ts';
import type { Fault } from '../options.ts';
import type { DocumentsRead } from '../prompt.ts';
import { answerByRules, type RuleAnswer, type RuleSearch } from '../rules.ts';
import { tokensOf } from '../tokens.ts';
import { resultBlock, useBlock, type SearchError, type SearchResult, type SearchUse } from './blocks.ts';
import { askEndpoint, type Found } from './endpoint.ts';
import { isWanted, type SearchTool } from './tool.ts';

/** The searches of one call. */
export interface Searches {
  readonly blocks: readonly (SearchUse | SearchResult)[];
  /** Those that are billed: failed ones are not. */
  readonly made: number;
  /** Tokens of the queries, which are output. */
  readonly queryTokens: number;
  /** Tokens that are read again after each search: the prompt, and all queries and results so far. */
  readonly readTokens: number;
}

/** What a rule says in the end. */
export type Spoken = Exclude<RuleAnswer, { readonly search: unknown }>;

/** A rule that still searches after so many rounds would never answer. */
const MAX_ROUNDS = 20;

/**
 * The answer of the rules, which may search before it. With the fault `pause`, a call that searches ends after its first
 * searches, without an answer.
 */
export async function answerWithSearches(
  claude: Claude,
  request: MessageRequest,
  documents: DocumentsRead,
  fault: Fault | null,
  promptTokens: number,
): Promise<{ readonly ruled: Spoken | null; readonly searches: Searches }> {
  const asked = digest(request, documents, fault);
  const log = new SearchLog(claude, searchToolOf(request), promptTokens);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const ruled = await answerByRules(claude.rules, { ...asked, searches: [...asked.searches, ...log.done] });
    if (!('search' in ruled)) return { ruled, searches: log.searches() };
    for (const query of ruled.search) await log.search(query);
    if (fault === 'pause') return { ruled: null, searches: log.searches() };
  }
  throw new ApiError('api_error', 'A rule of the simulated Claude searches without end. Fix the rule.');
}

class SearchLog {
  readonly done: RuleSearch[] = [];
  readonly #claude: Claude;
  readonly #tool: SearchTool | undefined;
  readonly #promptTokens: number;
  readonly #blocks: (SearchUse | SearchResult)[] = [];
  #made = 0;
  #queryTokens = 0;
  #readTokens = 0;

  constructor(claude: Claude, tool: SearchTool | undefined, promptTokens: number) {
    this.#claude = claude;
    this.#tool = tool;
    this.#promptTokens = promptTokens;
  }

  async search(query: string): Promise<void> {
    const tool = this.#tool;
    if (tool === undefined)
      throw new ApiError(
        'api_error',
        'A rule of the simulated Claude returned a web search, but the request does not have the tool. Fix the rule.',
      );
    const id = newId('srvtoolu');
    const outcome = await this.#outcome(tool, query);
    this.#blocks.push(useBlock(id, query), resultBlock(id, outcome));
    this.#queryTokens += tokensOf(query);
    const error = typeof outcome === 'string' ? outcome : null;
    const results = typeof outcome === 'string' ? [] : outcome;
    this.done.push({ query, error, results: results.map(({ url, title }) => ({ url, title })) });
    if (error !== null) return;
    this.#made += 1;
    this.#readTokens += this.#promptTokens + tokensOf(JSON.stringify(this.#blocks));
  }

  async #outcome(tool: SearchTool, query: string): Promise<readonly Found[] | SearchError> {
    if (this.#made >= (tool.max_uses ?? Number.POSITIVE_INFINITY)) return 'max_uses_exceeded';
    const found = await askEndpoint(this.#claude.options.search, query);
    return found === null ? 'unavailable' : found.filter((result) => isWanted(tool, result));
  }

  searches(): Searches {
    const counts = { made: this.#made, queryTokens: this.#queryTokens, readTokens: this.#readTokens };
    return { blocks: this.#blocks, ...counts };
  }
}
