import { randomUUID } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { bodyOf, payloadMismatch, payloadOf, rememberBody, sha256 } from './payload.ts';
import { ServiceError } from './service.ts';
import type { Authorize, Caller, ServiceInput, ServiceOutput } from './service.ts';

/** Reads a whole request body. Rejects a body over `limit` bytes with a 413, so that no caller can exhaust the memory. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const body = bodyOf(request) ?? (await readChunks(request, limit));
  if (body.length > limit) throw tooLarge(limit);
  rememberBody(request, body);
  const payload = payloadOf(request);
  if (payload.kind === 'hash' && sha256(body) !== payload.sha256) throw payloadMismatch();
  return body;
}

async function readChunks(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

const tooLarge = (limit: number): ServiceError =>
  new ServiceError('RequestEntityTooLarge', `The request body exceeds ${limit} bytes.`, 413);

/** Sends one complete response with the request id that every AWS SDK reports in its errors. */
export function send(
  response: ServerResponse,
  status: number,
  body: string | Uint8Array,
  headers: OutgoingHttpHeaders = {},
): void {
  if (response.destroyed || response.writableEnded) return;
  response.writeHead(status, {
    'x-amzn-requestid': randomUUID(),
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

/** Aborts when the client disconnects before its response is complete. This ends a long poll that nobody waits for. */
export function disconnected(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}

/** Converts any error into a `ServiceError`. An unexpected one becomes a 500 with its message. */
export function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ServiceError('InternalFailure', `The local service failed: ${message}`, 500);
}

/** A service's error codes for invalid input, which differ between services. */
export interface InputErrorCodes {
  readonly missing: string;
  readonly invalid: string;
}

/**
 * Parses an API input. Throws a `ServiceError` that names a parameter that is missing, invalid or not supported here.
 * Unsupported parameters are never ignored, because ignoring one would change the result.
 */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown, codes: InputErrorCodes): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => (path === '' ? key : `${path}.${key}`)).join(', ');
    throw new ServiceError(codes.invalid, `The local cloud does not support the parameter ${names}. Remove it.`);
  }
  if (issue?.code === 'invalid_type' && valueAt(input, issue.path) === undefined) {
    throw new ServiceError(codes.missing, `The request must contain the parameter ${path}.`);
  }
  throw new ServiceError(
    codes.invalid,
    `Value for parameter ${path} is invalid. Reason: ${issue?.message ?? 'unknown'}`,
  );
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  return value;
}

/** A service that uses the AWS JSON protocol (`x-amz-target: Prefix.Action`, with JSON objects both ways). */
export interface JsonProtocol {
  /** `1.0` or `1.1`, the version in the content type. */
  readonly version: '1.0' | '1.1';
  /** Maximum request body, in bytes. */
  readonly bodyLimit: number;
  /** Returns an error's name as the service sends it, e.g. `com.amazonaws.sqs#QueueDoesNotExist`. */
  errorType(code: string): string;
  /** Additional headers of an error response, e.g. SQS's `x-amzn-query-error`. */
  errorHeaders?(error: ServiceError): OutgoingHttpHeaders;
  run(action: string, input: ServiceInput, caller: Caller, signal: AbortSignal): Promise<ServiceOutput>;
}

/** Handles one request of the AWS JSON protocol. Never throws. */
export async function handleJson(
  protocol: JsonProtocol,
  request: IncomingMessage,
  response: ServerResponse,
  caller: Caller,
  authorize: Authorize,
): Promise<void> {
  const headers = { 'content-type': `application/x-amz-json-${protocol.version}` };
  const signal = disconnected(response);
  try {
    const target = String(request.headers['x-amz-target'] ?? '');
    const body = await readBody(request, protocol.bodyLimit);
    const action = target.slice(target.indexOf('.') + 1);
    const input = jsonObject(body);
    authorize(action, input);
    const output = await protocol.run(action, input, caller, signal);
    send(response, 200, JSON.stringify(output), headers);
  } catch (thrown) {
    const error = asServiceError(thrown);
    const body = JSON.stringify({ __type: protocol.errorType(error.code), message: error.message, ...error.members });
    send(response, error.status, body, { ...headers, ...protocol.errorHeaders?.(error) });
  }
}

function jsonObject(body: Buffer): ServiceInput {
  try {
    const value: unknown = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as ServiceInput;
  } catch {
    // Falls through: everything that is not a JSON object gets the same error.
  }
  throw new ServiceError('SerializationException', 'The request body must be a JSON object.');
}
