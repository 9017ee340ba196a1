/**
 * Tokens by a rule of thumb, the same on every machine: four UTF-8 bytes a token, which is near the truth for English
 * prose and, by counting bytes, dearer for other scripts, as it is in truth.
 */
export const BYTES_PER_TOKEN = 4;

/** A page of a PDF is also seen as an image of about 1.15 megapixels; 750 pixels a token. Source: the vision guide. */
export const TOKENS_PER_PAGE = 1_500;

/** What marks a turn's role and end. */
export const TOKENS_PER_MESSAGE = 4;

/** The hidden system prompt that explains tools. Source: the tool use guide's pricing table. */
export const TOKENS_FOR_TOOLS = 346;

export const tokensOf = (text: string): number => Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);

/** The longest start of `text` that costs at most `tokens`, not cutting a character in two. */
export function clipToTokens(text: string, tokens: number): string {
  if (tokensOf(text) <= tokens) return text;
  const bytes = Buffer.from(text).subarray(0, tokens * BYTES_PER_TOKEN);
  return new TextDecoder().decode(bytes, { stream: true });
}
