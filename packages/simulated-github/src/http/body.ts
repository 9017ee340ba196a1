import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { ApiError } from './api-error.ts';
import type { Call } from './route.ts';

const MAX_BODY_BYTES = 25 * 1024 * 1024;

/** Reads a body to its end even if it is too large: a client that is still sending would not see the error. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size > MAX_BODY_BYTES) throw new ApiError(413, 'Payload Too Large');
  return Buffer.concat(chunks);
}

/** Parses a body as JSON. An empty one is no body. */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ApiError(400, 'Problems parsing JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ApiError(400, 'Body should be a JSON object');
  return value;
}

/** Parses the body of a call by its schema. A wrong field is a 422 in GitHub's words. */
export function parseBody<T>(call: Call, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(call.body ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const path = issue.path.map((part) => (typeof part === 'number' ? String(part) : `properties/${String(part)}`));
    const field = path.join('/');
    const last = issue.path.at(-1);
    const missing = issue.code === 'invalid_type' && valueAt(call.body, issue.path) === undefined;
    return missing ? `"${String(last)}" wasn't supplied.` : `For '${field}', ${issue.message}.`;
  });
  throw new ApiError(422, `Invalid request.\n\n${problems.join('\n')}`);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const part of path) current = (current as Record<PropertyKey, unknown> | undefined)?.[part];
  return current;
}
