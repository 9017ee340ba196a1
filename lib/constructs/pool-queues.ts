import { ArnFormat } from 'aws-cdk-lib';
import { Grant, ManagedPolicy, PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Platform } from '../platform.ts';
import { isGlobal } from '../regions.ts';
import { attach, type Wire } from '../wiring.ts';
import type { Reach } from './item-table.ts';

export const PRIORITIES = ['high', 'default'] as const;

/** Functions that send tasks to any agent find its queues by name: `<prefix>-<agent>-<priority>`. */
export const poolQueueName = ({ prefix }: Config, agent: string, priority: string): string =>
  `${prefix}-${agent}-${priority}`;

/**
 * Pools that one policy names. IAM allows 6,144 characters, and two queues with the longest names take 245 in GovCloud.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const POOLS_PER_POLICY = 24;

/**
 * The prefix of all pools' queues, with permission to look their URLs up and to send messages to them, also of pools that
 * are added later: whatever ends a task may wake one of another agent. Names instead of references keep the systems' stacks
 * independent of each other.
 * @param reach `everywhere`: to the queues of the same names in the fleet's other regions too
 */
export function sendingToPools(scope: Construct, platform: Platform, reach: Reach = 'here'): Wire {
  const stack = FleetStack.of(scope);
  const id = reach === 'here' || !isGlobal(stack.config) ? SENDERS : `${SENDERS}Everywhere`;
  const made = stack.node.tryFindChild(id);
  const senders = made instanceof PoolSenders ? made : new PoolSenders(stack, id, platform, reach);
  return { value: stack.config.prefix, grantTo: (grantee) => senders.grantTo(grantee) };
}

const SENDERS = 'PoolSenders';

/**
 * The policies that all functions of a stack share. If each role named all queues, a role's policy would overflow, and each
 * agent more would add resources to the stacks of all others.
 */
class PoolSenders extends Construct {
  readonly #policies: ManagedPolicy[] = [];
  readonly #grantees: IGrantable[] = [];
  readonly #regions: readonly string[];
  #pools = 0;

  constructor(scope: Construct, id: string, platform: Platform, reach: Reach) {
    super(scope, id);
    const { config, region } = FleetStack.of(this);
    this.#regions = reach === 'here' ? [region] : config.regions;
    platform.forEachPool(({ agent }) => this.#add(agent.name));
  }

  grantTo(grantee: IGrantable): void {
    this.#grantees.push(grantee);
    for (const policy of this.#policies) attach(policy, grantee);
  }

  #add(agent: string): void {
    const most = Math.floor(POOLS_PER_POLICY / this.#regions.length);
    const policy = this.#pools % most === 0 ? this.#addPolicy() : this.#policies.at(-1);
    this.#pools += 1;
    const resources = this.#regions.flatMap((region) => queueArns(FleetStack.of(this), agent, PRIORITIES, region));
    policy?.addStatements(new PolicyStatement({ actions: ['sqs:GetQueueUrl', 'sqs:SendMessage'], resources }));
  }

  #addPolicy(): ManagedPolicy {
    const description = 'Sends tasks to the queues of all agents';
    const policy = new ManagedPolicy(this, `Policy${this.#policies.length + 1}`, { description });
    this.#policies.push(policy);
    for (const grantee of this.#grantees) attach(policy, grantee);
    return policy;
  }
}

/** For the task API: the prefix of all pools' queues, with permission to read how many messages they hold. */
export function lookingAtPools(scope: Construct, { pools }: Platform): Wire {
  const stack = FleetStack.of(scope);
  const resourceArns = pools.flatMap(({ agent }) => queueArns(stack, agent.name, [...PRIORITIES, 'dead-letters']));
  return {
    value: stack.config.prefix,
    grantTo: (grantee) =>
      Grant.addToPrincipal({ grantee, actions: ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes'], resourceArns }),
  };
}

const queueArns = (
  stack: FleetStack,
  agent: string,
  kinds: readonly string[],
  region: string = stack.region,
): string[] =>
  kinds.map((kind) => {
    const resource = poolQueueName(stack.config, agent, kind);
    return stack.formatArn({ service: 'sqs', region, resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  });
