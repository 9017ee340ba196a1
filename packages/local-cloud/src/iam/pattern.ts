/** Whether a text matches a pattern. */
export type Matches = (text: string) => boolean;

/** Compiles an IAM pattern: `*` matches any characters, `?` matches one. */
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

/** Compiles a pattern of actions, which ignores case. */
export function actionPattern(pattern: string): Matches {
  const matches = wildcard(pattern.toLowerCase());
  return (action) => matches(action.toLowerCase());
}

/** Compiles a pattern of ARNs. Parts are compared one by one: a wildcard never spans two parts. The last part may contain colons. */
export function arnPattern(pattern: string): Matches {
  if (pattern === '*') return () => true;
  const parts = arnParts(pattern).map(wildcard);
  return (arn) => {
    const given = arnParts(arn);
    return given.length === parts.length && parts.every((matches, index) => matches(given[index] ?? ''));
  };
}

/** Splits an ARN into `arn`, partition, service, region, account and resource. */
function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(':')] : [])];
}
