import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { stateTable } from '#test/contract/local-services.ts';

export interface Call {
  readonly tenant?: string;
  readonly scopes?: string;
  readonly query?: Record<string, string>;
  readonly body?: unknown;
  readonly silence?: string;
}

/** The function that serves portfolios over a table of its own, and a portfolio of another id for each test. */
export function portfolioApi() {
  const at = stateTable();
  let handler: (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;
  let number = 0;
  let id: string;

  beforeAll(async () => {
    const { client, table } = at();
    const { hostname = '', port = 0 } = (await client.config.endpoint?.()) ?? {};
    const { accessKeyId, secretAccessKey } = await client.config.credentials();
    vi.stubEnv('AWS_ENDPOINT_URL', `http://${hostname}:${port}`);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
    vi.stubEnv('MARKET_TABLE', table);
    vi.stubEnv('REJECTED_BUCKET', 'rejected');
    vi.stubEnv('TENANT', 'funds');
    vi.stubEnv('PRIVATE_CALLBACKS', 'false');
    vi.stubEnv('SENDS_MAIL', 'false');
    vi.stubEnv('POWERTOOLS_DEV', 'false');
    // Files that share a worker share modules: the client of an earlier one is closed.
    vi.resetModules();
    ({ handler } = await import('../../functions/portfolios/handler.ts'));
  });
  afterAll(() => vi.unstubAllEnvs());
  beforeEach(() => {
    id = `p${(number += 1)}`;
  });

  const portfolio = (changes: object = {}) => ({
    id,
    name: 'Core',
    currency: 'USD',
    holdings: [{ ticker: 'AAPL', cik: '0000320193', quantity: 10 }],
    ...changes,
  });
  async function call(route: string, { tenant = 'funds', scopes = 'read operate', query, body, silence }: Call = {}) {
    const [httpMethod = '', resource = ''] = route.split(' ');
    const event = {
      httpMethod,
      resource,
      path: resource,
      pathParameters: resource.includes('{id}') ? { id, ...(silence !== undefined && { silence }) } : null,
      queryStringParameters: query ?? null,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      requestContext: { requestId: 'r', authorizer: { tenant, keyId: 'key-1', scopes, agents: '*' } },
    } as unknown as APIGatewayProxyEvent;
    const context = { getRemainingTimeInMillis: () => 10_000 } as Context;
    const { statusCode, body: text } = await handler(event, context);
    return { status: statusCode, body: JSON.parse(text) as Record<string, unknown> };
  }

  const put = (version: number, body: unknown = portfolio(), more: Call = {}) =>
    call('PUT /portfolios/{id}', { ...more, query: { version: String(version), ...more.query }, body });
  return {
    at,
    call,
    put,
    portfolio,
    get id() {
      return id;
    },
    set id(other: string) {
      id = other;
    },
  };
}
