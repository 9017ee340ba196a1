import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ApiProblem } from '#core/api/http/problem.ts';

/**
 * Longest body in bytes. Lambda takes events of 6 MB, in which the body is JSON within JSON and may double.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** `JSON.parse` takes any depth, but what looks at a value by recursion runs out of stack after some thousand levels. */
const MAX_DEPTH = 100;

/** The body of a request, parsed. Throws `ApiProblem` for anything but JSON. */
export function readJsonBody(event: Pick<APIGatewayProxyEvent, 'body' | 'headers' | 'isBase64Encoded'>): unknown {
  const type = Object.entries(event.headers ?? {}).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  if (!/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type)) {
    throw new ApiProblem('wrong-content-type', `The body must be JSON, but its content type is "${type}".`, [
      {
        field: 'Content-Type',
        message: 'must be application/json',
        remedy: 'Send the header Content-Type: application/json.',
      },
    ]);
  }
  const text = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString('utf8') : (event.body ?? '');
  if (Buffer.byteLength(text) > MAX_BODY_BYTES) {
    throw new ApiProblem('too-large', `The body is larger than ${MAX_BODY_BYTES} bytes.`, [
      { field: 'body', message: 'is too large', remedy: 'Upload the input by POST /uploads, and send its key.' },
    ]);
  }
  const parsed = parse(text);
  if (isDeeperThan(parsed, MAX_DEPTH)) {
    throw new ApiProblem('invalid-request', `The body is nested deeper than ${MAX_DEPTH} levels.`, [
      { field: 'body', message: 'is nested too deep', remedy: `Send at most ${MAX_DEPTH} levels.` },
    ]);
  }
  return parsed;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ApiProblem(
      'invalid-request',
      `The body is no JSON: ${(error as Error).message.replaceAll(/"[^"]*"/g, '…')}.`,
      [{ field: 'body', message: 'is no JSON', remedy: 'Send one JSON object.' }],
    );
  }
}

/** Level by level, so that no depth is too much for it. */
function isDeeperThan(value: unknown, levels: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.filter((each) => typeof each === 'object' && each !== null).flatMap((each) => Object.values(each));
  }
  return false;
}
