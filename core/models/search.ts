/** The provider's own web search, as Claude calls it. */
export const SEARCH_TOOL = 'web_search';

/**
 * The tool by which a model that may search gives its answer: the API refuses the citations of a search together with a
 * schema for the answer. No agent's own tool may have this name.
 */
export const ANSWER_TOOL = 'final_answer';

/** What a search found. Titles are words of strangers. */
export interface SearchResult {
  readonly url: string;
  readonly title: string;
}
