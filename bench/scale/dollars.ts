import { CATALOGUE, type Price, type Tier } from '#core/models/catalogue.ts';
import { gbSecondsUsd, PRICES, type Service } from './prices.ts';
import { apiRequests, callsOf, TASK, taskSeconds, type Workload } from './workload.ts';

const BYTES_A_GIGABYTE = 1e9;

/** Returns what AWS bills for a month's tasks, by service, in US dollars at list prices. */
export function awsDollars(workload: Workload, tasks: number): Record<Service, number> {
  const { writeUnits, readUnits, sqsRequests, s3Puts, transitions } = callsOf(workload);
  const requests = tasks * apiRequests(workload);
  const workerSeconds = (tasks * taskSeconds(workload)) / workload.tasksPerWorker;
  const gbSeconds =
    workerSeconds * TASK.workerGigabytes.value + requests * TASK.apiSeconds.value * TASK.apiGigabytes.value;
  const invocations = tasks / workload.tasksPerWorker + requests;
  return {
    DynamoDB: tasks * (writeUnits.value * PRICES.writeUnit.value + readUnits.value * PRICES.readUnit.value),
    Lambda: invocations * PRICES.lambdaRequest.value + gbSecondsUsd(gbSeconds),
    'API Gateway': requests * PRICES.apiRequest.value,
    SQS: tasks * sqsRequests.value * PRICES.sqsRequest.value,
    'Step Functions': tasks * transitions.value * PRICES.transition.value,
    S3: tasks * s3Puts.value * PRICES.s3Put.value,
    'X-Ray': tasks * TASK.traces.value * PRICES.trace.value,
    'CloudWatch logs': ((tasks * TASK.logBytes.value) / BYTES_A_GIGABYTE) * PRICES.logGigabyte.value,
  };
}

/** Returns what the tokens of a tier's model cost, in US dollars (core/models/catalogue.ts). */
export function tokenDollars(workload: Workload, tier: Tier, tasks: number): number {
  const entry = CATALOGUE.models[CATALOGUE.tiers[tier]];
  if (entry === undefined) throw new Error(`The tier ${tier} has no model.`);
  const { longPrompt, batchShare } = entry;
  const price: Price = longPrompt && workload.inputTokens > longPrompt.above ? longPrompt.price : entry.price;
  const cached = workload.inputTokens * workload.cachedShare;
  const call =
    (workload.inputTokens - cached) * price.input + cached * price.cacheRead + workload.outputTokens * price.output;
  return (tasks * callsOf(workload).modelCalls.value * call * (workload.economy ? batchShare : 1)) / 1e6;
}

export const sumOf = (dollars: Readonly<Record<string, number>>): number =>
  Object.values(dollars).reduce((sum, usd) => sum + usd, 0);
