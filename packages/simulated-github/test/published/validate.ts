import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

interface Slice {
  readonly operations: Readonly<Record<string, { request: unknown; responses: Readonly<Record<string, unknown>> }>>;
  readonly webhooks: Readonly<Record<string, unknown>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const slice = read('openapi-slice.json') as Slice;
correct(slice);

export const examples = (
  read('webhook-examples.json') as {
    examples: readonly { event: string; action: string | null; payload: Record<string, unknown> }[];
  }
).examples;

/** The used slice of GitHub's OpenAPI description, as one schema that others refer to. */
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'github', components: close(slice.components) });

/**
 * Corrects the description where GitHub answers otherwise:
 * an outdated comment has `line` and `position` null, an account of an installation is a user or an enterprise, not both, the
 * error of a diff that is too large has `errors`, and the head of a deleted fork has no repository (as GitHub's description of
 * webhooks says).
 */
function correct({ operations, components }: Slice): void {
  const { properties } = components.schemas['pull-request-review-comment'] as Described;
  for (const name of ['line', 'position']) properties[name] = { type: 'integer', nullable: true };
  for (const name of ['pull-request', 'pull-request-simple']) {
    const { head } = (components.schemas[name] as Described).properties;
    const repo = { $ref: '#/components/schemas/repository' };
    (head as Described).properties['repo'] = { anyOf: [repo, { type: 'null' }] };
  }
  const list = operations['GET /app/installations'] as { responses: Record<string, unknown> };
  list.responses['200'] = { type: 'array', items: { $ref: '#/components/schemas/installation' } };
  const pull = operations['GET /repos/{owner}/{repo}/pulls/{number}'] as { responses: Record<string, unknown> };
  pull.responses['406'] = { $ref: '#/components/schemas/validation-error' };
}

interface Described {
  readonly properties: Record<string, unknown>;
}

/** Allows no property that GitHub does not describe, except in schemas that are joined with others. */
function close(value: unknown, joined = false): unknown {
  if (Array.isArray(value)) return value.map((each) => close(each, joined));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => {
    if (key === '$ref') return [key, String(part).replace('#', 'github#')];
    return [key, close(part, joined || ['allOf', 'anyOf', 'oneOf'].includes(key))];
  });
  const closed = nullable(Object.fromEntries(entries) as Record<string, unknown>);
  const open = joined || !('properties' in closed) || 'additionalProperties' in closed || closed['type'] !== 'object';
  return open ? closed : { ...closed, additionalProperties: false };
}

/** OpenAPI 3.0 says `nullable`, also beside `enum` and `anyOf`, where JSON Schema needs null among the values. */
function nullable({ nullable: isNullable, ...schema }: Record<string, unknown>): Record<string, unknown> {
  return isNullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}

const compiled = new Map<string, ValidateFunction>();

function validatorOf(name: string, schema: unknown): ValidateFunction {
  const known = compiled.get(name) ?? ajv.compile(close(schema) as Record<string, unknown>);
  compiled.set(name, known);
  return known;
}

function problemsOf(name: string, schema: unknown, value: unknown): string[] {
  const validate = validatorOf(name, schema);
  void validate(value);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${name} ${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
  );
}

const patterns = Object.keys(slice.operations).map((operation) => {
  const source = operation.replace(/\{\w+\*\}/g, '.+').replace(/\{\w+\}/g, '[^/]+');
  return { operation, pattern: new RegExp(`^${source}$`) };
});

/** Names the published operation of a request, or undefined. */
export const operationOf = (method: string, path: string): string | undefined =>
  patterns.find(({ pattern }) => pattern.test(`${method} ${path}`))?.operation;

/** Compares an answer with GitHub's description of it. A status that is not described must be an error. */
export function answerProblems(method: string, path: string, status: number, body: unknown): string[] {
  const operation = operationOf(method, path);
  if (operation === undefined) return [];
  const responses = slice.operations[operation]?.responses ?? {};
  const described = String(status) in responses;
  if (!described && status < 400) return [`${operation} has no answer ${status}`];
  const schema = responses[String(status)];
  const kinds = status === 422 ? ['validation-error', 'validation-error-simple'] : ['basic-error'];
  const error = { anyOf: kinds.map((kind) => ({ $ref: `#/components/schemas/${kind}` })) };
  if (status >= 400) {
    // GitHub sends the status in each error, and describes it only for some.
    const { status: _, ...rest } = body as Record<string, unknown>;
    return problemsOf(`${operation} ${status}`, schema ?? error, rest);
  }
  return schema === null ? [] : problemsOf(`${operation} ${status}`, schema, body);
}

/** Compares the body of a request with GitHub's description of it. */
export function requestProblems(method: string, path: string, body: unknown): string[] {
  const operation = operationOf(method, path);
  const schema = operation === undefined ? undefined : slice.operations[operation]?.request;
  return schema === undefined || schema === null ? [] : problemsOf(`${operation} request`, schema, body);
}

/** Compares a webhook's payload with GitHub's description of it. */
export function webhookProblems(event: string, action: string | null, payload: unknown): string[] {
  const name = action === null ? event : `${event}.${action}`;
  const schema = slice.webhooks[name];
  return schema === undefined ? [`GitHub describes no ${name}`] : problemsOf(name, schema, payload);
}
