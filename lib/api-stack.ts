import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { ApiDomain } from './constructs/api-domain.ts';
import type { ConsoleUsers } from './constructs/console-users.ts';
import { TaskApi } from './constructs/task-api.ts';
import { FleetStack } from './fleet-stack.ts';
import type { SystemProps } from './platform.ts';

export interface ApiStackProps extends SystemProps {
  /** Rings while the region does no work. Undefined in a fleet of one region. */
  readonly working?: Alarm | undefined;
}

/** The task API of an environment and region, shared by the agents of all systems. */
export class ApiStack extends FleetStack {
  readonly api: TaskApi;
  /** Undefined without a domain. */
  readonly domain: ApiDomain | undefined;

  constructor(scope: Construct, { config, region, platform, working }: ApiStackProps) {
    super(scope, { config, region, system: 'api', description: 'The task API of all agents' });
    // The API finds queues by name, so they must exist before the first task arrives.
    for (const pool of platform.pools) this.addStackDependency(FleetStack.of(pool));
    this.api = new TaskApi(this, 'TaskApi', { platform });
    this.domain =
      config.domain && working && new ApiDomain(this, 'Domain', { api: this.api, domain: config.domain, working });
    this.tell({
      ApiUrl: this.api.rest.url,
      ApiId: this.api.rest.restApiId,
      UsagePlanId: this.api.usagePlan.usagePlanId,
      ...(this.users && { UserPoolId: this.users.pool.userPoolId }),
    });
  }

  /** The people who sign in to the console. Undefined if all callers have keys. */
  get users(): ConsoleUsers | undefined {
    return this.api.users;
  }
}
