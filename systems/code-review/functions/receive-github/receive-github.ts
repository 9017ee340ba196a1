import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { z } from 'zod';
import { invalid } from '#core/api/http/problem.ts';
import type { Runs } from '#core/ports/runs.ts';
import { readJsonBody } from '#runtime/index.ts';
import { orderOf, ordersOfSuite, type Suite } from '../../pull-request/event.ts';
import type { HeadStore } from '../../pull-request/head-store.ts';
import type { Order } from '../../pull-request/order.ts';
import { requireSignature } from '../../pull-request/signature.ts';

export interface ReceivePorts {
  secret(): Promise<string>;
  readonly executions: Runs<Order>;
  readonly heads: Pick<HeadStore, 'pullsAt'>;
  readonly settings: { readonly drafts: boolean };
  readonly report: (event: string, fields: object) => void;
}

/** What GitHub sends. */
const DOCUMENT = 'https://docs.github.com/en/webhooks/webhook-events-and-payloads';

const headersSchema = z.object({
  'x-github-event': z.string().min(1).max(100),
  'x-github-delivery': z.string().min(1).max(100),
});

/**
 * Answers a delivery: 202 when a review starts or stops, 200 when there is nothing to do. A redelivery has the same
 * answer and changes nothing.
 * Throws `ApiProblem`: 401 if the signature is wrong, 400 if the headers or the payload are.
 */
export async function receiveGithub(ports: ReceivePorts, event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const headers = Object.fromEntries(
    Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  requireSignature(await ports.secret(), headers['x-hub-signature-256'], body);
  const named = headersSchema.safeParse(headers);
  if (!named.success) throw invalid(named.error, 'headers', 'invalid-request', DOCUMENT);
  const { 'x-github-event': kind, 'x-github-delivery': id } = named.data;
  const payload = readJsonBody(event);
  const asked = orNamed(() => orderOf({ event: kind, id, payload }, ports.settings));
  ports.report('github.delivery', { delivery: id, kind, ...('asked' in asked ? asked.asked : asked) });
  if ('ignored' in asked) return answer(200, { ignored: asked.ignored });
  if ('suite' in asked) return rerunAll(ports, asked.suite);
  await ports.executions.start(asked.asked.name, asked.asked.order);
  return answer(202, { execution: asked.asked.name });
}

/** Starts a review for each pull request of a suite. Those of forks are known from their check runs. */
async function rerunAll({ executions, heads }: ReceivePorts, suite: Suite): Promise<APIGatewayProxyResult> {
  const { repository, head, numbers } = suite;
  const known = numbers.length > 0 ? numbers : await heads.pullsAt(repository, head);
  const orders = ordersOfSuite(suite, known);
  if (orders.length === 0) return answer(200, { ignored: 'a check suite of no pull request' });
  for (const { name, order } of orders) await executions.start(name, order);
  return answer(202, { executions: orders.map(({ name }) => name) });
}

function orNamed<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof z.ZodError) throw invalid(error, 'body', 'invalid-request', DOCUMENT);
    throw error;
  }
}

const answer = (statusCode: number, body: object): APIGatewayProxyResult => ({
  statusCode,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(body),
});
