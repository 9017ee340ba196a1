import { oneLine } from '#cli/terminal/printable.ts';
import { wrongUsage } from '#cli/user-error.ts';
import type { Company } from '../companies/company.ts';
import { isNowhere } from '../night/item.ts';

/** Whether a company is one of the simulated web. */
export const isSimulated = ({ website }: Pick<Company, 'website'>): boolean =>
  website !== null && new URL(website).hostname.endsWith('.test');

/** Throws wrong usage for a list that mixes the simulated web with sites elsewhere, since invented news would stand beside real ones. */
export function requireOneWeb(companies: readonly Company[]): void {
  const invented = companies.filter(isSimulated);
  // Beside invented companies a ticker alone is looked up at the simulated SEC.
  const real = companies.filter((company) => !isSimulated(company) && !isNowhere({ ...company, ticker: null }));
  if (invented.length === 0 || real.length === 0) return;
  throw wrongUsage(
    `The list mixes sites elsewhere (${real[0]?.name ?? ''}) with companies of the simulated web (${invented[0]?.name ?? ''}), whose news is invented.`,
    'Give each company its website, or none of them.',
  );
}

/** Companies that an error names. */
const NAMED = 5;

/** Throws wrong usage, with the first companies that are elsewhere or unknown, for a list that cannot have several nights. */
export function requireSimulated(companies: readonly Company[]): void {
  const others = companies.filter((company) => !isSimulated(company)).map(({ name }) => oneLine(name));
  if (others.length === 0) return;
  const named = [...others.slice(0, NAMED), ...(others.length > NAMED ? ['…'] : [])].join(', ');
  throw wrongUsage(
    `--nights needs companies of the simulated web. Not there: ${others.length} of ${companies.length} (${named}).`,
    'Take them off the list, or leave out --nights and run the command every night.',
  );
}

/** Throws wrong usage if sites elsewhere are to be fetched (a list of one web has none beside invented companies) and the fleet does not say whom their owners may ask. */
export function requireContact(companies: readonly Company[], contact: string | undefined): void {
  if (contact !== undefined || companies.some(isSimulated) || companies.every((company) => isNowhere(company))) return;
  throw wrongUsage(
    'The sites of these companies may be fetched only by somebody whom their owners can ask.',
    'Set systems.research.contact in config/dev.json to an https address, or to a name and an e-mail address. A fleet reads it when it starts: if one runs, end it and start it again.',
  );
}
