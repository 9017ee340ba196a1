import type { ServiceInput } from '../../services/service.ts';
import { API_GATEWAY } from './api-gateway.ts';
import { DYNAMODB } from './dynamodb.ts';
import { KINESIS } from './kinesis.ts';
import type { Names, Permission, PermissionTable } from './permission.ts';
import { S3 } from './s3.ts';
import { LAMBDA, LOGS, MONITORING, SECRETS_MANAGER, SES, SNS, SQS, STATES, XRAY } from './services.ts';

const TABLES: Readonly<Record<string, PermissionTable>> = {
  apigateway: API_GATEWAY,
  dynamodb: DYNAMODB,
  kinesis: KINESIS,
  lambda: LAMBDA,
  logs: LOGS,
  monitoring: MONITORING,
  s3: S3,
  secretsmanager: SECRETS_MANAGER,
  ses: SES,
  sns: SNS,
  sqs: SQS,
  states: STATES,
  // AWS requires no permission for it.
  sts: { GetCallerIdentity: () => [] },
  xray: XRAY,
};

/** Returns the permissions that a call requires; undefined for an action that is not in the table. */
export function permissionsOf(
  service: string,
  action: string,
  input: ServiceInput,
  names: Names,
): readonly Permission[] | undefined {
  const table = TABLES[service];
  return table !== undefined && Object.hasOwn(table, action) ? table[action]?.(input, names) : undefined;
}
