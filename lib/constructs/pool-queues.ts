import { ArnFormat } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Platform } from '../platform.ts';
import type { Wire } from '../wiring.ts';

export const PRIORITIES = ['high', 'default'] as const;

/** Pools' queues are found by their names, by whoever hands tasks to any agent: `<prefix>-<agent>-<priority>`. */
export const poolQueueName = ({ prefix }: Config, agent: string, priority: string): string =>
  `${prefix}-${agent}-${priority}`;

/** What may be done with which of a pool's queues. */
export type QueueRights = Readonly<Record<string, readonly string[]>>;
export const SENDING: QueueRights = { 'sqs:SendMessage': PRIORITIES };
export const LOOKING: QueueRights = { 'sqs:GetQueueAttributes': [...PRIORITIES, 'dead-letters'] };

/**
 * The prefix of all pools' queues, with the right to find them, and to do so with each: those of pools that are made
 * later, too. A name is no reference, so that systems' stacks do not depend on each other.
 * @param except an agent whose queues the function is told of otherwise
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
