import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Operation } from '#core/api/http/operation.ts';
import { openApi } from '#core/api/openapi.ts';
import { operations } from '#core/api/operations.ts';
import { GET_TASK } from '#functions/get-task/env.ts';
import { OPERATE_FLEET } from '#functions/operate-fleet/env.ts';
import { READ_FLEET, WITHOUT_KEY } from '#functions/read-fleet/env.ts';
import { READ_TELEMETRY } from '#functions/read-telemetry/env.ts';
import { SUBMIT_TASK } from '#functions/submit-task/env.ts';

it('docs/openapi.json is the document that the API serves (npm run docs)', () => {
  expect(JSON.parse(readFileSync('docs/openapi.json', 'utf8'))).toEqual(JSON.parse(JSON.stringify(openApi())));
});

it('every operation is served by one function, and every route is an operation', () => {
  const routes = Object.values(operations).map(({ method, path }) => `${method} ${path}`);
  expect([...GET_TASK, ...SUBMIT_TASK, ...READ_FLEET, ...READ_TELEMETRY, ...OPERATE_FLEET].toSorted()).toEqual(
    routes.toSorted(),
  );
});

it('operations without a key are served without one', () => {
  const open = Object.values(operations).filter(({ scope }) => scope === null);
  expect(open.map(({ method, path }) => `${method} ${path}`)).toEqual([...WITHOUT_KEY]);
});

it('operations whose body may name an upload say so: who sends too much is told of POST /uploads', () => {
  const names = ({ body }: Operation): boolean =>
    body !== null && JSON.stringify(z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' })).includes('inputKey');
  for (const [id, operation] of Object.entries<Operation>(operations)) {
    // The items of a batch are checked one by one, so that its schema does not name their fields.
    expect([id, operation.takesUploads ?? false]).toEqual([id, id === 'submitBatch' || names(operation)]);
  }
});

it('every reference in the document resolves', () => {
  const document = openApi();
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
  const leadsTo = (path: string): unknown =>
    path.split('/').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
  expect(references.filter((path) => leadsTo(path) === undefined)).toEqual([]);
});
