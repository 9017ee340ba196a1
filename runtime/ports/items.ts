/** Items of a system's own in DynamoDB. Each write is a single conditional put, like those of the fleet's own state. */
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
export { parseBody, parseIfReadable } from '#adapters/dynamodb/record.ts';
export { queried } from '#adapters/dynamodb/queried.ts';
