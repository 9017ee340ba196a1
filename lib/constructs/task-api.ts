import { Duration } from 'aws-cdk-lib';
import {
  ApiKey,
  ApiKeySourceType,
  EndpointType,
  LambdaIntegration,
  RestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import type { MethodDeploymentOptions, MethodOptions, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { AuthorizeEnv } from '#functions/authorize/env.ts';
import { WITHOUT_KEY } from '#functions/read-fleet/env.ts';
import { explain } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import { keepOutputs } from '../kept-outputs.ts';
import type { Platform, SystemRoute } from '../platform.ts';
import { alarm } from './alarm.ts';
import { Canary } from './canary.ts';
import { ConsoleUsers } from './console-users.ts';
import { FleetFunction } from './fleet-function.ts';
import { answerInProblems, answerNotFound } from './gateway-problems.ts';
import { apiFunctions } from './task-api-functions.ts';

export interface TaskApiProps {
  readonly platform: Platform;
}

/** The stage of the API, which each of its paths begins with. */
export const STAGE = 'v1';
const KEY = '^Bearer flk_[A-Za-z0-9_-]+$';
/** A key, or a JSON Web Token. */
const KEY_OR_TOKEN = '^Bearer (flk_[A-Za-z0-9_-]+|[A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+)$';
/** A revoked key is rejected within a minute. */
const KEYS_KEPT = Duration.seconds(60);

/** The task API: a REST API, the functions that serve it, an authorizer that checks keys, and a usage plan. */
export class TaskApi extends Construct {
  readonly rest: RestApi;
  readonly usagePlan: UsagePlan;
  readonly authorizer: FleetFunction<AuthorizeEnv>;
  readonly canary: Canary | undefined;
  /** The people who sign in to the console. Undefined if all callers have keys. */
  readonly users: ConsoleUsers | undefined;

  constructor(scope: Construct, id: string, { platform }: TaskApiProps) {
    super(scope, id);
    this.users = FleetStack.of(this).config.console.signIn === 'cognito' ? new ConsoleUsers(this, 'Users') : undefined;
    this.authorizer = this.#makeAuthorizer(platform);
    this.rest = this.#makeRest(platform);
    const keyed: MethodOptions = {
      apiKeyRequired: true,
      authorizer: new TokenAuthorizer(this, 'Keys', {
        handler: this.authorizer.live,
        resultsCacheTtl: KEYS_KEPT,
        validationRegex: this.users === undefined ? KEY : KEY_OR_TOKEN,
      }),
    };
    const functions = apiFunctions(this, platform);
    for (const { fn, routes, open = [] } of functions) {
      const integration = new LambdaIntegration(fn.live, {
        scopePermissionToMethod: false,
      });
      for (const route of routes) {
        const [method = '', path = ''] = route.split(' ');
        const options = open.includes(route) ? {} : keyed;
        const made = this.rest.root.resourceForPath(path).addMethod(method, integration, options);
        if (open.includes(route)) explain(made, { APIG4: 'The description of the API is public.' });
      }
    }
    for (const route of platform.routes) this.#addSystemRoute(route, keyed);
    this.#answerUnknown();
    this.usagePlan = this.#makeUsagePlan();
    answerInProblems(this.rest);
    const alarms = [this.#watch()];
    const { config } = FleetStack.of(this);
    if (config.apiCanary ?? config.protectData) {
      const changed = [this.authorizer, ...functions.map(({ fn }) => fn)];
      this.canary = new Canary(this, 'Canary', { functions: changed, alarms });
    }
  }

  #addSystemRoute({ fn, route, ...access }: SystemRoute, keyed: MethodOptions): void {
    keepOutputs(fn, [fn.lambda.functionArn]);
    const [method = '', path = ''] = route.split(' ');
    const integration = new LambdaIntegration(fn.live, { scopePermissionToMethod: false });
    const resource = this.rest.root.resourceForPath(path);
    if ('keyed' in access) resource.addMethod(method, integration, keyed);
    else explain(resource.addMethod(method, integration), { APIG4: access.trusts });
  }

  /**
   * Without a method of its own, API Gateway takes a bearer key for a broken AWS signature and returns 403. A mock
   * returns the 404, so that nobody without a key makes a function run.
   */
  #answerUnknown(): void {
    const { integration, methodResponses } = answerNotFound();
    for (const resource of [this.rest.root, this.rest.root.addResource('{proxy+}')])
      explain(resource.addMethod('ANY', integration, { methodResponses }), {
        APIG4: 'It only says that a path does not exist.',
      });
  }

  #makeAuthorizer({ state }: Platform): FleetFunction<AuthorizeEnv> {
    return new FleetFunction<AuthorizeEnv>(this, 'Authorizer', {
      entry: 'functions/authorize/handler.ts',
      service: 'authorizer',
      description: 'Authenticates the keys of the task API',
      timeLimit: 10,
      environment: {
        STATE_TABLE: state.looking('everywhere'),
        ...(this.users && { USER_POOL: this.users.pool.userPoolId, USERS_PLAN_KEY: this.#planKey() }),
      },
    });
  }

  /** API Gateway's name for all people together. It is no secret: only the authorizer may give it. */
  #planKey(): string {
    return `people-of-the-console-of-${FleetStack.of(this).stackName}`;
  }

  #makeRest({ routes }: Platform): RestApi {
    const rest = new RestApi(this, 'Rest', {
      restApiName: FleetStack.of(this).stackName,
      description: 'Task API of the fleet’s agents',
      apiKeySourceType: ApiKeySourceType.AUTHORIZER,
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: false,
      // Metrics by method cost up to $0.30 each a month. Those of the whole API are free.
      deployOptions: {
        stageName: STAGE,
        tracingEnabled: true,
        metricsEnabled: FleetStack.of(this).config.apiMethodMetrics,
        methodOptions: this.#limits(routes),
      },
    });
    explain(rest, {
      APIG1: 'Every function logs its requests with key and request id. An access log needs an account-wide role.',
      APIG2: 'The functions validate every request against the API’s own schemas and name the invalid field.',
      APIG3: 'A web ACL belongs to the account. Associate yours with the stage.',
      APIG6: 'See APIG1.',
      COG4: 'Its callers are machines with keys.',
    });
    return rest;
  }

  /**
   * Keys have a usage plan. A route that needs no key is limited as a whole, so that nobody without a key can use up the
   * account's concurrent executions.
   */
  #limits(routes: Platform['routes']): Record<string, MethodDeploymentOptions> {
    const { apiRate: throttlingRateLimit, apiBurst: throttlingBurstLimit } = FleetStack.of(this).config;
    const webhooks = routes.filter((each) => !('keyed' in each));
    const withoutKey = [...WITHOUT_KEY, ...webhooks.map(({ route }) => route)];
    return Object.fromEntries(
      withoutKey.map((route) => {
        const [method = '', path = ''] = route.split(' ');
        return [`${path}/${method}`, { throttlingRateLimit, throttlingBurstLimit }];
      }),
    );
  }

  #makeUsagePlan(): UsagePlan {
    const { apiRate, apiBurst } = FleetStack.of(this).config;
    const plan = this.rest.addUsagePlan('Standard', {
      name: `${FleetStack.of(this).stackName}-standard`,
      throttle: { rateLimit: apiRate, burstLimit: apiBurst },
    });
    plan.addApiStage({ stage: this.rest.deploymentStage });
    if (this.users !== undefined) plan.addApiKey(new ApiKey(this, 'People', { value: this.#planKey() }));
    return plan;
  }

  #watch(): Alarm {
    return alarm(this, 'ServerErrors', {
      metric: this.rest.metricServerError({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 5,
      says: 'The task API is failing requests. The logs of its functions show the cause.',
      severity: 1,
      runbook: 'api-errors',
    });
  }
}
