import { globSync, readFileSync } from 'node:fs';
import { expect, it, test } from 'vitest';
import { closedIn } from '#test/core/stored/closed.ts';
import { alertSchema } from '../alerts/alert.ts';
import { sendRecordSchema } from '../alerts/send-record.ts';
import { silenceSchema } from '../alerts/silence.ts';
import { findingSchema } from '../digests/finding.ts';
import { closedSchema, digestRecordSchema } from '../digests/store.ts';
import { portfolioRecordSchema } from '../portfolios/record.ts';
import { marketRouter } from '../router/apply.ts';
import { sourceSchema } from '../sources/source.ts';
import { windowSchema, windowsSchema } from '../windows/window.ts';

/** The records of the system's table, each a whole item's body. */
const RECORDS = {
  alertSchema,
  closedSchema,
  digestRecordSchema,
  findingSchema,
  portfolioRecordSchema,
  sendRecordSchema,
  silenceSchema,
  windowSchema,
  windowsSchema,
};
/** What is stored within a record, or in attributes. */
const PARTS = { state: marketRouter.state, effect: marketRouter.effect, sourceSchema };

test.each(Object.entries({ ...RECORDS, ...PARTS }))('R1: %s keeps unknown fields on every level', (_, schema) => {
  expect(closedIn(schema)).toEqual([]);
});

it('are all checked: every schema that the system reads a body with', () => {
  const used = globSync('systems/market-monitor/**/*.ts', { exclude: ['**/test/**'] }).flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/parseBody\((\w+)/g)].map(([, name = '']) => name),
  );
  expect(new Set(used)).toEqual(new Set(Object.keys(RECORDS)));
});
