import { Duration } from 'aws-cdk-lib';
import {
  ApiKeySourceType,
  EndpointType,
  LambdaIntegration,
  ResponseType,
  RestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import type { MethodOptions, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import type { AuthorizeEnv } from '../../functions/authorize/env.ts';
import { explain } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { PlatformStack } from '../platform-stack.ts';
import { alarm } from './alarm.ts';
import { FleetFunction } from './fleet-function.ts';
import { apiFunctions } from './task-api-functions.ts';

export interface TaskApiProps {
  readonly platform: PlatformStack;
}

/** API Gateway gives up an integration after 29 seconds; a function that takes longer answers nobody. */
const STAGE = 'v1';
/** A revoked key is refused after a minute at the latest. */
const KEYS_KEPT = Duration.seconds(60);

/** The task API: a REST API before the functions that serve it, keys checked by an authorizer, each within its usage plan. */
export class TaskApi extends Construct {
  readonly rest: RestApi;
  readonly usagePlan: UsagePlan;
  readonly authorizer: FleetFunction<AuthorizeEnv>;

  constructor(scope: Construct, id: string, { platform }: TaskApiProps) {
    super(scope, id);
    this.authorizer = this.#makeAuthorizer(platform);
    this.rest = this.#makeRest();
    const keyed: MethodOptions = {
      apiKeyRequired: true,
      authorizer: new TokenAuthorizer(this, 'Keys', {
        handler: this.authorizer.lambda,
        resultsCacheTtl: KEYS_KEPT,
        validationRegex: '^Bearer flk_[A-Za-z0-9_-]+$',
      }),
    };
    for (const { fn, routes, open = [] } of apiFunctions(this, platform)) {
      const integration = new LambdaIntegration(fn.lambda, {
        scopePermissionToMethod: false,
      });
      for (const route of routes) {
        const [method = '', path = ''] = route.split(' ');
        const options = open.includes(route) ? {} : keyed;
        const made = this.rest.root.resourceForPath(path).addMethod(method, integration, options);
        if (open.includes(route)) explain(made, { APIG4: 'The description of the API holds no secret.' });
      }
    }
    for (const { fn, route, trusts } of platform.routes) {
      const [method = '', path = ''] = route.split(' ');
      const integration = new LambdaIntegration(fn.lambda, { scopePermissionToMethod: false });
      explain(this.rest.root.resourceForPath(path).addMethod(method, integration), { APIG4: trusts });
    }
    this.usagePlan = this.#makeUsagePlan();
    this.#answerInProblems();
    this.#watch();
  }

  #makeAuthorizer({ state }: PlatformStack): FleetFunction<AuthorizeEnv> {
    return new FleetFunction<AuthorizeEnv>(this, 'Authorizer', {
      entry: 'functions/authorize/handler.ts',
      service: 'authorizer',
      description: 'Tells who bears a key of the task API',
      timeLimit: 10,
      environment: { STATE_TABLE: state.looking() },
    });
  }

  #makeRest(): RestApi {
    const rest = new RestApi(this, 'Rest', {
      restApiName: FleetStack.of(this).stackName,
      description: 'Hands tasks to agents',
      apiKeySourceType: ApiKeySourceType.AUTHORIZER,
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: false,
      deployOptions: { stageName: STAGE, tracingEnabled: true, metricsEnabled: true },
    });
    explain(rest, {
      APIG1:
        'Every function logs its requests, by key and request id; an access log needs a role for the whole account.',
      APIG2: 'The functions parse every request by the schemas that the API is described by, and name the field.',
      APIG3: 'A web ACL is the account’s: associate yours with the stage.',
      APIG6: 'See APIG1.',
      COG4: 'Machines call it, by keys.',
    });
    return rest;
  }

  #makeUsagePlan(): UsagePlan {
    const { apiRate, apiBurst } = FleetStack.of(this).config;
    const plan = this.rest.addUsagePlan('Standard', {
      name: `${FleetStack.of(this).stackName}-standard`,
      throttle: { rateLimit: apiRate, burstLimit: apiBurst },
    });
    plan.addApiStage({ stage: this.rest.deploymentStage });
    return plan;
  }

  /** What API Gateway itself refuses is worded as the functions word it. */
  #answerInProblems(): void {
    const refusals: readonly [ResponseType, string, string, string][] = [
      [ResponseType.ACCESS_DENIED, '401', 'invalid-key', 'The key is not known, or was revoked.'],
      [ResponseType.UNAUTHORIZED, '401', 'invalid-key', 'Send your key as Authorization: Bearer flk_…'],
      [ResponseType.INVALID_API_KEY, '401', 'invalid-key', 'The key has no usage plan: make a new one.'],
      [
        ResponseType.MISSING_AUTHENTICATION_TOKEN,
        '404',
        'not-found',
        'There is no such route; /openapi.json lists them.',
      ],
      [
        ResponseType.REQUEST_TOO_LARGE,
        '413',
        'too-large',
        'The request is larger than 10 MB: upload the input by POST /uploads.',
      ],
      [ResponseType.THROTTLED, '429', 'too-many', 'The key is used faster than its rate: wait a second.'],
      [ResponseType.QUOTA_EXCEEDED, '429', 'too-many', 'The key has used up its quota.'],
      [
        ResponseType.DEFAULT_5XX,
        '500',
        'failed',
        'The fleet could not answer. Try again under the same Idempotency-Key.',
      ],
    ];
    for (const [type, status, kind, detail] of refusals) {
      const problem = { type: `urn:agent-fleet:problem:${kind}`, title: detail, status: Number(status), detail };
      this.rest.addGatewayResponse(type.responseType, {
        type,
        statusCode: status,
        responseHeaders: {
          'Content-Type': "'application/problem+json'",
          ...(status === '429' && { 'Retry-After': "'1'" }),
        },
        templates: {
          'application/json': JSON.stringify({ ...problem, instance: 'urn:request:$context.requestId' }),
        },
      });
    }
  }

  #watch(): void {
    alarm(this, 'ServerErrors', {
      metric: this.rest.metricServerError({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 5,
      says: 'The task API fails requests: the logs of its functions name the cause.',
    });
  }
}
