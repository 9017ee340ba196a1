import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { z } from 'zod';

/** What the clients are told of an operation: no more than the document says. */
export interface DocumentedOperation {
  readonly id: string;
  readonly method: string;
  /** With parameters in braces. */
  readonly path: string;
  /** Names of the path's parameters, in their order. */
  readonly pathParameters: readonly string[];
  readonly takesQuery: boolean;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  /** The schema of its body; null where it takes none. */
  readonly schema: object | null;
  readonly takesBody: boolean;
  /** Of the good answer. */
  readonly status: number;
}

const operationSchema = z.object({
  operationId: z.string(),
  parameters: z.array(z.object({ name: z.string(), in: z.string(), schema: z.looseObject({}) })).default([]),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema: z.looseObject({}) })) }).optional(),
  responses: z.record(z.string(), z.object({ content: z.record(z.string(), z.unknown()).optional() })),
});
const documentSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), operationSchema)) });

/** An OpenAPI document as served, and its schemas as an independent validator understands them. */
export class ApiDocument {
  readonly operations: readonly DocumentedOperation[];
  readonly #parsed: z.infer<typeof documentSchema>;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(document: unknown) {
    this.#parsed = documentSchema.parse(document);
    formats.default(this.#ajv);
    this.#ajv.addSchema(document as object, 'openapi');
    this.operations = Object.entries(this.#parsed.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => described(path, method, operation)),
    );
  }

  /** The operation of an id. Throws when the document has none. */
  operation(id: string): DocumentedOperation {
    const found = this.operations.find((operation) => operation.id === id);
    if (!found) throw new Error(`The document has no operation ${id}.`);
    return found;
  }

  /** What the document says against an answer; nothing when it is as documented. */
  faultsOfAnswer(operation: DocumentedOperation, status: number, type: string, body: unknown): readonly string[] {
    const documented = this.#at(operation)?.responses[String(status)];
    if (!documented) return [`${status} is not documented`];
    if (documented.content === undefined) return body === undefined ? [] : ['a body is not documented'];
    const media = type.split(';')[0] ?? '';
    if (!(media in documented.content)) return [`${status} as "${type}" is not documented`];
    return this.#faults(
      ['paths', operation.path, operation.method, 'responses', String(status), 'content', media],
      body,
    );
  }

  /** What the document says against a body that is sent. */
  faultsOfBody({ path, method, takesBody }: DocumentedOperation, body: unknown): readonly string[] {
    if (!takesBody) return body === undefined ? [] : ['takes no body'];
    return this.#faults(['paths', path, method, 'requestBody', 'content', 'application/json'], body);
  }

  #at({ path, method }: DocumentedOperation) {
    return this.#parsed.paths[path]?.[method];
  }

  #faults(way: readonly string[], value: unknown): readonly string[] {
    const validate = this.#validator([...way, 'schema']);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || 'body'} ${message}`);
  }

  #validator(way: readonly string[]): ValidateFunction {
    const pointer = way.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const validate = this.#ajv.getSchema(`openapi#/${pointer}`);
    if (!validate) throw new Error(`The document has nothing at ${pointer}.`);
    return validate;
  }
}

function described(
  path: string,
  method: string,
  { operationId, parameters, requestBody, responses }: z.infer<typeof operationSchema>,
): DocumentedOperation {
  return {
    id: operationId,
    method,
    path,
    pathParameters: parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name),
    takesQuery: parameters.some((parameter) => parameter.in === 'query'),
    takesBody: requestBody !== undefined,
    parameters,
    schema: requestBody?.content['application/json']?.schema ?? null,
    status: Number(Object.keys(responses).find((status) => status.startsWith('2'))),
  };
}
