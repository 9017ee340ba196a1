import { age, count } from '#cli/terminal/format.ts';
import { terminalOutput, type Output } from '#cli/terminal/output.ts';
import { table } from '#cli/terminal/table.ts';
import { wrongUsage } from '#cli/user-error.ts';
import { rulesOf } from '../../portfolios/watched.ts';
import type { PortfolioRecord } from '../../portfolios/record.ts';
import { DEFAULT_RULES } from '../../rules/defaults.ts';
import type { Rule } from '../../rules/rule.ts';
import type { ListOptions } from './add-rules.ts';
import { withPortfolios, type Place } from './place.ts';

/** `fleet rules list`. */
export async function listCommand(options: ListOptions): Promise<void> {
  const output = terminalOutput(options.json ?? false);
  if (options.defaults === true) return printRules(output, options, DEFAULT_RULES);
  await withPortfolios(options, async (place) =>
    options.portfolio === undefined
      ? printPortfolios(output, options, await place.store.list())
      : printPortfolio(output, options, await known(place, options.portfolio), place),
  );
}

async function known({ store }: Place, id: string): Promise<PortfolioRecord> {
  const record = await store.read(id);
  if (record !== null) return record;
  throw wrongUsage(`There is no portfolio ${id}.`, 'See npm run fleet -- rules list.');
}

function printPortfolios(output: Output, { json }: ListOptions, records: readonly PortfolioRecord[]): void {
  if (json === true) return output.json({ portfolios: records });
  if (records.length === 0) return output.line('There is no portfolio. Save one: npm run fleet -- rules set FILE');
  output.line(table(PORTFOLIOS, records.map(portfolioRow), process.stdout.columns));
}

const PORTFOLIOS = [
  { name: 'portfolio' },
  { name: 'version', align: 'right' },
  { name: 'saved' },
  { name: 'by' },
  { name: 'holdings', align: 'right' },
  { name: 'watched', align: 'right' },
  { name: 'own rules', align: 'right' },
  { name: 'name', flexible: true },
] as const;

const portfolioRow = ({ portfolio, version, savedAt, by }: PortfolioRecord): string[] => [
  portfolio.id,
  String(version),
  age(savedAt),
  by,
  String(portfolio.holdings.length),
  String(portfolio.watch.length),
  String(portfolio.rules.length),
  portfolio.name,
];

const SHOWN_VERSIONS = 20;

async function printPortfolio(
  output: Output,
  options: ListOptions,
  record: PortfolioRecord,
  { store }: Place,
): Promise<void> {
  const rules = rulesOf(record.portfolio);
  const versions = await store.history(record.portfolio.id, SHOWN_VERSIONS);
  if (options.json === true) {
    return output.json({
      ...record,
      rules,
      versions: versions.map(({ version, savedAt, by, changes }) => ({ version, savedAt, by, changes })),
    });
  }
  const own = new Set(record.portfolio.rules.map(({ id }) => id));
  printRules(output, options, rules, own);
  output.line();
  output.line(`${count(versions.length, 'version')}, newest first:`);
  const rows = versions.map(({ version, savedAt, by, changes }) => [
    String(version),
    age(savedAt),
    by,
    changes.join('; '),
  ]);
  output.line(table(VERSIONS, rows, process.stdout.columns));
}

const VERSIONS = [
  { name: 'version', align: 'right' },
  { name: 'saved' },
  { name: 'by' },
  { name: 'changes', flexible: true },
] as const;

function printRules(
  output: Output,
  { json }: ListOptions,
  rules: readonly Rule[],
  own: ReadonlySet<string> = new Set(),
): void {
  if (json === true) return output.json({ rules });
  const rows = rules.map(({ id, severity, cause, agent = '', when }) => [
    id,
    own.has(id) ? 'own' : 'default',
    severity,
    cause,
    agent,
    when,
  ]);
  output.line(table(RULES, rows, process.stdout.columns));
}

const RULES = [
  { name: 'rule' },
  { name: 'from' },
  { name: 'severity' },
  { name: 'cause' },
  { name: 'agent' },
  { name: 'when', flexible: true },
] as const;
