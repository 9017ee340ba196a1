/** Whether a text matches a pattern. */
export type Matches = (text: string) => boolean;

/** Compiles an IAM pattern: `*` matches any characters, `?` matches one. */
export function wildcard(pattern: string): Matches {
  if (pattern === '*') return () => true;
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  return (text) => glob(pattern, text);
}

/**
 * Matches in at most pattern times text steps. A regular expression would need exponential time for `*a*a*a*b`, and the
 * text is what a caller sends. Only the last `*` is tried again, since an earlier one cannot match where it does not.
 */
function glob(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let from = 0;
  for (let position = 0; position < text.length;) {
    const expected = pattern[at];
    if (expected === '*') {
      star = at++;
      from = position;
    } else if (expected !== undefined && (expected === '?' || expected === text[position])) {
      at++;
      position++;
    } else if (star === -1) {
      return false;
    } else {
      at = star + 1;
      position = ++from;
    }
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
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
