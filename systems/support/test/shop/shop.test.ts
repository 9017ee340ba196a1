import { describe } from 'vitest';
import { stateTable } from '#test/contract/local-services.ts';
import { dynamodbShop } from '../../shop/dynamodb-shop.ts';
import { inMemoryShop } from '../../shop/in-memory-shop.ts';
import { shopContract } from './shop.contract.ts';

describe('a shop in memory', () => {
  shopContract(inMemoryShop);
});

describe('a shop in DynamoDB', () => {
  const at = stateTable();
  shopContract(() => dynamodbShop(at()));
});
