import type { ServiceInput } from '../../services/service.ts';
import { entries, list, text } from './fields.ts';

/** What no pattern of a policy matches but `*`. */
const UNKNOWN = '';

/**
 * The values of `dynamodb:LeadingKeys`: the partition keys of the items that a call reads or writes in a table. Undefined: the
 * call names none, such as a scan. A key that cannot be read from the call is an empty text, so that it is not allowed by mistake.
 * @param table its ARN
 */
export function leadingKeys(
  action: string,
  input: ServiceInput,
  table: string,
  partitionKey: string,
): readonly string[] | undefined {
  const keyOf = (item: unknown): string => valueOf(fieldOf(item, partitionKey));
  switch (action) {
    case 'dynamodb:GetItem':
    case 'dynamodb:UpdateItem':
    case 'dynamodb:DeleteItem':
      return [keyOf(input['Key'])];
    case 'dynamodb:PutItem':
      return [keyOf(input['Item'])];
    case 'dynamodb:Query':
      return [text(input, 'IndexName') === '' ? queriedKey(input, partitionKey) : UNKNOWN];
    case 'dynamodb:BatchGetItem':
      return requestsOf(input, table).flatMap((request) => list(request, 'Keys').map(keyOf));
    case 'dynamodb:BatchWriteItem':
      return requestsOf(input, table)
        .flatMap((requests) => (Array.isArray(requests) ? (requests as unknown[]) : []))
        .map((write) =>
          keyOf(fieldOf(fieldOf(write, 'PutRequest'), 'Item') ?? fieldOf(fieldOf(write, 'DeleteRequest'), 'Key')),
        );
    default:
      return undefined;
  }
}

/** The value of `pk = :pk`, by the names and values of the expression. */
function queriedKey(input: ServiceInput, partitionKey: string): string {
  const names = new Map(entries(input, 'ExpressionAttributeNames'));
  const values = new Map(entries(input, 'ExpressionAttributeValues'));
  for (const [, name = '', value = ''] of text(input, 'KeyConditionExpression').matchAll(/(#?\w+)\s*=\s*(:\w+)/g)) {
    if ((name.startsWith('#') ? names.get(name) : name) === partitionKey) return valueOf(values.get(value));
  }
  return UNKNOWN;
}

/** Of one table, which the call names by its name or ARN. */
const requestsOf = (input: ServiceInput, table: string): unknown[] =>
  entries(input, 'RequestItems').flatMap(([name, requests]) =>
    name === table || table.endsWith(`:table/${name}`) ? [requests] : [],
  );

/** A key is a text or a number. */
const valueOf = (attribute: unknown): string => text(attribute, 'S') || text(attribute, 'N') || UNKNOWN;

const fieldOf = (input: unknown, field: string): unknown =>
  typeof input === 'object' && input !== null ? Reflect.get(input, field) : undefined;
