import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ApiProblem } from '#core/api/http/problem.ts';

/**
 * Largest body in bytes. A Lambda event is at most 6 MB, and escaping the body as JSON within JSON can double its size.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** `JSON.parse` accepts any depth, but recursive code overflows the stack after a few thousand levels. */
const MAX_DEPTH = 100;

/**
 * Parses the JSON body of a request. Throws `ApiProblem` if it is not valid JSON, too large or nested too deeply.
 * @param takesUploads whether an uploaded input may replace a part of the body
 */
export function readJsonBody(
  event: Pick<APIGatewayProxyEvent, 'body' | 'headers' | 'isBase64Encoded'>,
  takesUploads = false,
): unknown {
  const type = Object.entries(event.headers ?? {}).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  if (!/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type)) {
    throw new ApiProblem(
      'wrong-content-type',
      type === '' ? 'The request has no content type.' : `The content type "${type}" is not supported.`,
      [
        {
          field: 'Content-Type',
          message: 'must be application/json',
          remedy: 'Send the header Content-Type: application/json.',
        },
      ],
    );
  }
  const text = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString('utf8') : (event.body ?? '');
  if (Buffer.byteLength(text) > MAX_BODY_BYTES) {
    throw new ApiProblem('too-large', `The body is larger than ${MAX_BODY_BYTES} bytes.`, [
      {
        field: 'body',
        message: 'is too large',
        remedy: takesUploads
          ? 'Upload the input with POST /uploads, and send its `inputKey`.'
          : `Send at most ${MAX_BODY_BYTES} bytes.`,
      },
    ]);
  }
  const parsed = parse(text);
  if (isDeeperThan(parsed, MAX_DEPTH)) {
    throw new ApiProblem('invalid-request', `The body has more than ${MAX_DEPTH} levels of nesting.`, [
      { field: 'body', message: 'is nested too deeply', remedy: `Use at most ${MAX_DEPTH} levels of nesting.` },
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
      `The body is not valid JSON: ${(error as Error).message.replaceAll(/"[^"]*"/g, '…')}.`,
      [{ field: 'body', message: 'is not valid JSON', remedy: 'Send one JSON object.' }],
    );
  }
}

/** Goes level by level instead of recursing, so that no depth overflows the stack. */
function isDeeperThan(value: unknown, levels: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.filter((each) => typeof each === 'object' && each !== null).flatMap((each) => Object.values(each));
  }
  return false;
}
