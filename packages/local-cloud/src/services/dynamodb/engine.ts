import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import * as database from 'dynalite/db/index.js';
import type { DynaliteStore } from 'dynalite/db/index.js';
import * as validations from 'dynalite/validations/index.js';
import { ServiceError } from '../service.ts';
import type { ServiceInput, ServiceOutput } from '../service.ts';
import { Storage, useStorage } from './storage.ts';

type Run = (store: DynaliteStore, data: object, done: (error: unknown, output?: ServiceOutput) => void) => void;

interface Action {
  readonly types: Readonly<Record<string, unknown>>;
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

/** dynalite's own server does nothing but HTTP around these modules; going past it saves a request within the process. */
const load = createRequire(import.meta.url);
const ACTIONS: ReadonlyMap<string, Action> = new Map(
  NAMES.map((name) => {
    const file = `${name.slice(0, 1).toLowerCase()}${name.slice(1)}.js`;
    const { types, custom } = load(`dynalite/validations/${file}`) as Omit<Action, 'run'>;
    return [name, { types, custom, run: load(`dynalite/actions/${file}`) as Run }];
  }),
);

/** DynamoDB's data plane: dynalite's validations and actions over storage of our own. */
export interface Engine {
  /** Throws `ServiceError` for what DynamoDB refuses and for parameters that dynalite does not know. */
  run(action: string, input: ServiceInput): Promise<ServiceOutput>;
  close(): Promise<void>;
}

/** Without a folder, tables live in memory. */
export function openEngine(options: { folder: string | undefined; account: string; region: string }): Engine {
  const store = database.create({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const storage = new Storage(options.folder);
  useStorage(store.db, storage);
  store.tableDb.awsAccountId = options.account;
  store.tableDb.awsRegion = options.region;

  async function run(name: string, input: ServiceInput): Promise<ServiceOutput> {
    const action = ACTIONS.get(name);
    if (action === undefined) throw unsupported(`has no action ${name}`);
    // dynalite would drop unknown parameters, and the caller would wonder at the answer.
    const unknown = Object.keys(input).filter((key) => !(key in action.types) && input[key] !== undefined);
    if (unknown.length > 0) throw unsupported(`does not support ${unknown.join(', ')} of ${name}: leave it out`);
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
      // A refusal, too, says what was read.
      await storage.committed();
    }
  }

  const statusOf = (table: unknown): unknown => {
    const stored = storage.get(`table~${String(table)}`);
    return typeof stored === 'object' && stored !== null ? Reflect.get(stored, 'TableStatus') : undefined;
  };

  /** dynalite makes, changes and removes a table a moment after its answer, even with a delay of 0. */
  async function settled(table: unknown): Promise<void> {
    while (statusOf(table) !== 'ACTIVE' && statusOf(table) !== undefined) await setImmediate();
  }

  return {
    run: async (name, input) => {
      const output = await run(name, input);
      if (TABLE_CHANGES.has(name)) await settled(input['TableName']);
      return output;
    },
    close: () => storage.close(),
  };
}

function unsupported(what: string): ServiceError {
  return new ServiceError('ValidationException', `The local DynamoDB ${what} (see its SPECIFICATION.md).`);
}

/** dynalite's errors carry the answer's status and body. */
function asDynamoError(error: unknown): unknown {
  if (!(error instanceof Error) || !('statusCode' in error) || !('body' in error)) return error;
  const { __type: type, message, Message } = error.body as Readonly<Record<string, string | undefined>>;
  const code = type?.split('#').at(-1) ?? 'InternalServerError';
  return new ServiceError(code, message ?? Message ?? '', Number(error.statusCode));
}
