import { ServiceError } from '../service.ts';

/**
 * A filter pattern of terms: all must occur, `"quoted phrases"` as a whole, none after a `-`, one of several after a `?`.
 * Throws `InvalidParameterException` for patterns that look into JSON or fields.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function textFilter(pattern: string): (text: string) => boolean {
  if (/^\s*[{[%]/.test(pattern)) {
    const message = `The local CloudWatch Logs filters by terms only, not by ${pattern}: search the log files instead.`;
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
