import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { PACKED } from './cmaps.ts';

/**
 * Packs the folder `cmaps` of the package pdfjs-dist, of the version that unpdf contains, into `cmaps.bin`:
 * `node systems/documents/pdf/cmaps/pack.ts FOLDER`
 */
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder `cmaps` of the package pdfjs-dist.');
const names = readdirSync(folder).filter((name) => name.endsWith('.bcmap'));
const maps = names.toSorted().map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
const index = JSON.stringify(maps.map(({ name, bytes }) => [name, bytes.length]));
const raw = Buffer.concat([Buffer.from(`${index}\n`), ...maps.map(({ bytes }) => bytes)]);
const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
writeFileSync(PACKED, brotliCompressSync(raw, { params }));
