/** Whether a text fits a pattern. */
export type Matches = (text: string) => boolean;

/** A pattern of IAM: `*` stands for any characters, `?` for one. */
export function wildcard(pattern: string): Matches {
  if (pattern === '*') return () => true;
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 's');
  return (text) => expression.test(text);
}

/** Actions are compared without regard to case. */
export function actionPattern(pattern: string): Matches {
  const matches = wildcard(pattern.toLowerCase());
  return (action) => matches(action.toLowerCase());
}

/** ARNs are compared part by part, so that a wildcard in one part reaches no other; the last part may hold colons. */
export function arnPattern(pattern: string): Matches {
  if (pattern === '*') return () => true;
  const parts = arnParts(pattern).map(wildcard);
  return (arn) => {
    const given = arnParts(arn);
    return given.length === parts.length && parts.every((matches, index) => matches(given[index] ?? ''));
  };
}

/** `arn`, partition, service, region, account, and all the rest. */
function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(':')] : [])];
}
