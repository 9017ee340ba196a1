import { writeFileSync } from 'node:fs';
import { openApi } from '#core/api/openapi.ts';

/** Writes docs/openapi.json, as the API serves it. */
writeFileSync('docs/openapi.json', `${JSON.stringify(openApi(), null, 2)}\n`);
