/** How systems keep items of their own in DynamoDB: each write one conditional put, as the fleet's own state is written. */
export { dynamodb } from '#adapters/dynamodb/client.ts';
export {
  ABSENT,
  atVersion,
  conditionalPut,
  readItem,
  type Item,
  type Table,
} from '#adapters/dynamodb/conditional-put.ts';
export { fromBody, toBody } from '#adapters/dynamodb/item-body.ts';
export { queried } from '#adapters/dynamodb/queried.ts';
