/**
 * An approximation that is the same on every machine: four UTF-8 bytes per token. It is close for English prose. Counting
 * bytes makes other scripts cost more, as they do in the real API.
 */
export const BYTES_PER_TOKEN = 4;

/** A PDF page is also an image of about 1.15 megapixels, with 750 pixels per token. Source: the vision guide. */
export const TOKENS_PER_PAGE = 1_500;

/** For the markers of a turn's role and end. */
export const TOKENS_PER_MESSAGE = 4;

/** The hidden system prompt that explains tools. Source: the tool use guide's pricing table. */
export const TOKENS_FOR_TOOLS = 346;

export const tokensOf = (text: string): number => Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);

/** Returns the longest prefix of `text` that costs at most `tokens`, without splitting a character. */
export function clipToTokens(text: string, tokens: number): string {
  if (tokensOf(text) <= tokens) return text;
  const bytes = Buffer.from(text).subarray(0, tokens * BYTES_PER_TOKEN);
  return new TextDecoder().decode(bytes, { stream: true });
}
