import { dynamodbAlerts } from '../../alerts/dynamodb-alerts.ts';
import type { Table } from '#adapters/dynamodb/conditional-put.ts';

/** Urgent alerts that the halt of a market holds back, or held back until they ended. */
export async function heldBackIn(table: Table, portfolios: readonly string[]): Promise<number> {
  const alerts = dynamodbAlerts(table);
  let count = 0;
  for (const portfolio of portfolios)
    for await (const { severity, state, held, resolved } of alerts.ofPortfolio(portfolio)) {
      const why = state === 'open' ? held?.why : resolved?.unsent;
      if (severity === 'urgent' && why === 'inhibited') count += 1;
    }
  return count;
}
