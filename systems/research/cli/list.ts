import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fileReason } from '#cli/file-error.ts';
import { makeFolder } from '#cli/make-folder.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { oneLine } from '#cli/terminal/printable.ts';
import { wrongUsage } from '#cli/user-error.ts';
import type { Company } from '../companies/company.ts';
import { readCompanyFile } from './companies.ts';
import { isNowhere } from '../night/item.ts';
import { isSimulated } from './which-web.ts';

export interface ListOrder {
  /** A CSV file. */
  readonly file: string;
  /** Where the list is written. @default companies.jsonl */
  readonly out?: string | undefined;
  readonly json: boolean;
}

const OUT = 'companies.jsonl';

/** `fleet research list`: writes the items of `systems.research.schedule`. The schedule adds the night and the space of each. */
export async function listCommand({ file, out = OUT, json }: ListOrder): Promise<void> {
  const output = terminalOutput(json);
  const companies = await readCompanyFile(file, [], output);
  requireReal(companies);
  await write(out, companies.map((company) => `${JSON.stringify(company)}\n`).join(''));
  const unknown = companies.filter((company) => isNowhere(company)).length;
  output.line(
    `${out}: ${companies.length.toLocaleString('en-US')} ${companies.length === 1 ? 'company' : 'companies'}.`,
  );
  output.line(`Upload it: aws s3 cp ${out} s3://SNAPSHOT_BUCKET/uploads/${basename(out)}`);
  if (json) output.json({ out, companies: companies.length, unknown });
}

/** A deployed fleet has no simulated web. */
function requireReal(companies: readonly Company[]): void {
  const invented = companies.filter(isSimulated);
  if (invented.length === 0) return;
  const named = invented.slice(0, 3).map(({ name }) => oneLine(name));
  throw wrongUsage(
    `A schedule researches the real web, and names below .test are of the simulated one: ${named.join(', ')}${invented.length > named.length ? ' …' : ''}.`,
    'Give these companies their websites, or remove them.',
  );
}

/** The file is complete or not there. */
async function write(file: string, text: string): Promise<void> {
  makeFolder(dirname(file));
  const part = `${file}.part`;
  try {
    await writeFile(part, text);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    const reason = fileReason(error as NodeJS.ErrnoException);
    if (reason === null) throw error;
    throw wrongUsage(`${file} cannot be written: ${reason}.`, 'Pass a file that you can write: --out companies.jsonl.');
  }
}
