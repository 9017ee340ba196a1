import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { awsError, type Remedies } from '#cli/aws-error.ts';
import { connect } from '#cli/fleet/connection.ts';
import { localFleet } from '#cli/fleet/local-fleet.ts';
import { outputsOf } from '#cli/fleet/outputs.ts';
import { wrongUsage } from '#cli/user-error.ts';
import type { Alert } from '../../alerts/alert.ts';
import { dynamodbAlerts } from '../../alerts/dynamodb-alerts.ts';
import type { AlertStore } from '../../alerts/ports.ts';
import { dynamodbDigests } from '../../digests/dynamodb-digests.ts';
import type { DigestStore } from '../../digests/store.ts';
import { dynamodbPortfolios } from '../../portfolios/dynamodb-portfolios.ts';
import type { PortfolioStore } from '../../portfolios/store.ts';

export interface Place {
  readonly alerts: AlertStore;
  readonly digests: DigestStore;
  readonly portfolios: PortfolioStore;
}

const outputsSchema = z.object({ MarketTable: z.string() });

/** Runs `act` with the alerts of a fleet. Errors of AWS get a remedy. Throws `UserError` when there is no fleet. */
export async function withAlerts<Result>(
  { table }: { readonly table?: string | undefined },
  act: (place: Place) => Promise<Result>,
): Promise<Result> {
  const connected = table === undefined ? local() : deployed(table);
  const at = { client: connected.client, table: connected.name };
  try {
    return await act({
      alerts: dynamodbAlerts(at),
      digests: dynamodbDigests(at),
      portfolios: dynamodbPortfolios(at),
    });
  } catch (error) {
    throw awsError(error, REMEDIES, table === undefined);
  } finally {
    connected.close();
  }
}

interface Connected {
  readonly client: DynamoDBClient;
  readonly name: string;
  close(): void;
}

function local(): Connected {
  const fleet = localFleet('--table (output MarketTable of its stack)');
  const { MarketTable } = outputsOf(fleet.outputs, 'market-monitor', outputsSchema);
  const connection = connect(fleet.endpoint);
  return { client: connection.dynamodb, name: MarketTable, close: () => connection.close() };
}

/** With credentials, region and endpoint from the AWS environment. */
function deployed(name: string): Connected {
  const client = new DynamoDBClient();
  return { client, name, close: () => client.destroy() };
}

const REMEDIES: Remedies = {
  AccessDeniedException: 'Use credentials that may call dynamodb:GetItem, PutItem, UpdateItem and Query on the table.',
  ResourceNotFoundException: 'Give the output MarketTable of the market monitor’s stack with --table.',
};

/** Throws wrong usage if there is no such portfolio. */
export async function knownPortfolio({ portfolios }: Place, id: string) {
  const record = await portfolios.read(id);
  if (record !== null) return record.portfolio;
  throw wrongUsage(`There is no portfolio ${id}.`, 'See npm run fleet -- rules list.');
}

/** The ids of all portfolios, or of the one that is named. Throws wrong usage if there is no such portfolio. */
export async function namedPortfolios(place: Place, id: string | undefined): Promise<readonly string[]> {
  if (id !== undefined) return [(await knownPortfolio(place, id)).id];
  return (await place.portfolios.list()).map(({ portfolio }) => portfolio.id);
}

/** Throws wrong usage if there is no such alert. */
export async function knownAlert({ alerts }: Place, id: string): Promise<Alert> {
  const alert = await alerts.get(id);
  if (alert !== null) return alert;
  throw wrongUsage(`There is no alert ${id}.`, 'Copy its id from npm run fleet -- alerts list --all.');
}
