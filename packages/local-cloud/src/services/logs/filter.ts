import { ServiceError } from '../service.ts';
import { jsonFilter } from './json-pattern.ts';

/**
 * Parses a filter pattern: on JSON (see `jsonFilter`), or of terms. All terms must occur, `"quoted phrases"` as a whole, no
 * term after a `-`, and at least one of the terms after a `?`. Throws `InvalidParameterException` for patterns on fields
 * that are separated by spaces, and for regular expressions.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function lineFilter(pattern: string): (text: string) => boolean {
  if (/^\s*\{/.test(pattern)) return jsonFilter(pattern.trim());
  if (/^\s*[[%]/.test(pattern)) {
    const message = `The local CloudWatch Logs supports patterns of terms and on JSON only, not ${pattern}.`;
    throw new ServiceError('InvalidParameterException', message);
  }
  const terms = [...pattern.matchAll(/([-?]?)(?:"([^"]*)"|(\S+))/g)].map(([, sign = '', phrase, word]) => ({
    sign,
    text: phrase ?? word ?? '',
  }));
  const all = terms.filter(({ sign }) => sign === '');
  const none = terms.filter(({ sign }) => sign === '-');
  const any = terms.filter(({ sign }) => sign === '?');
  return (line) =>
    all.every(({ text }) => line.includes(text)) &&
    !none.some(({ text }) => line.includes(text)) &&
    (any.length === 0 || any.some(({ text }) => line.includes(text)));
}
