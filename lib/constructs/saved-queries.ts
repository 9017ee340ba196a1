import { CfnQueryDefinition } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { FleetStack } from '../fleet-stack.ts';

/**
 * Queries for CloudWatch Logs Insights, by the names that docs/runbook.md uses. A reader chooses the log groups by the
 * prefix of the environment: a definition may name fifty at most, and a fleet has more. A test compares them with the log
 * lines that functions write. An answer of the model that took less than 30 seconds has no line.
 */
export const QUERIES: Readonly<Record<string, string>> = {
  'one-task': `fields @timestamp, service, level, message, task.epoch, cause, status, failureKind
| filter task.id = 'TASK' or taskId = 'TASK'
| sort @timestamp asc
| limit 1000`,
  errors: `filter level in ['WARN', 'ERROR', 'CRITICAL'] or @message like /Task timed out|OutOfMemory/
| stats count(*) as lines, max(@timestamp) as latest by service, message, failureKind, error.name
| sort lines desc
| limit 100`,
  waits: `filter message = 'task.parked'
| stats count(*) as tasks by task.agent, cause, bin(5m)
| sort tasks desc
| limit 200`,
  tenants: `filter message in ['task.finished', 'task.parked']
| stats count(*) as tasks, sum(usd) as dollars, max(@timestamp) as latest by task.tenant, task.agent, message, status, failureKind, cause
| sort tasks desc
| limit 500`,
  'slow-model-calls': `filter message = 'model.failed' or (message = 'model.answered' and ms >= 30000)
| stats count(*) as calls, max(ms) as slowest, max(@timestamp) as latest by task.agent, model, message, failureKind
| sort calls desc`,
  'refused-budgets': `filter message = 'budget.refused'
| stats count(*) as refusals by task.tenant, task.agent, of
| sort refusals desc`,
  'repeated-tasks': `filter message = 'task.finished' and (claims > 3 or crashes > 0)
| fields @timestamp, task.id, task.agent, status, failureKind, claims, crashes, ms
| sort claims desc
| limit 200`,
  spend: `filter message = 'task.finished'
| stats sum(usd) as dollars, sum(lostUsd) as interrupted, sum(tokensIn) as tokensIn, sum(tokensOut) as tokensOut, sum(tokensCached) as cached, count(*) as tasks by task.agent, task.tenant, bin(1h)
| sort dollars desc
| limit 500`,
  'tool-failures': `filter message in ['tool.ran', 'tool.failed', 'tool.given-up']
| stats count(*) as failures, max(@timestamp) as latest by task.agent, tool, message
| sort failures desc`,
  'failed-callbacks': `filter message in ['callback.retry', 'callback.left-alone', 'callback.dead', 'callback.broken']
| stats count(*) as failures, max(attempt) as attempts by host, tenant, message, result.status, result.failure, error.name
| sort failures desc`,
};

/** Saves the queries below a folder with the environment's prefix. */
export function saveQueries(scope: Construct): readonly CfnQueryDefinition[] {
  const { prefix } = FleetStack.of(scope).config;
  return Object.entries(QUERIES).map(
    ([name, queryString]) => new CfnQueryDefinition(scope, `Query-${name}`, { name: `${prefix}/${name}`, queryString }),
  );
}
