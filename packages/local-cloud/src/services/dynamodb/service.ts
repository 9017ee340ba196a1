import { handleJson } from '../http.ts';
import type { JsonProtocol } from '../http.ts';
import type { Service, ServiceInput, ServiceOutput } from '../service.ts';
import { openEngine } from './engine.ts';
import type { Replication, ReplicationPort } from './replication/replication.ts';
import { TableSettings } from './table-settings.ts';

export interface DynamoDbOptions {
  /** Folder of the tables. Without it, tables exist in memory only. */
  readonly dataDir?: string;
  readonly account: string;
  readonly region: string;
  /** The way to other regions. @default none, and no table is replicated */
  readonly replication?: ReplicationPort | undefined;
}

export interface DynamoDbService extends Service {
  /** Undefined in a cloud of one region. */
  readonly replication: Replication | undefined;
}

/** DynamoDB's maximum request size, 16 MB. */
const BODY_LIMIT = 16 * 2 ** 20;

/** The local DynamoDB. SPECIFICATION.md lists what it supports. */
export function createDynamoDb({ dataDir, account, region, replication }: DynamoDbOptions): DynamoDbService {
  const engine = openEngine({ folder: dataDir, account, region, replication });
  const settings = new TableSettings((table) => engine.run('DescribeTable', { TableName: table }));

  const run = (action: string, input: ServiceInput): Promise<ServiceOutput> =>
    settings.handles(action) ? settings.run(action, input) : engine.run(action, input);

  const protocol: JsonProtocol = {
    version: '1.0',
    bodyLimit: BODY_LIMIT,
    errorType: (code) => `com.amazonaws.dynamodb.v20120810#${code}`,
    run,
  };

  return {
    name: 'dynamodb',
    invoke: run,
    handle: (request, response, caller, authorize) => handleJson(protocol, request, response, caller, authorize),
    replication: engine.replication,
    close: () => engine.close(),
  };
}
