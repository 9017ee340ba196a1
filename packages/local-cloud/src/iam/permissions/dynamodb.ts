import type { Names, Permission, PermissionsOf, PermissionTable } from './permission.ts';
import { entries, list, text } from './fields.ts';

/** An input names a table by its name or ARN. */
function tableArn(table: string, names: Names): string {
  return table.startsWith('arn:') ? table : names.arn('dynamodb', `table/${table}`);
}

const onTable =
  (action: string): PermissionsOf =>
  (input, names) => [{ action: `dynamodb:${action}`, resource: tableArn(text(input, 'TableName'), names) }];

/** An index is a separate resource: permissions on its table do not cover it. */
const onIndex =
  (action: string): PermissionsOf =>
  (input, names) => {
    const table = tableArn(text(input, 'TableName'), names);
    const index = text(input, 'IndexName');
    return [{ action: `dynamodb:${action}`, resource: index === '' ? table : `${table}/index/${index}` }];
  };

const onEachTable =
  (action: string): PermissionsOf =>
  (input, names) =>
    entries(input, 'RequestItems').map(([table]) => ({
      action: `dynamodb:${action}`,
      resource: tableArn(table, names),
    }));

const PARTS: Readonly<Record<string, string>> = {
  ConditionCheck: 'ConditionCheckItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
};

/** A transaction requires the permissions of its parts. There is no permission for the transaction itself. */
const transaction: PermissionsOf = (input, names) =>
  list(input, 'TransactItems').flatMap((item): Permission[] =>
    Object.entries(PARTS).flatMap(([part, action]) => {
      const given: unknown = typeof item === 'object' && item !== null ? Reflect.get(item, part) : undefined;
      if (given === undefined) return [];
      return [{ action: `dynamodb:${action}`, resource: tableArn(text(given, 'TableName'), names) }];
    }),
  );

const TABLE_ACTIONS = [
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeContinuousBackups',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'PutItem',
  'UpdateContinuousBackups',
  'UpdateItem',
  'UpdateTable',
  'UpdateTimeToLive',
];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html */
export const DYNAMODB: PermissionTable = {
  ...Object.fromEntries(TABLE_ACTIONS.map((action) => [action, onTable(action)])),
  BatchGetItem: onEachTable('BatchGetItem'),
  BatchWriteItem: onEachTable('BatchWriteItem'),
  ListTables: () => [{ action: 'dynamodb:ListTables', resource: '*' }],
  Query: onIndex('Query'),
  Scan: onIndex('Scan'),
  TransactGetItems: transaction,
  TransactWriteItems: transaction,
};
