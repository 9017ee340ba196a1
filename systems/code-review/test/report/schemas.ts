import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import { z } from 'zod';

const read = (path: string) =>
  z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(join(import.meta.dirname, path), 'utf8')));

/** The schema of `fleet review --json`, as programs read it. */
export const jsonSchema = read('../../report/review.schema.json');
const validateJson = new Ajv({ strict: true }).compile(jsonSchema);

/** What is wrong with an output of `--json`. Null for nothing. */
export const jsonErrors = (value: unknown): readonly ErrorObject[] | null =>
  validateJson(value) ? null : (validateJson.errors ?? []);

// The schema of OASIS, from the npm package @microsoft/jest-sarif 1.0.0-beta.0 (MIT). It is of draft 4 and uses nothing that
// later drafts changed, but for the name of its id.
const { $schema: _draft, id: _id, ...sarifSchema } = read('sarif-2.1.0-rtm.5.schema.json');
const ajv = new Ajv({ strict: false, unicodeRegExp: false });
addFormats.default(ajv);
const validateSarif = ajv.compile(sarifSchema);

/** What is wrong with an output of `--sarif`. Null for nothing. */
export const sarifErrors = (value: unknown): readonly ErrorObject[] | null =>
  validateSarif(value) ? null : (validateSarif.errors ?? []);
