import { expect, test } from 'vitest';
import { z } from 'zod';
import { everyStack } from './every-stack.ts';

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
const ALLOWED = /^[\t\n\r -~¡-ÿ]*$/;

test('IAM takes the description of every role, which may have no typographic quotes', async () => {
  const roles = Object.values(await everyStack('prod')).flatMap(({ Resources }) =>
    Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role'),
  );
  expect(roles.length).toBeGreaterThan(10);
  const wrong = roles.filter(
    ([, { Properties }]) => !ALLOWED.test(z.string().default('').parse(Properties['Description'])),
  );
  expect(wrong.map(([id]) => id)).toEqual([]);
});
