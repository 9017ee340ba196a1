import type { Context } from 'aws-lambda';
import { stepFunctionsRuns } from '#adapters/stepfunctions/runs.ts';
import { dynamodbDaySpend } from '#adapters/dynamodb/day-spend.ts';
import { apiPorts, logger, parseEnv, parseJson, taskQueue, traced } from '#runtime/index.ts';
import { SUPERVISOR } from '../../agents/names.ts';
import { appAccess } from '../../pull-request/aws-ports.ts';
import { dynamodbClaimStore } from '../../pull-request/claim-store.ts';
import { reconcileReviewsEnv } from '../../pull-request/env.ts';
import { dynamodbHeldStore } from '../../pull-request/held-store.ts';
import type { Order } from '../../pull-request/order.ts';
import { dynamodbProgress } from '../../reconcile/progress.ts';
import { reconcile } from '../../reconcile/reconcile.ts';
import { codeReviewSettings } from '../../settings.ts';

const env = parseEnv(reconcileReviewsEnv);
const settings = codeReviewSettings.parse(parseJson(env.SETTINGS));
const ports = {
  ...apiPorts(env),
  queue: taskQueue(env.QUEUE_URL, SUPERVISOR.name),
  budgets: dynamodbDaySpend({ table: env.REVIEWS_TABLE }),
  access: appAccess(env.GITHUB_APP, settings.githubUrl),
  claims: dynamodbClaimStore({ table: env.REVIEWS_TABLE }),
  held: dynamodbHeldStore({ table: env.REVIEWS_TABLE }),
  progress: dynamodbProgress(env.REVIEWS_TABLE),
  executions: stepFunctionsRuns<Order>({ stateMachineArn: env.STATE_MACHINE_ARN }),
  settings,
  report: (event: string, fields: object) => logger.warn(event, { ...fields }),
};
/** Time for the last request, and to keep the progress. */
const RESERVE_MS = 45_000;

/** Finds what GitHub's webhook has missed, every few minutes. */
export const handler = traced('reconcile-reviews', async (_event: unknown, context: Context) => {
  const reconciled = await reconcile({
    ...ports,
    mayGoOn: () => context.getRemainingTimeInMillis() > RESERVE_MS,
  });
  logger.info('reconcile.ended', { ...reconciled });
  return reconciled;
});
