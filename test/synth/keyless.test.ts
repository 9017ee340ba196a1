import { expect, test } from 'vitest';
import { z } from 'zod';
import { systems } from '#bin/systems.ts';
import { everyStack } from './every-stack.ts';

const stacks = await everyStack('prod');
const api = Object.entries(stacks['api']?.Resources ?? {});
const ofType = (type: string) => api.filter(([, { Type }]) => Type === type).map(([, { Properties }]) => Properties);

const methodSchema = z.looseObject({
  HttpMethod: z.string(),
  ApiKeyRequired: z.boolean().default(false),
  ResourceId: z.unknown(),
  Integration: z.looseObject({ Type: z.string() }),
});
const keyless = ofType('AWS::ApiGateway::Method')
  .map((properties) => methodSchema.parse(properties))
  .filter(({ ApiKeyRequired }) => !ApiKeyRequired);

test('an unknown path or method makes no function run: a mock returns the 404 as a problem, whatever the body', () => {
  const unknown = keyless.filter(({ HttpMethod }) => HttpMethod === 'ANY');
  expect(unknown).toHaveLength(2);
  for (const { Integration } of unknown) {
    expect(Integration).toMatchObject({
      Type: 'MOCK',
      PassthroughBehavior: 'NEVER',
      IntegrationResponses: [{ StatusCode: '404', ResponseParameters: expect.any(Object) as object }],
    });
    expect(JSON.stringify(Integration)).toContain('urn:agent-fleet:problem:not-found');
  }
  const rejected = ofType('AWS::ApiGateway::GatewayResponse');
  expect(rejected).toContainEqual(
    expect.objectContaining({ ResponseType: 'UNSUPPORTED_MEDIA_TYPE', StatusCode: '404' }) as object,
  );
});

/** The routes of systems, such as `POST /support/messages`, as the stage's settings name them. */
const webhooks = systems
  .flatMap(({ routes = [] }) => routes.filter(({ keyed = false }) => !keyed))
  .map(({ route }) => route.replace(' ', ' /').replaceAll(/(?<=\/.*)\//g, '~1'))
  .toSorted();

test('every method without a key that makes a function run is throttled as a whole', () => {
  const running = keyless.filter(({ Integration }) => Integration.Type !== 'MOCK');
  const [stage] = ofType('AWS::ApiGateway::Stage');
  const settings = z
    .array(
      z.looseObject({ HttpMethod: z.string(), ResourcePath: z.string(), ThrottlingRateLimit: z.number().optional() }),
    )
    .parse(stage?.['MethodSettings'])
    .filter(({ ThrottlingRateLimit }) => ThrottlingRateLimit !== undefined);
  expect(settings.map(({ HttpMethod, ResourcePath }) => `${HttpMethod} ${ResourcePath}`).toSorted()).toEqual([
    'GET /~1openapi.json',
    ...webhooks,
  ]);
  expect(running).toHaveLength(settings.length);
});
