import { writeFileSync } from 'node:fs';
import { portfolioDocument } from './document.ts';

/** Writes openapi.json, from the schemas that validate requests. */
writeFileSync(new URL('./openapi.json', import.meta.url), `${JSON.stringify(portfolioDocument(), null, 2)}\n`);
