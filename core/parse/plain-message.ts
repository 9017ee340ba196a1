import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** How the messages of Zod's English locale begin. A schema's own message begins otherwise, and stays as it is. */
const DEFAULT_MESSAGE = /^(Invalid|Too (small|big)|Unrecognized)\b/;

const NOUNS: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const UNITS: Readonly<Record<string, string>> = { string: 'character', array: 'item', set: 'item', file: 'byte' };

const FORMATS: Readonly<Record<string, string>> = {
  url: 'a URL',
  email: 'an e-mail address',
  datetime: 'an ISO 8601 time like 2026-11-28T08:00:00Z',
  date: 'a date like 2026-11-28',
  uuid: 'a UUID',
};

/**
 * Says what an issue found, as a predicate that follows the field's name: `must be at least 2`. A message that the schema
 * sets itself is returned unchanged.
 */
export function plainMessage(issue: Issue): string {
  if (!DEFAULT_MESSAGE.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'too_small':
      return bound(issue.origin, 'at least', 'more than', issue.minimum, issue.inclusive);
    case 'too_big':
      return bound(issue.origin, 'at most', 'less than', issue.maximum, issue.inclusive);
    case 'invalid_type':
      return issue.message.endsWith('received undefined') ? 'is required' : `must be ${noun(issue.expected)}`;
    case 'invalid_value':
      return `must be ${anyOf(issue.values.map(String))}`;
    case 'invalid_format':
      return `must be ${FORMATS[issue.format] ?? `valid: ${lowerFirst(issue.message)}`}`;
    case 'unrecognized_keys':
      return `has the unknown ${issue.keys.length === 1 ? 'field' : 'fields'} ${issue.keys.join(', ')}`;
    case 'invalid_union':
      return 'matches none of the allowed forms';
    case 'invalid_key':
      return `has a name that ${issue.issues[0] === undefined ? 'is not allowed' : plainMessage(issue.issues[0])}`;
    case 'not_multiple_of':
    case 'invalid_element':
    case 'custom':
      return lowerFirst(issue.message);
  }
}

/** Names the field and what is wrong with it: `apiRate must be at least 1`. */
export function plainIssue(issue: Issue): string {
  const field = issue.path.map(String).join('.');
  return field === '' ? plainMessage(issue) : `${field} ${plainMessage(issue)}`;
}

function bound(origin: string, inclusive: string, exclusive: string, limit: number | bigint, isInclusive = true) {
  const unit = UNITS[origin];
  if (unit === undefined) return `must be ${isInclusive ? inclusive : exclusive} ${limit}`;
  if (inclusive === 'at least' && Number(limit) === 1) return 'must not be empty';
  return `must have ${isInclusive ? inclusive : exclusive} ${limit} ${unit}${Number(limit) === 1 ? '' : 's'}`;
}

const noun = (expected: string): string => NOUNS[expected] ?? `of type ${expected}`;

const anyOf = (values: readonly string[]): string =>
  values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;

const lowerFirst = (message: string): string =>
  message.replace(/^Invalid input: /, '').replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
