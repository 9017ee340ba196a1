import type { APIGatewayProxyEvent } from 'aws-lambda';
import { stepFunctionsRuns } from '#adapters/stepfunctions/runs.ts';
import { fleetSecret, logger, parseEnv, parseJson, problemResponse, traced } from '#runtime/index.ts';
import { receiveGithubEnv } from '../../pull-request/env.ts';
import { dynamodbHeadStore } from '../../pull-request/head-store.ts';
import type { Order } from '../../pull-request/order.ts';
import { codeReviewSettings } from '../../settings.ts';
import { receiveGithub } from './receive-github.ts';

const env = parseEnv(receiveGithubEnv);
const ports = {
  secret: async () => fleetSecret(env.GITHUB_WEBHOOK, 'value that GitHub signs with'),
  executions: stepFunctionsRuns<Order>({ stateMachineArn: env.STATE_MACHINE_ARN }),
  heads: dynamodbHeadStore({ table: env.REVIEWS_TABLE }),
  settings: codeReviewSettings.parse(parseJson(env.SETTINGS)),
  report: (event: string, fields: object) => logger.info(event, { ...fields }),
};

/** GitHub's webhook: starts an execution for what happened to a pull request. */
export const handler = traced('receive-github', (event: APIGatewayProxyEvent) =>
  receiveGithub(ports, event).catch((error: unknown) => problemResponse(error, event)),
);
