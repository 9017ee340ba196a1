import type { ServiceInput } from '../services/service.ts';
import { API_GATEWAY } from './needs-apigateway.ts';
import { DYNAMODB } from './needs-dynamodb.ts';
import { S3 } from './needs-s3.ts';
import { LAMBDA, LOGS, SECRETS_MANAGER, SNS, SQS, STATES } from './needs-services.ts';

/** What one call must be allowed: an action of IAM, and the resource as `AccessRequest` has it. */
export interface Need {
  readonly action: string;
  readonly resource: string | undefined;
}

/** What is needed to name resources. */
export interface Names {
  /** `arn:aws:<service>:<region>:<account>:<resource>` */
  readonly arn: (service: string, resource: string) => string;
  /** The ARN of a secret by its name; undefined when there is none. */
  readonly secretArn: (name: string) => string | undefined;
}

/** What an API action needs, by its input. An input without the field gets an empty name; the service refuses it afterwards. */
export type NeedsOf = (input: ServiceInput, names: Names) => readonly Need[];

const NEEDS: Readonly<Record<string, Readonly<Record<string, NeedsOf>>>> = {
  apigateway: API_GATEWAY,
  dynamodb: DYNAMODB,
  lambda: LAMBDA,
  logs: LOGS,
  s3: S3,
  secretsmanager: SECRETS_MANAGER,
  sns: SNS,
  sqs: SQS,
  states: STATES,
  // AWS asks no permission for it.
  sts: { GetCallerIdentity: () => [] },
};

/** What a call needs; undefined for an action that is not in the table. */
export function needsOf(service: string, action: string, input: ServiceInput, names: Names) {
  const actions = NEEDS[service];
  return actions !== undefined && Object.hasOwn(actions, action) ? actions[action]?.(input, names) : undefined;
}
