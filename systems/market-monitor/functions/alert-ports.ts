import { systemClock } from '#adapters/node/clock.ts';
import type { Table } from '#runtime/index.ts';
import { dynamodbAlerts } from '../alerts/dynamodb-alerts.ts';
import { policies } from '../alerts/policies.ts';
import type { AlertPorts } from '../alerts/ports.ts';
import { sqsDeliveries } from '../alerts/sqs-deliveries.ts';
import { dynamodbPortfolios } from '../portfolios/dynamodb-portfolios.ts';

/** What changes alerts and notifies people, on AWS. */
export function alertPorts(table: Table, queueUrl: string): AlertPorts {
  const clock = systemClock();
  return {
    clock,
    alerts: dynamodbAlerts(table),
    deliveries: sqsDeliveries({ queueUrl }),
    policyOf: policies(dynamodbPortfolios(table), clock),
  };
}
