import { z } from 'zod';
import type { Operation } from './http/operation.ts';
import { operations } from './operations.ts';
import { ApiProblem, problemSchema, type ProblemKind } from './http/problem.ts';

type Json = Readonly<Record<string, unknown>>;

/** Problems that any operation can return. */
const ANYWHERE: readonly ProblemKind[] = ['invalid-request', 'too-many', 'failed'];
const WITH_KEY: readonly ProblemKind[] = ['invalid-key', 'not-allowed'];
const WITH_BODY: readonly ProblemKind[] = ['too-large', 'wrong-content-type'];

const TASK_API = {
  title: 'agent-fleet task API',
  description: 'Submit tasks to agents, wait for their results, and operate their pools.',
};

/**
 * The OpenAPI 3.1 document of operations, generated from the schemas that validate requests.
 * @param of their definitions by id. @default those of the task API
 */
export function openApi(
  of: Readonly<Record<string, Operation>> = operations,
  { title, description }: { readonly title: string; readonly description: string } = TASK_API,
): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [id, definition] of Object.entries(of)) {
    const { path, method } = definition;
    (paths[path] ??= {})[method.toLowerCase()] = operationObject(id, definition);
  }
  return {
    openapi: '3.1.0',
    info: {
      title,
      version: '1',
      description,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'A key created by `npm run fleet -- keys create --name NAME`.',
        },
      },
      schemas: { Problem: schemaOf(problemSchema, 'output') },
    },
  };
}

function operationObject(operationId: string, { summary, description, scope, body, answer, ...rest }: Operation): Json {
  const content = answer.schema === null ? {} : { content: json(schemaOf(answer.schema, 'output')) };
  return {
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    ...(scope === null ? { security: [] } : { 'x-scope': scope }),
    parameters: parametersOf(rest),
    ...(body === null ? {} : { requestBody: { required: true, content: json(schemaOf(body, 'input')) } }),
    responses: {
      [answer.status]: { description: answer.description, ...content },
      ...problemsOf([
        ...ANYWHERE,
        ...(scope === null ? [] : WITH_KEY),
        ...(body === null ? [] : WITH_BODY),
        ...(rest.problems ?? []),
      ]),
    },
  };
}

function parametersOf({ params, query, idempotent }: Pick<Operation, 'params' | 'query' | 'idempotent'>): Json[] {
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'A unique value that makes the request safe to retry: a retry with the same key has no further effect.',
    schema: { type: 'string', minLength: 1, maxLength: 256 },
  };
  return [...fieldsOf(params, 'path'), ...fieldsOf(query, 'query'), ...(idempotent === true ? [key] : [])];
}

const fieldsSchema = z.object({
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  required: z.array(z.string()).default([]),
});

function fieldsOf(schema: z.ZodType, place: 'path' | 'query'): Json[] {
  const { properties, required } = fieldsSchema.parse(schemaOf(schema, 'input'));
  return Object.entries(properties).map(([name, { description, ...field }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: field,
  }));
}

function problemsOf(kinds: readonly ProblemKind[]): Record<string, Json> {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    kinds.map((kind) => {
      const { status, title } = new ApiProblem(kind, '').toProblem();
      return [String(status), { description: title, content }];
    }),
  );
}

const json = (schema: Json): Json => ({ 'application/json': { schema } });

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...made } = z.toJSONSchema(schema as z.core.$ZodType, { io, unrepresentable: 'any' });
  return made;
}
