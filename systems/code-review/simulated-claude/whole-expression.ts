/** How far behind its match the end of an expression is looked for. */
const FURTHEST = 200;

/**
 * An expression whose match ends at the wrong bracket: without a bracket or quote that belongs to the code around it,
 * and with those that it opens itself.
 * @param end where the match ends
 */
export function wholeExpression(text: string, start: number, end: number): string {
  let depth = 0;
  let at = start;
  const last = Math.min(text.length, end + FURTHEST);
  for (; at < last && (at < end || depth > 0); at += 1) {
    const character = text.charAt(at);
    if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    else if ('"\'`'.includes(character)) {
      const closing = text.indexOf(character, at + 1);
      // Alone, it ends the string around the expression.
      if (closing < 0 || closing >= (depth > 0 ? last : end)) break;
      at = closing;
    }
    if (depth < 0) break;
  }
  return text.slice(start, depth > 0 ? end : at).trim();
}
