import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { dynamodbSubjectStore } from '#adapters/dynamodb/subject-store.ts';
import { awsError, type Remedies } from '#cli/aws-error.ts';
import { connect } from '#cli/fleet/connection.ts';
import { localFleet } from '#cli/fleet/local-fleet.ts';
import { outputsOf } from '#cli/fleet/outputs.ts';
import type { SubjectStore } from '#core/ports/subject-store.ts';
import { dynamodbPortfolios } from '../../portfolios/dynamodb-portfolios.ts';
import type { PortfolioStore } from '../../portfolios/store.ts';
import { ROUTER } from '../../router/name.ts';

/** The table of a deployed market monitor. @default that of the fleet on this machine */
export interface PlaceOptions {
  readonly table?: string | undefined;
}

export interface Place {
  readonly store: PortfolioStore;
  /** What the router knows of instruments. */
  readonly subjects: Pick<SubjectStore, 'getMany'>;
  /** On this machine, recipients may have private addresses. */
  readonly privateAddresses: boolean;
  /** Null: a table does not say whether its fleet sends mail. */
  readonly sendsMail: boolean | null;
}

const outputsSchema = z.object({ MarketTable: z.string(), MailFrom: z.string().optional() });

/** Runs `act` with the portfolios of a fleet. Errors of AWS get a remedy. Throws `UserError` when there is no fleet. */
export async function withPortfolios<Result>(
  { table }: PlaceOptions,
  act: (place: Place) => Promise<Result>,
): Promise<Result> {
  const { client, name, sendsMail, close } = table === undefined ? local() : deployed(table);
  try {
    const store = dynamodbPortfolios({ client, table: name });
    const subjects = dynamodbSubjectStore({ client, table: name, router: ROUTER });
    return await act({ store, subjects, privateAddresses: table === undefined, sendsMail });
  } catch (error) {
    throw awsError(error, REMEDIES, table === undefined);
  } finally {
    close();
  }
}

interface Opened extends Pick<Place, 'sendsMail'> {
  readonly client: DynamoDBClient;
  readonly name: string;
  readonly close: () => void;
}

function local(): Opened {
  const fleet = localFleet('--table (output MarketTable of its stack)');
  const { MarketTable, MailFrom } = outputsOf(fleet.outputs, 'market-monitor', outputsSchema);
  const connection = connect(fleet.endpoint);
  const sendsMail = MailFrom !== undefined;
  return { client: connection.dynamodb, name: MarketTable, sendsMail, close: () => connection.close() };
}

/** With credentials, region and endpoint from the AWS environment. */
function deployed(name: string): Opened {
  const client = new DynamoDBClient();
  return { client, name, sendsMail: null, close: () => client.destroy() };
}

const REMEDIES: Remedies = {
  AccessDeniedException:
    'Use credentials that may call dynamodb:GetItem, BatchGetItem, PutItem and Query on the table.',
  ResourceNotFoundException: 'Give the output MarketTable of the market monitor’s stack with --table.',
};
