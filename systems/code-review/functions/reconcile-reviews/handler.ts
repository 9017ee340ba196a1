import type { Context } from 'aws-lambda';
import { systemClock } from '#adapters/node/clock.ts';
import { stepFunctionsRuns } from '#adapters/stepfunctions/runs.ts';
import { logger, parseEnv, parseJson, traced } from '#runtime/index.ts';
import { appAccess } from '../../pull-request/aws-ports.ts';
import { dynamodbClaimStore } from '../../pull-request/claim-store.ts';
import { reconcileReviewsEnv } from '../../pull-request/env.ts';
import type { Order } from '../../pull-request/order.ts';
import { dynamodbProgress } from '../../reconcile/progress.ts';
import { reconcile } from '../../reconcile/reconcile.ts';
import { codeReviewSettings } from '../../settings.ts';

const env = parseEnv(reconcileReviewsEnv);
const settings = codeReviewSettings.parse(parseJson(env.SETTINGS));
const ports = {
  access: appAccess(env.GITHUB_APP, settings.githubUrl),
  claims: dynamodbClaimStore({ table: env.REVIEWS_TABLE }),
  progress: dynamodbProgress(env.REVIEWS_TABLE),
  executions: stepFunctionsRuns<Order>({ stateMachineArn: env.STATE_MACHINE_ARN }),
  clock: systemClock(),
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
