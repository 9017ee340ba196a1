import { ServiceError } from '../service.ts';

/**
 * Parses a filter pattern of terms. All terms must occur, `"quoted phrases"` as a whole, no term after a `-`, and at least
 * one of the terms after a `?`. Throws `InvalidParameterException` for patterns on JSON or fields.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function textFilter(pattern: string): (text: string) => boolean {
  if (/^\s*[{[%]/.test(pattern)) {
    const message = `The local CloudWatch Logs supports patterns of terms only, not ${pattern}. Search the log files instead.`;
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
