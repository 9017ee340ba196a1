import { setTimeout as delay } from 'node:timers/promises';
import { dynamodbDaySpend } from '#adapters/dynamodb/day-spend.ts';
import { s3AuditTrail } from '#adapters/s3/audit-trail.ts';
import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { stepFunctionsExecutions } from '#adapters/stepfunctions/executions.ts';
import { apiPorts, fleetSecret, logger, parseJson, taskQueue } from '#runtime/index.ts';
import { SUPERVISOR } from '../agents/names.ts';
import { AppAccess, parseCredentials } from '../github/app-access.ts';
import { codeReviewSettings } from '../settings.ts';
import { dynamodbClaimStore, dynamodbRecordStore } from './claim-store.ts';
import type { ReviewEnv, SubmitReviewEnv } from './env.ts';
import { dynamodbHeadStore } from './head-store.ts';
import { dynamodbHeldStore } from './held-store.ts';
import type { ReviewFiles, ReviewPorts } from './ports.ts';

/** The ports of the functions that begin and end a review. */
export function reviewPorts(env: ReviewEnv): ReviewPorts {
  const shared = submitPorts(env);
  return {
    ...shared,
    access: appAccess(env.GITHUB_APP, shared.settings.githubUrl),
    records: dynamodbRecordStore({ table: env.REVIEWS_TABLE }),
    held: dynamodbHeldStore({ table: env.REVIEWS_TABLE }),
    heads: dynamodbHeadStore({ table: env.REVIEWS_TABLE }),
    budgets: dynamodbDaySpend({ table: env.REVIEWS_TABLE }),
    audit: s3AuditTrail({ bucket: env.AUDIT_BUCKET }),
    executions: stepFunctionsExecutions(),
    pause: (ms) => delay(ms),
    report: (event, fields) => logger.warn(event, { ...fields }),
  };
}

/** The ports of the function that submits the task. */
export function submitPorts(env: SubmitReviewEnv) {
  const settings = codeReviewSettings.parse(parseJson(env.SETTINGS));
  return {
    ...apiPorts(env),
    queue: taskQueue(env.QUEUE_URL, SUPERVISOR.name),
    claims: dynamodbClaimStore({ table: env.REVIEWS_TABLE }),
    files: reviewFiles(env.INPUT_BUCKET, settings.tenant),
    settings,
  };
}

/** Access to GitHub with the app's key. */
export const appAccess = (secret: string, url: string): AppAccess =>
  new AppAccess({
    url,
    now: Date.now,
    credentials: async (fresh) => parseCredentials(await fleetSecret(secret, 'app or token of GitHub', fresh)),
  });

function reviewFiles(bucket: string, tenant: string): ReviewFiles {
  const artifacts = s3Artifacts();
  const at = (name: string) => ({ bucket, key: `inputs/${tenant}/code-review/${name}` });
  return {
    at,
    put: async (name, value) => artifacts.put(at(name), JSON.stringify(value), 'application/json'),
    get: async (name) => parseJson(Buffer.from(await artifacts.get(at(name))).toString('utf8')),
  };
}
