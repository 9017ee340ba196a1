import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { problemResponse } from '#runtime/index.ts';
import { receiveGithub } from '../../functions/receive-github/receive-github.ts';
import type { Order } from '../../pull-request/order.ts';
import { signatureOf } from '../../pull-request/signature.ts';

export const SECRET = 'a secret of the tests';

/** A payload as GitHub publishes it. */
export interface Payload extends Record<string, unknown> {
  readonly action?: string;
}

interface Published {
  readonly name: string;
  readonly examples: readonly Payload[];
}

const published = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('@octokit/webhooks-examples'), 'utf8'),
) as readonly Published[];

/** All examples of an event that GitHub publishes. */
export const examplesOf = (event: string): readonly Payload[] =>
  published.filter(({ name }) => name === event).flatMap(({ examples }) => examples);

/** The first example of an event and an action. */
export function exampleOf(event: string, action: string): Payload {
  const found = examplesOf(event).find((each) => each.action === action);
  if (found === undefined) throw new Error(`There is no example of ${event}.${action}.`);
  return found;
}

export interface Sent {
  readonly event: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly isBase64Encoded?: boolean;
}

interface Receiving {
  readonly drafts?: boolean;
  /** Numbers of pull requests by `owner/name@commit`. */
  readonly heads?: Readonly<Record<string, readonly number[]>>;
}

/** The webhook's function, with executions that are only noted. */
export function receiver({ drafts = false, heads = {} }: Receiving = {}) {
  const started: { readonly name: string; readonly order: Order }[] = [];
  const ports = {
    secret: async () => SECRET,
    executions: { start: async (name: string, order: Order) => void started.push({ name, order }) },
    heads: { pullsAt: async (repository: string, head: string) => heads[`${repository}@${head}`] ?? [] },
    settings: { drafts },
    report: () => undefined,
  };
  const answer = async (headers: object, body: string, isBase64Encoded = false) => {
    const request = { headers, body, isBase64Encoded, requestContext: {} } as unknown as APIGatewayProxyEvent;
    const { statusCode, body: text } = await receiveGithub(ports, request).catch((error: unknown) =>
      problemResponse(error, request),
    );
    return { status: statusCode, body: JSON.parse(text) as Record<string, unknown>, text };
  };
  /** Sends a signed delivery. An undefined header is left out. */
  const send = async ({ event, body, headers = {}, isBase64Encoded = false }: Sent) => {
    const all = {
      'Content-Type': 'application/json',
      'X-GitHub-Event': event,
      'X-GitHub-Delivery': 'guid-1',
      'X-Hub-Signature-256': signatureOf(SECRET, Buffer.from(body)),
      ...headers,
    };
    return answer(all, isBase64Encoded ? Buffer.from(body).toString('base64') : body, isBase64Encoded);
  };
  return { send, answer, started };
}
