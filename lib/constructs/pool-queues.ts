import { ArnFormat } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Platform } from '../platform.ts';
import type { Wire } from '../wiring.ts';

export const PRIORITIES = ['high', 'default'] as const;

/** Functions that send tasks to any agent find its queues by name: `<prefix>-<agent>-<priority>`. */
export const poolQueueName = ({ prefix }: Config, agent: string, priority: string): string =>
  `${prefix}-${agent}-${priority}`;

/** Allowed actions, each with the queues of a pool that it applies to. */
export type QueueRights = Readonly<Record<string, readonly string[]>>;
export const SENDING: QueueRights = { 'sqs:SendMessage': PRIORITIES };
export const LOOKING: QueueRights = { 'sqs:GetQueueAttributes': [...PRIORITIES, 'dead-letters'] };

/**
 * The prefix of all pools' queues, with permission to look them up and to perform `rights` on them. Pools added later are
 * included. Names instead of references keep the systems' stacks independent of each other.
 * @param except an agent whose queues the function gets by URL
 */
export function poolQueues(scope: Construct, platform: Platform, rights: QueueRights, except?: string): Wire {
  const stack = FleetStack.of(scope);
  const arnsOf = (agent: string, kinds: readonly string[]): string[] =>
    kinds.map((kind) => {
      const resource = poolQueueName(stack.config, agent, kind);
      return stack.formatArn({ service: 'sqs', resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
    });
  return {
    value: stack.config.prefix,
    grantTo: (grantee) => {
      const found = [...new Set(Object.values(rights).flat())];
      const all = { 'sqs:GetQueueUrl': found, ...rights };
      platform.forEachPool(({ agent: { name } }) => {
        if (name === except) return;
        for (const [action, kinds] of Object.entries(all)) {
          Grant.addToPrincipal({ grantee, actions: [action], resourceArns: arnsOf(name, kinds) });
        }
      });
    },
  };
}
