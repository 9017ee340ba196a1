import { z } from 'zod';
import { taskListQuerySchema } from '#core/api/tasks/messages.ts';

const { agent, status, sessionId, runId, parent, from, to } = taskListQuerySchema.shape;

/** What the URL of the list may name: the filter of `GET /tasks`, and the page. */
export const SEARCH = {
  agent: agent.unwrap(),
  status: status.unwrap(),
  sessionId: sessionId.unwrap(),
  runId: runId.unwrap(),
  parent: parent.unwrap(),
  from: from.unwrap(),
  to: to.unwrap(),
  cursor: z.string().max(512),
} as const;

export type FilterName = Exclude<keyof typeof SEARCH, 'cursor'>;
export type FilterValues = { readonly [Name in FilterName]?: string | undefined };

/** A token of the property filter. */
export interface Token {
  readonly propertyKey?: string | undefined;
  readonly operator: string;
  readonly value: unknown;
}

/** Properties by the name of their parameter, and the one operator each has. */
export const PROPERTIES: readonly {
  readonly key: FilterName;
  readonly label: string;
  readonly operator: '=' | '>=' | '<';
}[] = [
  { key: 'agent', label: 'Agent', operator: '=' },
  { key: 'status', label: 'Status', operator: '=' },
  { key: 'runId', label: 'Run', operator: '=' },
  { key: 'sessionId', label: 'Session', operator: '=' },
  { key: 'parent', label: 'Delegated by', operator: '=' },
  { key: 'from', label: 'Accepted from', operator: '>=' },
  { key: 'to', label: 'Accepted before', operator: '<' },
];

export const STATUSES = status.unwrap().options;

/** The tokens of a filter, in the order of the properties. */
export const tokensOf = (values: FilterValues): Token[] =>
  PROPERTIES.flatMap(({ key, operator }) => {
    const value = values[key];
    return value === undefined ? [] : [{ propertyKey: key, operator, value }];
  });

/**
 * The parameters that tokens stand for. The last token of a property counts, since the API filters by one value of each.
 * Times may be written as `2h` for two hours ago.
 */
export function valuesOf(tokens: readonly Token[], now: number): Record<FilterName, string | undefined> {
  const values: Record<string, string | undefined> = {};
  for (const { key } of PROPERTIES) values[key] = undefined;
  for (const { propertyKey, value } of tokens) {
    if (propertyKey === undefined || typeof value !== 'string') continue;
    values[propertyKey] = propertyKey === 'from' || propertyKey === 'to' ? timeOf(value, now) : value;
  }
  return values;
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function timeOf(text: string, now: number): string {
  const [, amount, unit = ''] = /^(\d+)([mhd])$/.exec(text.trim()) ?? [];
  if (amount !== undefined) return new Date(now - Number(amount) * (UNITS[unit] ?? 0)).toISOString();
  const at = Date.parse(text);
  // What is no time stays as it is: the page says that it is ignored.
  return Number.isNaN(at) ? text : new Date(at).toISOString();
}
