import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import type { Parser } from 'dynalite/db/conditionParser.js';
import * as database from 'dynalite/db/index.js';
import type { DynaliteStore } from 'dynalite/db/index.js';
import * as validations from 'dynalite/validations/index.js';
import { ServiceError } from '../service.ts';
import type { ServiceInput, ServiceOutput } from '../service.ts';
import { keepParsed } from './expressions.ts';
import { returnFailed, type Conditions } from './failed-conditions.ts';
import { applyTo } from './replication/apply.ts';
import { Replication, type ReplicationPort } from './replication/replication.ts';
import { keepDefinitions } from './definitions.ts';
import { Storage, useStorage } from './storage.ts';

type Run = (store: DynaliteStore, data: object, done: (error: unknown, output?: ServiceOutput) => void) => void;

interface Action {
  readonly types: Record<string, unknown>;
  readonly custom: unknown;
  readonly run: Run;
}

const NAMES = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
];

const TABLE_CHANGES = new Set(['CreateTable', 'DeleteTable', 'UpdateTable']);

/** dynalite's own server only adds HTTP to these modules. Loading them directly saves a request within the process. */
const load = createRequire(import.meta.url);
const ACTIONS: ReadonlyMap<string, Action> = new Map(
  NAMES.map((name) => {
    const file = `${name.slice(0, 1).toLowerCase()}${name.slice(1)}.js`;
    const { types, custom } = load(`dynalite/validations/${file}`) as Omit<Action, 'run'>;
    return [name, { types, custom, run: load(`dynalite/actions/${file}`) as Run }];
  }),
);

returnFailed(load('dynalite/db/index.js') as Conditions, ACTIONS);

for (const name of ['conditionParser', 'projectionParser', 'updateParser'])
  keepParsed(load(`dynalite/db/${name}.js`) as Parser);

/** DynamoDB's data plane: dynalite's validations and actions with our own storage. */
export interface Engine {
  /** Throws `ServiceError` for everything that DynamoDB rejects and for parameters that dynalite does not support. */
  run(action: string, input: ServiceInput): Promise<ServiceOutput>;
  /** Replicates tables to other regions; undefined without a way there. */
  readonly replication: Replication | undefined;
  close(): Promise<void>;
}

export interface EngineOptions {
  /** The folder of the tables. Without it, they exist in memory only. */
  readonly folder: string | undefined;
  readonly account: string;
  readonly region: string;
  /** The way to other regions. @default none, and no table is replicated */
  readonly replication?: ReplicationPort | undefined;
}

/** Opens the engine. */
export function openEngine(options: EngineOptions): Engine {
  const store = database.create({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const storage = new Storage(options.folder);
  useStorage(store.db, storage);
  keepDefinitions(store, storage);
  store.tableDb.awsAccountId = options.account;
  store.tableDb.awsRegion = options.region;
  const replication =
    options.replication && new Replication(storage, (arrival) => applyTo(store, arrival), options.replication);

  async function run(name: string, input: ServiceInput): Promise<ServiceOutput> {
    const action = ACTIONS.get(name);
    if (action === undefined) throw unsupported(`does not support the action ${name}`);
    // dynalite would silently drop unknown parameters, and the result would differ from AWS.
    const unknown = Object.keys(input).filter((key) => !(key in action.types) && input[key] !== undefined);
    if (unknown.length > 0) throw unsupported(`does not support ${unknown.join(', ')} of ${name}. Remove it`);
    try {
      const data = validations.checkTypes({ ...input }, action.types);
      validations.checkValidations(data, action.types, action.custom, store);
      return await new Promise<ServiceOutput>((resolve, reject) => {
        action.run(store, data, (error, output) => {
          if (error === null || error === undefined) resolve(output ?? {});
          else reject(error instanceof Error ? error : new Error(JSON.stringify(error)));
        });
      });
    } catch (error) {
      throw asDynamoError(error);
    } finally {
      // Also for an error, which can depend on data that was read but not yet committed.
      await storage.committed();
    }
  }

  const statusOf = (table: unknown): unknown => {
    const stored = storage.get(`table~${String(table)}`);
    return typeof stored === 'object' && stored !== null ? Reflect.get(stored, 'TableStatus') : undefined;
  };

  /** dynalite creates, changes and deletes a table shortly after its response, even with a delay of 0. */
  async function tableSettled(table: unknown): Promise<void> {
    while (statusOf(table) !== 'ACTIVE' && statusOf(table) !== undefined) await setImmediate();
  }

  return {
    run: async (name, input) => {
      const output = await run(name, input);
      if (TABLE_CHANGES.has(name)) await tableSettled(input['TableName']);
      return output;
    },
    replication,
    close: async () => {
      await replication?.close();
      await storage.close();
    },
  };
}

function unsupported(what: string): ServiceError {
  return new ServiceError('ValidationException', `The local DynamoDB ${what} (see its SPECIFICATION.md).`);
}

/** Converts dynalite's errors, which have the HTTP status and body of the response. */
function asDynamoError(error: unknown): unknown {
  if (!(error instanceof Error) || !('statusCode' in error) || !('body' in error)) return error;
  const { __type: type, message, Message, ...members } = error.body as Readonly<Record<string, string | undefined>>;
  const code = type?.split('#').at(-1) ?? 'InternalServerError';
  return new ServiceError(code, message ?? Message ?? '', Number(error.statusCode), members);
}
