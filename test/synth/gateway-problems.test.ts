import { App, Stack } from 'aws-cdk-lib';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { problemSchema } from '#core/api/http/problem.ts';
import { answerInProblems } from '#lib/constructs/gateway-problems.ts';

const responseSchema = z.object({
  Properties: z.object({ ResponseType: z.string(), ResponseTemplates: z.object({ 'application/json': z.string() }) }),
});

/** The problem of a response type, as a caller gets it. */
function problemOf(type: string) {
  const rest = new RestApi(new Stack(new App()), 'Api');
  rest.root.addMethod('GET');
  answerInProblems(rest);
  const found = Object.values(Template.fromStack(Stack.of(rest)).findResources('AWS::ApiGateway::GatewayResponse'))
    .map((each) => responseSchema.parse(each).Properties)
    .find(({ ResponseType }) => ResponseType === type);
  return problemSchema.parse(JSON.parse(found?.ResponseTemplates['application/json'] ?? ''));
}

/** The first by the authorizer; the other while the authorizer still caches its answer for a revoked key. */
test.each(['ACCESS_DENIED', 'INVALID_API_KEY'])(
  '%s says that the key may be unknown or revoked, and what to do',
  (type) => {
    const { status, detail, errors } = problemOf(type);
    expect(status).toBe(401);
    expect(detail).toMatch(/unknown/);
    expect(detail).toMatch(/revoked/);
    expect(errors).toEqual([
      {
        field: 'Authorization',
        message: expect.stringContaining('is not a valid key'),
        remedy: expect.stringMatching(/If it was revoked.*npm run fleet -- keys create --name NAME/),
      },
    ]);
  },
);

test('what is too large is an upload only if it is the input of a task: systems have operations of their own', () => {
  expect(problemOf('REQUEST_TOO_LARGE').errors).toMatchObject([
    { remedy: expect.stringMatching(/^Send less.*of a task/) },
  ]);
  expect(problemOf('MISSING_AUTHENTICATION_TOKEN').detail).toMatch(/all operations of the task API\.$/);
});
