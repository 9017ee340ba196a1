import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reviewJsonSchemaFile } from './review-json.ts';

/** Writes review.schema.json. `npm run docs:review` runs it. */
const file = join(import.meta.dirname, 'review.schema.json');
writeFileSync(file, `${JSON.stringify(reviewJsonSchemaFile(), null, 2)}\n`);
