import type { ModelRequest } from '../ports/model.ts';
import { utf8Length } from '../text/utf8-length.ts';

/**
 * The most input tokens a PDF page can cost beside its text: it is also read as an image, of at most 4,784 tokens at
 * the high resolution of the newest models (width × height ÷ 750; Claude documentation, "Vision").
 */
const TOKENS_PER_PAGE_IMAGE = 4_784;
/** What the provider adds around messages, tools and schema. */
const OVERHEAD_TOKENS = 1_000;

/**
 * An upper bound of a request's input tokens: no byte of UTF-8 text makes more than one token. Cheap, so it is asked
 * first; only when it does not fit the budget is the provider asked to count.
 */
export function inputBound(request: Pick<ModelRequest, 'system' | 'messages' | 'tools' | 'outputSchema'>): number {
  let bytes = utf8Length(request.system) + utf8Length(JSON.stringify([request.tools, request.outputSchema]));
  let pages = 0;
  for (const message of request.messages) {
    for (const part of message.content) {
      if (part.type === 'document') {
        bytes += part.textBytes;
        pages += part.pages;
      } else {
        bytes += utf8Length(JSON.stringify(part));
      }
    }
  }
  return bytes + pages * TOKENS_PER_PAGE_IMAGE + OVERHEAD_TOKENS;
}
